import { join } from 'node:path';
import type { AstroIntegration } from 'astro';
import { repository } from '../paths.mjs';
import { answerFrom } from './server.ts';

/** `npm run dev` has the machine and its images where dist/ has them, out of what the set-up made. */
export function machineWhileWriting(): AstroIntegration {
  return {
    name: 'machine-while-writing',
    hooks: {
      'astro:server:setup': ({ server }) => {
        for (const name of ['machine', 'pantry']) {
          const answer = answerFrom({ folder: join(repository, '.cache', name) });
          server.middlewares.use(`/${name}`, (request, response) => {
            answer(request, response);
          });
        }
      },
    },
  };
}
