import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import { keepWorkspace } from './keeper.ts';
import type { KeptFile } from './kept.ts';
import { openStorage, type Storage } from './storage.ts';
import { openWorkspace } from './workspace.ts';

const text = (file: KeptFile | undefined): string | undefined =>
  file?.kind === 'file' ? new TextDecoder().decode(file.bytes) : file?.kind;

const contents = async (storage: Storage, slug: string): Promise<Record<string, unknown>> =>
  Object.fromEntries([...(await storage.files(slug))].map(([path, file]) => [path, text(file)]));

function setUp(storage: Pick<Storage, 'save'>) {
  const workspace = openWorkspace();
  const told: (readonly string[])[] = [];
  const troubles: unknown[] = [];
  const keeper = keepWorkspace(workspace, {
    storage,
    onChange: (paths) => told.push(paths),
    onTrouble: (error) => troubles.push(error),
  });
  return { workspace, keeper, told, troubles };
}

describe('what keeps the workspace', () => {
  it('keeps what was changed under the lab that is open, and tells it', async () => {
    const storage = await openStorage(new IDBFactory(), 'test');
    const { workspace, keeper, told } = setUp(storage);
    keeper.use('one');
    workspace.write('src/a', utf8('a'));
    await keeper.flush();
    workspace.remove('src');
    workspace.write('b', utf8('b'));
    await keeper.flush();
    keeper.use('two');
    workspace.write('c', utf8('c'));
    await keeper.flush();
    expect(await contents(storage, 'one')).toEqual({ b: 'b' });
    expect(await contents(storage, 'two')).toEqual({ c: 'c' });
    expect(told.map((paths) => paths.toSorted())).toEqual([
      ...[['src', 'src/a'], ['b', 'src', 'src/a'], ['c']],
    ]);
  });

  it('keeps it by itself, soon', async () => {
    const storage = await openStorage(new IDBFactory(), 'test');
    const { workspace, keeper } = setUp(storage);
    keeper.use('one');
    workspace.write('a', utf8('a'));
    await expect.poll(() => contents(storage, 'one')).toEqual({ a: 'a' });
  });

  it('keeps nothing while no lab is open, or when it was stopped', async () => {
    const storage = await openStorage(new IDBFactory(), 'test');
    const { workspace, keeper } = setUp(storage);
    workspace.write('a', utf8('a'));
    await keeper.flush();
    keeper.use('one');
    keeper.stop();
    workspace.write('b', utf8('b'));
    await keeper.flush();
    expect(await contents(storage, 'one')).toEqual({});
  });

  it('says once that there is no space, and keeps all of it when there is', async () => {
    const storage = await openStorage(new IDBFactory(), 'test');
    let full = true;
    const { workspace, keeper, troubles } = setUp({
      save: async (slug, changes) => {
        if (full) throw new EngineError('store-full', 'no space left');
        await storage.save(slug, changes);
      },
    });
    keeper.use('one');
    for (const name of ['a', 'b']) {
      workspace.write(name, utf8(name));
      await expect(keeper.flush()).rejects.toMatchObject({ code: 'store-full' });
    }
    expect(troubles).toHaveLength(1);
    full = false;
    workspace.write('a', utf8('newer'));
    await keeper.flush();
    expect(await contents(storage, 'one')).toEqual({ a: 'newer', b: 'b' });
  });
});

describe('storage', () => {
  it('has labs apart, whatever their names begin with', async () => {
    const storage = await openStorage(new IDBFactory(), 'test');
    const link: KeptFile = { kind: 'symlink', target: 'x' };
    await storage.replace('lab', new Map([['a', link]]));
    await storage.replace('lab-2', new Map([['b', link]]));
    await storage.replace('lab', new Map([['c', link]]));
    expect([...(await storage.files('lab')).keys()]).toEqual(['c']);
    expect([...(await storage.files('lab-2')).keys()]).toEqual(['b']);
  });

  it('gives folders before what is in them', async () => {
    const storage = await openStorage(new IDBFactory(), 'test');
    const dir: KeptFile = { kind: 'dir', mode: 0o755 };
    await storage.save('lab', new Map([['b', dir], ['a/b/c', dir], ['a/b', dir], ['a', dir]])); // prettier-ignore
    expect([...(await storage.files('lab')).keys()]).toEqual(['a', 'a/b', 'a/b/c', 'b']);
  });

  it('changes documents one after the other', async () => {
    const storage = await openStorage(new IDBFactory(), 'test');
    const count = (old: unknown): number => (typeof old === 'number' ? old : 0) + 1;
    await Promise.all(Array.from({ length: 10 }, () => storage.update('n', count)));
    expect(await storage.document('n')).toBe(10);
    await expect(
      storage.update('n', () => {
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(await storage.document('n')).toBe(10);
  });
});
