import type { AstroIntegration } from 'astro';
import { ContentError } from './faults.ts';
import { readCurriculum } from './curriculum.ts';

/** A build with a loose end in content/ ends before the first page, and says where each one is. */
export function checkedCurriculum(): AstroIntegration {
  return {
    name: 'curriculum',
    hooks: {
      'astro:build:start': async ({ logger }) => {
        const { lessons, labs, glossary } = await readCurriculum().catch((error: unknown) => {
          if (error instanceof ContentError) logger.error(`\n${error.message}\n`);
          throw error;
        });
        logger.info(`${lessons.length} lessons, ${labs.size} labs, ${glossary.size} terms`);
      },
      // While one writes, what is wrong is said, and the pages that can be shown are.
      'astro:server:setup': ({ server, logger }) => {
        const check = async (): Promise<void> => {
          try {
            await readCurriculum();
          } catch (error) {
            logger.error(error instanceof Error ? `\n${error.message}` : String(error));
          }
        };
        server.watcher.on('change', (file) => {
          if (/[/\\]content[/\\]/.test(file)) void check();
        });
        void check();
      },
    },
  };
}
