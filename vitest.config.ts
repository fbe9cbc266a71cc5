import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { labModules } from './src/curriculum/lab-modules.ts';

/** Minutes each: the last to start would be waited for by a computer that has nothing else to do. */
const LONG = [
  'src/cli/labs/proof-embedded.test.ts',
  'src/cli/labs/proof-embedded.second.test.ts',
  'src/cli/labs/proof-docker.test.ts',
  'src/engine/build/examples.test.ts',
  'src/machine/examples.test.ts',
  'src/machine/examples-compiled.test.ts',
  'src/curriculum/lesson-commands.second.test.ts',
  'e2e/examples-in-browser.test.ts',
  'e2e/newcomer.test.ts',
  'src/curriculum/lesson-commands.test.ts',
  'e2e/site-pages.test.ts',
  'src/adapters/embedded/embedded.test.ts',
  'src/engine/build/differential.test.ts',
  'e2e/workbench.test.ts',
  'src/adapters/docker/engine.test.ts',
  'src/engine/docker/run-in-machine.test.ts',
  'e2e/workbench-ui.test.ts',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place < 0 ? LONG.length : place;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  plugins: [labModules()],
  test: {
    include: ['{src,e2e}/**/*.test.ts'],
    pool: 'forks',
    // Every core: by default vitest leaves one idle, which on a machine with two is half of it.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongFirst },
    testTimeout: 20_000,
  },
});
