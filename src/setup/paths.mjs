// Where things are in the repository.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, whatever the working directory. */
export const repository = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/\\]$/, '');

/** The Node that everything but the set-up runs under, once the set-up has been here.
 * @param {string} [root] */
export const pinnedNode = (root = repository) =>
  join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
