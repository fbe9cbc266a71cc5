import { findChromium, NO_CHROMIUM } from '../../e2e/chromium.ts';
import { hasMachine, NO_MACHINE } from '../testing/machine.ts';
import type { Group } from './group.ts';
import { buildTimes, secondStart, sizesOfDist } from './site-build.ts';
import { pageTimes, pageWeights } from './site-pages.ts';
import { serveSite } from '../setup/site/server.ts';
import { DIST } from '../site-tests/dist.ts';
import { workbenchTimes } from './site-workbench.ts';

/** What a learner waits for, on the site as it is built and served: it is built first, and so is measured. */
export const site: Group = {
  name: 'site',
  about: 'The site in Chromium: pages, the way to a prompt, keys, checks; its build and its size',
  async *measure() {
    if (!hasMachine) throw new Error(NO_MACHINE);
    yield* buildTimes();
    yield* sizesOfDist();
    yield* pageWeights();
    yield* secondStart();
    const program = findChromium();
    if (program === undefined) throw new Error(NO_CHROMIUM);
    const server = await serveSite({ folder: DIST, port: 0 });
    try {
      yield* pageTimes(program, server);
      yield* workbenchTimes(program, server);
    } finally {
      await server.close();
    }
  },
};
