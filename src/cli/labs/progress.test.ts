import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nothingYet, readProgress, stateOf, updateProgress } from './progress.ts';

function home(): string {
  const dir = mkdtempSync(join(tmpdir(), 'semdistro-progress-'));
  onTestFinished(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return join(dir, 'home');
}

describe('progress', () => {
  it('is empty at first, and remembers each lab by itself', async () => {
    const dir = home();
    expect((await readProgress(dir)).size).toBe(0);
    await updateProgress(dir, 'a', (before) => ({ ...before, runs: before.runs + 1 }));
    await updateProgress(dir, 'b', (before) => ({ ...before, hints: ['h'] }));
    await updateProgress(dir, 'a', (before) => ({ ...before, runs: before.runs + 1 }));
    expect(Object.fromEntries(await readProgress(dir))).toEqual({
      a: { runs: 2, hints: [] },
      b: { runs: 0, hints: ['h'] },
    });
  });

  it.each([
    ['nothing', nothingYet, 'new'],
    ['a start', { ...nothingYet, started: 'x' }, 'started'],
    ['a run', { ...nothingYet, runs: 1 }, 'started'],
    ['a pass', { ...nothingYet, passed: 'x' }, 'passed'],
  ] as const)('after %s a lab is %s', (_, progress, state) => {
    expect(stateOf(progress)).toBe(state);
  });

  it.each(['', '{', '[]', '{"schema":2,"labs":{}}', '{"schema":1,"labs":{"a":{"runs":"many"}}}'])(
    'a file that makes no sense counts as none, and is kept beside: %s',
    async (text) => {
      const dir = home();
      mkdirSync(join(dir, 'labs'), { recursive: true });
      writeFileSync(join(dir, 'labs', 'progress.json'), text);
      expect((await readProgress(dir)).size).toBe(0);
      await updateProgress(dir, 'a', (before) => ({ ...before, runs: 1 }));
      expect((await readProgress(dir)).get('a')?.runs).toBe(1);
      const kept = readdirSync(join(dir, 'labs')).find((name) => name.endsWith('.unreadable'));
      expect(readFileSync(join(dir, 'labs', kept ?? ''), 'utf8')).toBe(text);
    },
  );

  it('two that write at once lose nothing of each other', async () => {
    const dir = home();
    const count = (times: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: times }, () =>
          updateProgress(dir, 'a', (before) => ({ ...before, runs: before.runs + 1 })),
        ),
      );
    const worker = join(import.meta.dirname, 'testdata', 'count-runs.ts');
    const child = fork(worker, [dir, '20'], { execArgv: [] });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await count(20);
    expect(await ended).toBe(0);
    expect((await readProgress(dir)).get('a')?.runs).toBe(40);
  });

  it('a process that is killed while it writes leaves what was there, whole', async () => {
    const dir = home();
    await updateProgress(dir, 'a', (before) => ({ ...before, runs: 1 }));
    const worker = join(import.meta.dirname, 'testdata', 'count-runs.ts');
    const child = fork(worker, [dir, '100000'], { execArgv: [] });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    while (((await readProgress(dir)).get('a')?.runs ?? 0) < 5) {
      expect(child.exitCode).toBe(null);
    }
    child.kill('SIGKILL');
    await ended;
    const runs = (await readProgress(dir)).get('a')?.runs ?? 0;
    expect(runs).toBeGreaterThanOrEqual(5);
    await updateProgress(dir, 'a', (before) => ({ ...before, runs: before.runs + 1 }));
    expect((await readProgress(dir)).get('a')?.runs).toBe(runs + 1);
  });
});
