// The step that builds the site.

import { join } from 'node:path';
import { run } from '../child.mjs';
import { pinnedNode } from '../paths.mjs';
import { siteIsBuilt } from './inputs.mjs';

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('../steps.mjs').Step}
 */
export function siteStep(root, env) {
  return {
    title: 'step-site',
    isDone: () => siteIsBuilt(root),
    work: () =>
      run([pinnedNode(root), join(root, 'src', 'setup', 'site', 'build.ts')], {
        cwd: root,
        env: { ...env, ASTRO_TELEMETRY_DISABLED: '1' },
        capture: true,
      }),
  };
}
