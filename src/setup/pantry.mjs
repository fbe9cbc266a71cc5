// The step that builds the base images the page needs.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './child.mjs';
import { pinnedNode } from './paths.mjs';

/** The platform of the machine in the page; others are built on demand. */
const platform = 'linux/386';

/**
 * One hash over everything the images are made from: recipes, the lock of packages, and the code.
 * @param {string} root
 */
export function pantryInputs(root) {
  const hash = createHash('sha256');
  for (const part of ['src/pantry', 'src/engine/tar', 'src/engine/estargz', 'src/engine/layer']) {
    const folder = join(root, part);
    if (!existsSync(folder)) continue;
    const names = /** @type {string[]} */ (readdirSync(folder, { recursive: true }));
    for (const name of names.sort()) {
      if (!/\.(ts|json|ya?ml)$/.test(name) || /\.test\.ts$|testdata/.test(name)) continue;
      hash
        .update(`${part}/${name}\0`)
        .update(readFileSync(join(folder, name)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function pantryStep(root, env) {
  const stamp = join(root, '.cache', 'setup', 'pantry');
  const isDone = () =>
    existsSync(join(root, '.cache', 'pantry')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === pantryInputs(root);
  return {
    title: 'step-pantry',
    quiet: false,
    isDone,
    work: async () => {
      const inputs = pantryInputs(root);
      const main = join(root, 'src', 'cli', 'main.ts');
      const command = ['pantry', 'build', '--platform', platform];
      const ended = await run([pinnedNode(root), main, ...command], { cwd: root, env });
      if (ended.code === 0 && ended.interrupted === undefined) {
        mkdirSync(dirname(stamp), { recursive: true });
        writeFileSync(stamp, inputs);
      }
      return ended;
    },
  };
}
