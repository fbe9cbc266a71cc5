// What the site is made from, and whether dist/ is of that.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of the repository, and what of the set-up its pages tell of. */
const PARTS = [
  ...['astro.config.mjs', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.site.json'],
  ...['content', 'labs', 'public', 'src'],
  ...['.cache/pantry/index.json', '.cache/machine/machine.json'],
];

/** Of src/: what only Node runs, but for what builds the site, and tests. */
const LEFT_OUT =
  /^(?:adapters\/docker|bench|cli|setup(?!\/site\/)|site-tests|testing)(?:\/|$)|(?:^|\/)testdata(?:\/|$)|\.test\.ts$/;

/** Written last, beside what it is of. */
export const STAMP = '.built-from';

/**
 * One hash over everything the site is made from.
 * @param {string} root
 */
export function siteInputs(root) {
  const hash = createHash('sha256');
  for (const name of ['SEMDISTRO_SITE', 'SEMDISTRO_BASE']) {
    hash.update(`${name}=${process.env[name] ?? ''}\0`);
  }
  for (const part of PARTS) {
    const place = join(root, part);
    if (!existsSync(place)) continue;
    const names = statSync(place).isDirectory()
      ? /** @type {string[]} */ (readdirSync(place, { recursive: true }))
          .map((name) => name.replaceAll('\\', '/'))
          .filter((name) => part !== 'src' || !LEFT_OUT.test(name))
          .sort()
      : [''];
    for (const name of names) {
      const file = join(place, name);
      if (statSync(file).isDirectory()) continue;
      hash.update(`${part}/${name}\0`).update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * Whether dist/ is there and made from what is there now.
 * @param {string} root
 */
export function siteIsBuilt(root) {
  try {
    return readFileSync(join(root, 'dist', STAMP), 'utf8') === siteInputs(root);
  } catch {
    return false;
  }
}
