import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,e2e}/**/*.test.ts'],
    pool: 'forks',
    // Every core: by default vitest leaves one idle, which on a machine with two is half of it.
    maxWorkers: availableParallelism(),
    testTimeout: 20_000,
  },
});
