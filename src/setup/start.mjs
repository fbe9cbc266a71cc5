// `npm start`: sets everything up, builds the site where it is not of what is there, and serves it.

import { join } from 'node:path';
import { passSignalsOn, run } from './child.mjs';
import { pinnedNode, repository } from './paths.mjs';
import { setUp } from './setup.mjs';
import { wordsFor } from './words.mjs';

passSignalsOn();
const words = wordsFor(process.env);
let code = await setUp({ site: true });
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
  const served = await run([pinnedNode(), join(repository, 'src', 'setup', 'site', 'serve.ts')]);
  // Whoever interrupts it wanted it to end.
  code = served.interrupted === undefined ? served.code : 0;
}
process.exitCode = code;
