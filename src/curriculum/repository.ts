import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The repository's root. It is looked for upwards, since a build of the site runs this file from a
 * bundle in dist/.
 */
export const REPOSITORY = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'astro.config.mjs'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('this file is not in the repository');
  return rootAbove(above);
}
