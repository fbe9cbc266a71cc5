// The steps `npm ci` and the pinned Node.js.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './child.mjs';
import { pinnedNode } from './paths.mjs';

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Locked */

/**
 * @param {string} file
 * @returns {Locked | undefined} undefined when the file is not there or was cut off
 */
function readLocked(file) {
  try {
    /** @type {unknown} */
    const lock = JSON.parse(readFileSync(file, 'utf8'));
    return /** @type {{ packages: Locked }} */ (lock).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules is what the lock file says. npm writes node_modules/.package-lock.json last,
 * so an `npm ci` that was cut off leaves none.
 * @param {string} root
 */
export function packagesInstalled(root) {
  const wanted = readLocked(join(root, 'package-lock.json'));
  const present = readLocked(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const installed = present[path];
    if (installed === undefined) return optional === true;
    return installed.version === version && installed.integrity === integrity;
  });
}

/**
 * The npm that runs us, by its own Node: the Node in node_modules is about to be replaced.
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
export function npmCommand(env) {
  const script = env['npm_execpath'];
  const node = env['npm_node_execpath'];
  if (script !== undefined && node !== undefined && basename(script) === 'npm-cli.js') {
    if (existsSync(script) && existsSync(node)) return [node, script];
  }
  return ['npm'];
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function packagesStep(root, env) {
  return {
    title: 'step-packages',
    isDone: () => packagesInstalled(root),
    work: () => {
      // Three tries a few seconds apart: npm's own patience keeps a room without Wi-Fi waiting for minutes.
      const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000'];
      const slower = ['--fetch-retry-maxtimeout=5000', '--fetch-timeout=60000'];
      // What an interrupted run has downloaded is in npm's cache, and is not asked for again.
      const command = [...npmCommand(env), 'ci', '--prefer-offline', ...patience, ...slower];
      return run(/** @type {[string, ...string[]]} */ (command), { cwd: root, env, capture: true });
    },
  };
}

/**
 * The package `node` fetches the program itself in an install script, which some npm versions and
 * settings (`ignore-scripts`) do not run: then this step runs it.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function nodeStep(root, env) {
  const folder = join(root, 'node_modules', 'node');
  return {
    title: 'step-node',
    isDone: () => nodeAnswers(root),
    work: async () => {
      const script = join(folder, 'installArchSpecificPackage.js');
      const ended = await run([env['npm_node_execpath'] ?? process.execPath, script], {
        cwd: folder,
        env: { ...env, npm_config_ignore_scripts: 'false' },
        capture: true,
      });
      linkNode(root);
      return ended;
    },
  };
}

/** @param {string} root */
function linkNode(root) {
  const link = join(root, 'node_modules', '.bin', 'node');
  if (process.platform === 'win32' || existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join('..', 'node', 'bin', 'node'), link);
}

/** @param {string} root */
function nodeAnswers(root) {
  const installed = readLocked(join(root, 'node_modules', '.package-lock.json'));
  const wanted = installed?.['node_modules/node']?.version;
  try {
    const answer = execFileSync(pinnedNode(root), ['--version'], { encoding: 'utf8' });
    return answer.trim() === `v${wanted ?? ''}`;
  } catch {
    return false;
  }
}
