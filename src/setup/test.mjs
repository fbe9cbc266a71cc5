// `npm test`: sets up, then format, lint, types and all suites; the last line of stdout is the sum.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { passSignalsOn, run, signalCode } from './child.mjs';
import { findDocker } from './find-docker.mjs';
import { pinnedNode, repository } from './paths.mjs';
import { setUp } from './setup.mjs';
import { addUp, reasonLines, sumLine } from './sum.mjs';
import { wordsFor } from './words.mjs';

passSignalsOn();
const words = wordsFor(process.env);

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** Each counts as one test.
 * @type {readonly (readonly [string, string, ...string[]])[]} */
const checks = [
  ['format', 'prettier/bin/prettier.cjs', '--check', '.'],
  ['types', 'typescript/bin/tsc'],
  ['types of the site', 'typescript/bin/tsc', '-p', 'tsconfig.site.json'],
  ['types of the pages', 'astro/bin/astro.mjs', 'check', '--tsconfig', 'tsconfig.site.json'],
  ['lint', 'eslint/bin/eslint.js', '--max-warnings', '0', '.'],
];

/**
 * The Docker to compare with, in the environment as the tests look for it.
 * @returns {Promise<{ env: NodeJS.ProcessEnv, sum: import('./sum.mjs').Sum }>}
 */
async function dockerEnvironment() {
  const without = { ...process.env, SEMDISTRO_TEST_DOCKER: undefined };
  const found = await findDocker(process.env);
  if (found?.buildkit === true) {
    say(words('docker-found', { name: found.name, host: found.host }));
    const env = { ...without, SEMDISTRO_TEST_DOCKER: found.host };
    return { env, sum: { passed: 0, failed: 0, skipped: [] } };
  }
  const required = process.env['SEMDISTRO_TEST_DOCKER_REQUIRED'] === '1';
  if (found !== undefined) say(words('docker-no-buildkit', { name: found.name, host: found.host }));
  else say(words(required ? 'docker-required' : 'docker-absent'));
  return { env: without, sum: { passed: 0, failed: required ? 1 : 0, skipped: [] } };
}

/**
 * @param {readonly [string, string, ...string[]]} check
 * @returns {Promise<import('./sum.mjs').Sum>}
 */
async function runCheck([name, script, ...args]) {
  const program = join(repository, 'node_modules', script);
  const { code, output, interrupted } = await run([pinnedNode(), program, ...args], {
    cwd: repository,
    capture: true,
  });
  if (interrupted !== undefined) process.exit(signalCode(interrupted));
  say(`${name}: ${code === 0 ? 'ok' : 'FAILED'}`);
  if (code !== 0) process.stdout.write(output);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./sum.mjs').Sum>}
 */
async function runSuites(env) {
  const file = join(repository, '.cache', 'test', `sum-${process.pid}.json`);
  mkdirSync(join(file, '..'), { recursive: true });
  const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = [
    '--reporter=default',
    `--reporter=${join(repository, 'src/setup/sum-reporter.mjs')}`,
  ];
  const { code, interrupted } = await run([pinnedNode(), vitest, 'run', ...reporters], {
    cwd: repository,
    env: { ...env, SEMDISTRO_TEST_SUM: file },
  });
  if (interrupted !== undefined) process.exit(signalCode(interrupted));
  try {
    /** @type {unknown} */
    const parsed = JSON.parse(readFileSync(file, 'utf8'));
    const sum = /** @type {import('./sum.mjs').Sum} */ (parsed);
    // A run that failed without a failed test (a worker that crashed) is a failure all the same.
    return code !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum;
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(file, { force: true });
  }
}

const code = await setUp({ site: true });
if (code !== 0) process.exit(code);
const docker = await dockerEnvironment();
const checked = await Promise.all(checks.map(runCheck));
const sum = addUp([docker.sum, ...checked, await runSuites(docker.env)]);
for (const line of reasonLines(sum.skipped, words)) say(line);
say(sumLine(sum));
process.exitCode = sum.failed === 0 ? 0 : 1;
