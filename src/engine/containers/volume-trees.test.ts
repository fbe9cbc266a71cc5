import { afterEach, describe, expect, test, vi } from 'vitest';
import { dir, file, hardlink } from '../../testing/entries.ts';
import { emptyEngine } from '../../testing/images.ts';
import { fakeHost } from '../../testing/process-host.ts';
import { shown, stack } from '../../testing/trees.ts';
import type { Engine } from '../engine.ts';
import { collectGarbage } from '../images/garbage.ts';
import type { Entry } from '../layer/entry.ts';
import { changeVolume, fillVolume, holdVolume, volumeSize, volumeView } from './volume-trees.ts';
import { createVolume, findVolume } from './volumes.ts';

const { host } = fakeHost();

afterEach(() => {
  vi.useRealTimers();
});

async function withVolume(entries: readonly Entry[] = []): Promise<Engine> {
  const engine = emptyEngine();
  await createVolume(engine, { name: 'data' });
  if (entries.length > 0) await changeVolume(engine, 'data', () => entries);
  return engine;
}

async function content(engine: Engine): Promise<string> {
  return shown(await volumeView(engine, 'data'));
}

describe('a volume in use', () => {
  test('is one tree for everybody, saved when the last one lets go', async () => {
    const engine = await withVolume([file('old')]);
    const one = await holdVolume(engine, host, 'data');
    const other = await holdVolume(engine, host, 'data');
    expect(other.tree).toBe(one.tree);
    await one.tree.apply([file('new', 'x')]);
    await one.release();
    const before = (await findVolume(engine, 'data'))?.content;
    await other.release();
    expect((await findVolume(engine, 'data'))?.content).not.toBe(before);
    expect(await content(engine)).toBe('new old');
    const again = await holdVolume(engine, host, 'data');
    expect(shown(await again.tree.view())).toBe('new old');
    await again.release();
  });

  test('is not saved again when nothing was written', async () => {
    const engine = await withVolume([file('old')]);
    const before = await findVolume(engine, 'data');
    const held = await holdVolume(engine, host, 'data');
    await held.release();
    expect((await findVolume(engine, 'data'))?.content).toBe(before?.content);
  });

  test('shows at once what is put into it from outside', async () => {
    const engine = await withVolume();
    const held = await holdVolume(engine, host, 'data');
    await changeVolume(engine, 'data', () => [file('put')]);
    expect(shown(await held.tree.view())).toBe('put');
    expect(await content(engine)).toBe('put');
    await held.release();
  });

  test('is saved every few seconds, and still reads what it was opened from', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const engine = await withVolume([file('old', 'text')]);
    const opened = (await findVolume(engine, 'data'))?.content;
    if (!opened) throw new Error('it was saved');
    const held = await holdVolume(engine, host, 'data');
    await held.tree.apply([file('new')]);
    await vi.advanceTimersByTimeAsync(5000);
    await vi.waitFor(async () => {
      expect((await findVolume(engine, 'data'))?.content).not.toBe(opened);
    });
    await collectGarbage(engine);
    expect(await engine.store.blobs.open(opened)).toBeDefined();
    await held.release();
    await collectGarbage(engine);
    expect(await engine.store.blobs.open(opened)).toBeUndefined();
    expect(await content(engine)).toBe('new old');
  });

  test('is refused to another process, and free when it is let go', async () => {
    const engine = await withVolume();
    const other: Engine = { ...engine };
    const held = await holdVolume(engine, host, 'data');
    await expect(holdVolume(other, host, 'data')).rejects.toMatchObject({
      code: 'volume-busy',
      message: 'volume data is in use by another process',
    });
    await held.release();
    await (await holdVolume(other, host, 'data')).release();
  });

  test('that is not there is said not to be', async () => {
    await expect(holdVolume(emptyEngine(), host, 'nope')).rejects.toMatchObject({
      code: 'volume-unknown',
      message: 'get nope: no such volume',
    });
  });
});

describe('a volume over a directory of an image', () => {
  const image = stack([
    dir('srv', { mode: 0o700, uid: 7, gid: 8 }),
    file('srv/a', 'text'),
    hardlink('srv/b', 'srv/a'),
    file('file'),
  ]);

  test('gets its content, owner and mode when it has nothing', async () => {
    const engine = await withVolume();
    await fillVolume(engine, 'data', image, '/srv');
    const view = await volumeView(engine, 'data');
    expect(shown(view)).toBe('a b');
    expect(view.get('a')?.inode).toBe(view.get('b')?.inode);
    expect(view.get('')?.entry).toMatchObject({ mode: 0o700, uid: 7, gid: 8 });
    expect(await volumeSize(engine, 'data')).toBe(4);
  });

  test.each([
    ['stays as it is when it has something', '/srv', 'mine'],
    ['has nothing of a directory that is not there', '/nope', ''],
    ['has nothing of a file', '/file', ''],
  ])('%s', async (_, path, expected) => {
    const engine = await withVolume(expected === '' ? [] : [file(expected)]);
    await fillVolume(engine, 'data', image, path);
    expect(await content(engine)).toBe(expected);
  });
});

test.each([
  ['a', /^create a: volume name is too short/],
  ['a b', /^create a b: "a b" includes invalid characters/],
  ['.x', /includes invalid characters/],
  ['x/y', /includes invalid characters/],
])('the volume name %s is refused', async (name, message) => {
  const refused = createVolume(emptyEngine(), { name });
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toMatchObject({ code: 'volume-name-invalid' });
});

test('a volume that is there already keeps its labels', async () => {
  const engine = emptyEngine();
  await createVolume(engine, { name: 'ab.c-d_1', labels: { a: '1' } });
  expect(await createVolume(engine, { name: 'ab.c-d_1', labels: { a: '2' } })).toMatchObject({
    labels: { a: '1' },
  });
});
