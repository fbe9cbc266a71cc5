import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['src/components', 'src/layouts', 'src/pages', 'content'];
/** An address from the server's root: as an attribute, or as Markdown's link. */
const FROM_ROOT = /(?:\b(?:href|src|action|poster)=["'`{]+|\]\()\/(?!\/)/g;

/**
 * A site may live below a base path: `href` and `withBase` of src/i18n know it, and whoever writes an
 * address down does not.
 */
it('no page writes an address from the root', async () => {
  const found: string[] = [];
  for (const folder of FOLDERS) {
    const files = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
    for (const { parentPath, name } of files.filter((file) => file.isFile())) {
      if (!/\.(?:astro|ts|mdx|yaml)$/.test(name)) continue;
      const text = await readFile(join(parentPath, name), 'utf8');
      for (const { index } of text.matchAll(FROM_ROOT)) {
        const line = text.slice(0, index).split('\n').length;
        found.push(`${join(parentPath, name).slice(ROOT.length + 1)}:${String(line)}`);
      }
    }
  }
  expect(found).toEqual([]);
});
