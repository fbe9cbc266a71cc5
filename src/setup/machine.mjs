// The step that boots the machine once and saves it.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './child.mjs';
import { pinnedNode } from './paths.mjs';

/** What the machine is made from: the code that makes it with its lock, the guest's programs, the emulator's hardware. */
const parts = ['src/pantry/machine', 'src/machine/guest', 'src/machine/emulator/options.ts'];

/**
 * One hash over everything the machine is made from.
 * @param {string} root
 */
export function machineInputs(root) {
  const hash = createHash('sha256');
  for (const part of parts) {
    const place = join(root, part);
    if (!existsSync(place)) continue;
    const names = statSync(place).isDirectory()
      ? /** @type {string[]} */ (readdirSync(place, { recursive: true })).sort()
      : [''];
    for (const name of names) {
      const file = join(place, name);
      if (/\.test\.ts$|\.md$/.test(name) || statSync(file).isDirectory()) continue;
      hash.update(`${part}/${name}\0`).update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * The snapshot that the machine's record names.
 * @param {string} folder
 */
function snapshotIsThere(folder) {
  try {
    /** @type {unknown} */
    const record = JSON.parse(readFileSync(join(folder, 'machine.json'), 'utf8'));
    const { snapshot, size } = /** @type {{ snapshot: string, size: number }} */ (record);
    return statSync(join(folder, snapshot)).size === size;
  } catch {
    return false;
  }
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function machineStep(root, env) {
  const stamp = join(root, '.cache', 'setup', 'machine');
  const isDone = () =>
    snapshotIsThere(join(root, '.cache', 'machine')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === machineInputs(root);
  return {
    title: 'step-machine',
    quiet: false,
    isDone,
    work: async () => {
      const inputs = machineInputs(root);
      const main = join(root, 'src', 'cli', 'main.ts');
      const ended = await run([pinnedNode(root), main, 'machine', 'build'], { cwd: root, env });
      if (ended.code === 0 && ended.interrupted === undefined) {
        mkdirSync(dirname(stamp), { recursive: true });
        writeFileSync(stamp, inputs);
      }
      return ended;
    },
  };
}
