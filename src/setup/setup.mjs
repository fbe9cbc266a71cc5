#!/usr/bin/env node
// Makes a bare checkout ready: `npm run setup`, and the first part of `npm start` and `npm test`.
// Plain JavaScript without dependencies: it is what installs them, under whichever Node is there.

import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { passSignalsOn } from './child.mjs';
import { machineStep } from './machine.mjs';
import { nodeStep, packagesStep } from './packages.mjs';
import { pantryStep } from './pantry.mjs';
import { repository } from './paths.mjs';
import { siteStep } from './site/step.mjs';
import { runSteps } from './steps.mjs';
import { wordsFor } from './words.mjs';

/**
 * @param {object} [options]
 * @param {boolean} [options.images] false leaves the base images and the machine out
 * @param {boolean} [options.site] true builds the site, too
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<number>} exit code
 */
export async function setUp({ images = true, site = false, env = process.env } = {}) {
  const steps = [packagesStep(repository, env), nodeStep(repository, env)];
  if (images) steps.push(pantryStep(repository, env), machineStep(repository, env));
  if (site) steps.push(siteStep(repository, env));
  return runSteps(steps, process.stderr, wordsFor(env));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  passSignalsOn();
  process.exitCode = await setUp({ images: !argv.includes('--no-images') });
}
