// The last part of `npm start`: serves dist/ until it is interrupted.

import { join } from 'node:path';
import { repository } from '../paths.mjs';
import { wordsFor } from '../words.mjs';
import { serveSite } from './server.ts';

const words = wordsFor(process.env);
const base = process.env['SEMDISTRO_BASE'] ?? '/';
const server = await serveSite({
  ...{ folder: join(repository, 'dist'), base },
  port: Number(process.env['PORT'] ?? 4321),
});
process.stdout.write(`  ${words('site-at', { address: `${server.origin}${base}` })}\n\n`);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void server.close());
}
