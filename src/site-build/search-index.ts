import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { close, createIndex } from 'pagefind';

/**
 * Indexes the built pages for the site's search: Pagefind's own program, one index per language, in
 * `pagefind/` of the output. Pages have `data-pagefind-body` where they are to be found.
 */
export function searchIndex(): AstroIntegration {
  return {
    name: 'search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const pages = await indexPages(fileURLToPath(dir));
        logger.info(`${String(pages)} pages can be found`);
      },
    },
  };
}

/** Pagefind's own user interfaces, which the site's search page does without. */
const UNUSED = /^pagefind-(?:ui|modular-ui|component-ui|highlight)\./;

async function indexPages(directory: string): Promise<number> {
  try {
    const { errors, index } = await createIndex();
    if (index === undefined) throw new Error(`pagefind: ${errors.join('; ')}`);
    const added = await index.addDirectory({ path: directory });
    const outputPath = join(directory, 'pagefind');
    const written = await index.writeFiles({ outputPath });
    const wrong = [...added.errors, ...written.errors];
    if (wrong.length > 0) throw new Error(`pagefind: ${wrong.join('; ')}`);
    const unused = (await readdir(outputPath)).filter((name) => UNUSED.test(name));
    await Promise.all(unused.map((name) => rm(join(outputPath, name))));
    return added.page_count;
  } finally {
    await close();
  }
}
