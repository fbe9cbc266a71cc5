import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The built site, for the tests of what a reader gets. */
export const DIST = join(import.meta.dirname, '../../dist');

/** Tests of it are left out where it is not built; printed beside them. */
export const NO_DIST = 'needs dist/ (npm run build)';

export function isBuilt(): boolean {
  return existsSync(join(DIST, 'index.html'));
}

/** Paths of all files below dist/ that end so, sorted; the images and the machine are not the site's. */
export async function filesOf(ending: string): Promise<readonly string[]> {
  const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(DIST, join(entry.parentPath, entry.name)))
    .filter((path) => !/^(pantry|machine|pagefind)\//.test(path))
    .sort();
}

/** The address of a page: `licoes/index.html` is at `/licoes/`. */
export function addressOf(file: string): string {
  return `/${file.replace(/(^|\/)index\.html$/, '$1')}`;
}
