import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '../files/storage.ts';
import { keptProgress, type KeptProgress, merged, noProgress } from './progress.ts';

let storage: Storage;
let progress: KeptProgress;
let clock = Date.UTC(2026, 0, 1);

beforeEach(async () => {
  storage = await openStorage(new IDBFactory(), 'test');
  progress = keptProgress(storage, () => new Date((clock += 1000)));
});

describe('progress', () => {
  it('begins as nothing', async () => {
    expect(await progress.read()).toEqual({ lessons: [], labs: {}, answers: [] });
  });

  it('keeps lessons, answers and labs, each once', async () => {
    await progress.note({ lesson: 'history' });
    await progress.note({ lesson: 'history' });
    await progress.note({ answer: 'history/scratch' });
    await progress.noteLab('go-static', 'started');
    await progress.noteLab('go-static', 'passed');
    // Opened once more: it stays passed, since when it was.
    const { labs } = await progress.read();
    await progress.noteLab('go-static', 'started');
    await progress.noteLab('go-static', 'passed');
    expect(await progress.read()).toEqual({
      ...{ lessons: ['history'], answers: ['history/scratch'], labs },
    });
    expect(labs['go-static']?.state).toBe('passed');
  });

  it('goes into a file and comes back, beside what is there', async () => {
    await progress.note({ lesson: 'python' });
    await progress.noteLab('python', 'passed');
    const file = await progress.export();
    const elsewhere = keptProgress(await openStorage(new IDBFactory(), 'b'), () => new Date(0));
    await elsewhere.note({ lesson: 'history' });
    const both = await elsewhere.import(file);
    expect(both.lessons).toEqual(['history', 'python']);
    expect(both.labs['python']?.state).toBe('passed');
    expect(await elsewhere.read()).toEqual(both);
  });

  it.each([
    ['no JSON', '{'],
    ['another file', '{"name":"semdistro"}'],
    ['a newer one', '{"schema":2,"lessons":[],"labs":{},"answers":[]}'],
    ['a lab in no state', '{"schema":1,"lessons":[],"labs":{"a":{"state":"x"}},"answers":[]}'],
    [
      'a lab at no time',
      '{"schema":1,"lessons":[],"labs":{"a":{"state":"passed","at":"x"}},"answers":[]}',
    ],
    [
      'a step in no state',
      '{"schema":1,"lessons":[],"labs":{"a":{"state":"started","at":"2026-01-01T00:00:00Z","steps":{"b":{"at":"2026-01-01T00:00:00Z"}}}},"answers":[]}',
    ],
    ['names that are none', '{"schema":1,"lessons":[1],"labs":{},"answers":[]}'],
    ['too much', `"${'x'.repeat(2_000_000)}"`],
  ])('does not take %s', async (_, text) => {
    await progress.note({ lesson: 'history' });
    await expect(progress.import(text)).rejects.toMatchObject({ code: 'progress-invalid' });
    expect((await progress.read()).lessons).toEqual(['history']);
  });

  it('that makes no sense counts as nothing', async () => {
    await storage.update('progress', () => 'nonsense');
    expect(await progress.read()).toEqual(noProgress);
    await progress.note({ lesson: 'history' });
    expect((await progress.read()).lessons).toEqual(['history']);
  });

  it('has the steps of a live lab, and keeps them in a file', async () => {
    await progress.noteLab('debug-com-busybox', 'started');
    const found = { 'pt-BR': 'visto', en: 'seen' };
    const at = '2026-01-01T00:00:00Z';
    const steps = {
      target: { state: 'done', at, found },
      denied: { state: 'skipped', at, note: 'AppArmor' },
    } as const;
    await progress.noteSteps('debug-com-busybox', steps);
    await progress.noteLab('debug-com-busybox', 'passed');
    const elsewhere = keptProgress(await openStorage(new IDBFactory(), 'c'), () => new Date(0));
    const { labs } = await elsewhere.import(await progress.export());
    expect(labs['debug-com-busybox']).toMatchObject({ state: 'passed', steps });
  });

  it('of two is the better of each lab', () => {
    const [early, late] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
    const a = { ...noProgress, labs: { x: { state: 'started', at: early } } } as const;
    const b = { ...noProgress, labs: { x: { state: 'passed', at: late } } } as const;
    expect(merged(a, b)).toEqual(merged(b, a));
    expect(merged(a, b).labs['x']).toEqual({ state: 'passed', at: late });
  });
});
