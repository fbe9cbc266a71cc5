import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pinnedNode, repository } from './paths.mjs';
import { addUp, reasonLines, sumLine } from './sum.mjs';
import { wordsFor } from './words.mjs';

describe('the sum', () => {
  const skipped = [
    { test: 'a > one', reason: 'no Docker' },
    { test: 'a > two', reason: 'no Docker' },
    { test: 'b > three', reason: undefined },
  ];

  it('adds suites up on one line', () => {
    const sum = addUp([
      { passed: 3, failed: 0, skipped },
      { passed: 1, failed: 2, skipped: [] },
    ]);
    expect(sumLine(sum)).toBe('4 passed, 2 failed, 3 skipped');
  });

  it('gives every reason once, and names a test that has none', () => {
    expect(reasonLines(skipped, wordsFor({}))).toEqual([
      'skipped 2: no Docker',
      'skipped 1: no reason given: b > three',
    ]);
  });
});

describe('what vitest reports', () => {
  mkdirSync(join(repository, '.cache', 'test'), { recursive: true });
  // Inside the repository: there vitest is found.
  const folder = mkdtempSync(join(repository, '.cache', 'test', 'reporter-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is counted: passed, failed, skipped with reasons, and files that do not even start', () => {
    const test = (name: string, text: string): void => {
      writeFileSync(
        join(folder, `${name}.test.mjs`),
        `import { describe, it } from 'vitest';\n${text}`,
      );
    };
    test(
      'some',
      `it('passes', () => {});
       it('fails', () => { throw new Error('on purpose'); });
       it('is left out', ({ skip }) => skip('no moon'));
       describe.skip('as a whole (needs a moon (full))', () => { it('one', () => {}); });
       describe('group', () => { it.skip('without a reason', () => {}); it.todo('later'); });`,
    );
    // Or vitest would take the repository's.
    writeFileSync(join(folder, 'vitest.config.mjs'), 'export default {};');
    test('broken', "import './nowhere.mjs';");
    const file = join(folder, 'sum.json');
    const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
    const reporter = join(repository, 'src', 'setup', 'sum-reporter.mjs');
    const options = ['run', `--root=${folder}`, `--reporter=${reporter}`];
    spawnSync(pinnedNode(), [vitest, ...options], {
      env: { ...process.env, SEMDISTRO_TEST_SUM: file },
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      passed: 1,
      failed: 2,
      skipped: [
        { test: 'some.test.mjs > is left out', reason: 'no moon' },
        {
          test: 'some.test.mjs > as a whole (needs a moon (full)) > one',
          reason: 'needs a moon (full)',
        },
        { test: 'some.test.mjs > group > without a reason' },
        { test: 'some.test.mjs > group > later' },
      ],
    });
  });
});
