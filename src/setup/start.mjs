// `npm start`: sets everything up and says how to go on.

import { passSignalsOn } from './child.mjs';
import { setUp } from './setup.mjs';
import { wordsFor } from './words.mjs';

passSignalsOn();
const words = wordsFor(process.env);
const code = await setUp();
if (code === 0) {
  process.stdout.write(
    [
      '',
      words('ready-title'),
      '',
      `  ${words('ready-intro')}`,
      '',
      '    npx semdistro docker pull gcr.io/distroless/static',
      '    npx semdistro docker build -t hello .',
      '    npx semdistro docker history hello',
      '',
      `  ${words('ready-help')} npx semdistro --help`,
      '',
      '',
    ].join('\n'),
  );
}
process.exitCode = code;
