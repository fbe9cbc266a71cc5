import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { treeOptions, writableOver } from '../../testing/writable.ts';
import { collect, utf8 } from '../../engine/bytes.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import { type CowTree, writableTree } from './cow-tree.ts';
import { type FileNode, FORMAT, type NewNode } from './node.ts';

const LOWER: readonly Entry[] = [
  dir('a', { mtime: 5 }),
  file('a/one', 'one', { mode: 0o644, uid: 1, gid: 2, mtime: 5.25 }),
  file('a/two', 'two', { mtime: 5 }),
  dir('a/sub', { mtime: 5 }),
  file('a/sub/deep', 'deep'),
  dir('b'),
  file('b/x', 'linked'),
  hardlink('b/y', 'b/x'),
  symlink('l', 'a/one'),
];

/** `dir a file a/one=text …`: what a layer says, without owners and times. */
async function said(entries: readonly Entry[]): Promise<string> {
  const words = entries.map(async ({ type, path, target, content }) => {
    const text = content ? `=${new TextDecoder().decode(await collect(content.stream()))}` : '';
    return `${type} ${path}${target === undefined ? '' : `->${target}`}${text}`;
  });
  return (await Promise.all(words)).join(', ');
}

/** A tree as whoever uses it in a guest sees it: by paths. */
function user(tree: CowTree) {
  const at = async (path: string): Promise<FileNode> => {
    let node = tree.root;
    for (const name of path === '' ? [] : path.split('/')) {
      const child = await node.lookup(name);
      if (!child) throw new Error(`no ${path}`);
      node = child;
    }
    return node;
  };
  const split = async (path: string): Promise<[FileNode, string]> => {
    const slash = path.lastIndexOf('/');
    return [await at(path.slice(0, Math.max(slash, 0))), path.slice(slash + 1)];
  };
  const make = async (path: string, made: Partial<NewNode>): Promise<FileNode> => {
    const [parent, name] = await split(path);
    return parent.create(name, { format: FORMAT.file, mode: 0o644, uid: 0, gid: 0, ...made });
  };
  const write = async (node: FileNode, text: string, offset = 0): Promise<void> => {
    const opened = await node.open({ write: true, truncate: false });
    await opened.write(offset, utf8(text));
    await opened.close();
  };
  return {
    at,
    make,
    write: async (path: string, text: string, offset = 0) => write(await at(path), text, offset),
    create: async (path: string, text = '') => write(await make(path, {}), text),
    mkdir: async (path: string) => make(path, { format: FORMAT.directory, mode: 0o755 }),
    async remove(path: string) {
      const [parent, name] = await split(path);
      const node = await parent.lookup(name);
      await parent.unlink(name, node?.format === FORMAT.directory);
    },
    async rename(from: string, to: string) {
      const [parent, name] = await split(from);
      const [target, newName] = await split(to);
      await parent.rename(name, target, newName);
    },
    async link(from: string, to: string) {
      const [parent, name] = await split(to);
      await parent.link(name, await at(from));
    },
    async read(path: string) {
      const opened = await (await at(path)).open({ write: false, truncate: false });
      const into = new Uint8Array(100);
      const length = await opened.read(0, into);
      await opened.close();
      return new TextDecoder().decode(into.subarray(0, length));
    },
  };
}

type User = ReturnType<typeof user>;

describe('changes, as a layer', () => {
  test.each<[string, (u: User) => Promise<unknown>, string]>([
    ['of nothing', async () => undefined, ''],
    ['of looking around', async (u) => [await u.read('a/one'), await u.at('a/sub/deep')], ''],
    ['a file made', (u) => u.create('a/new', 'text'), 'dir a, file a/new=text'],
    ['deep below', (u) => u.create('a/sub/new'), 'dir a/sub, file a/sub/new='],
    ['a file of the root', (u) => u.create('new', 'x'), 'file new=x'],
    ['a file removed', (u) => u.remove('a/one'), 'dir a, whiteout a/one'],
    [
      'a file made and removed',
      async (u) => {
        await u.create('a/new', 'text');
        await u.remove('a/new');
      },
      'dir a',
    ],
    ['a part overwritten', (u) => u.write('a/one', 'O'), 'file a/one=One'],
    ['appended to', (u) => u.write('a/one', ' more', 3), 'file a/one=one more'],
    ['cut', async (u) => (await u.at('a/one')).change({ size: 1 }), 'file a/one=o'],
    [
      'cut and grown',
      async (u) => {
        await (await u.at('a/one')).change({ size: 1 });
        await (await u.at('a/one')).change({ size: 3 });
      },
      'file a/one=o\0\0',
    ],
    ['mode', async (u) => (await u.at('a/one')).change({ mode: 0o600 }), 'file a/one=one'],
    [
      "the same mode: but the kernel's copy-up would be the same file",
      async (u) => (await u.at('a/one')).change({ mode: 0o644 }),
      '',
    ],
    ['owner of a directory', async (u) => (await u.at('a/sub')).change({ uid: 3 }), 'dir a/sub'],
    [
      'time',
      async (u) => (await u.at('a/one')).change({ mtime: { seconds: 9, nanoseconds: 0 } }),
      'file a/one=one',
    ],
    ['access time', async (u) => (await u.at('a/one')).change({ atime: 'now' }), ''],
    [
      'an attribute',
      async (u) => (await u.at('a/one')).setXattr('user.a', utf8('x'), 'any'),
      'file a/one=one',
    ],
    [
      'an attribute set and removed',
      async (u) => {
        await (await u.at('a/one')).setXattr('user.a', utf8('x'), 'any');
        await (await u.at('a/one')).setXattr('user.a', undefined, 'any');
      },
      '',
    ],
    [
      'opened to write, nothing written',
      async (u) => (await (await u.at('a/one')).open({ write: true, truncate: false })).close(),
      '',
    ],
    [
      'a file renamed',
      (u) => u.rename('a/one', 'b/uno'),
      'dir a, whiteout a/one, dir b, file b/uno=one',
    ],
    [
      'a file renamed over another',
      (u) => u.rename('a/one', 'a/two'),
      'dir a, whiteout a/one, file a/two=one',
    ],
    [
      'a directory renamed',
      (u) => u.rename('a/sub', 'c'),
      'dir a, whiteout a/sub, dir c, file c/deep=deep',
    ],
    [
      'a directory renamed and back',
      async (u) => {
        await u.rename('a/sub', 'c');
        await u.rename('c', 'a/sub');
      },
      'dir a',
    ],
    [
      'a directory removed',
      async (u) => {
        await u.remove('a/sub/deep');
        await u.remove('a/sub');
      },
      'dir a, whiteout a/sub',
    ],
    [
      'a directory removed and made again',
      async (u) => {
        await u.remove('a/sub/deep');
        await u.remove('a/sub');
        await u.mkdir('a/sub');
        await u.create('a/sub/new');
      },
      'dir a, dir a/sub, opaque a/sub, file a/sub/new=',
    ],
    [
      'a file in place of a directory',
      async (u) => {
        await u.remove('a/sub/deep');
        await u.remove('a/sub');
        await u.create('a/sub', 'file');
      },
      'dir a, file a/sub=file',
    ],
    [
      'a directory in place of a file',
      async (u) => {
        await u.remove('a/one');
        await u.mkdir('a/one');
      },
      'dir a, dir a/one',
    ],
    [
      'a hard link made',
      (u) => u.link('a/one', 'b/uno'),
      'file a/one=one, dir b, hardlink b/uno->a/one',
    ],
    [
      'hard links of a new file',
      async (u) => {
        await u.create('b/new', 'text');
        await u.link('b/new', 'a/new');
      },
      'dir a, file a/new=text, dir b, hardlink b/new->a/new',
    ],
    [
      'a hard link below, written to by one name',
      (u) => u.write('b/y', 'L'),
      'file b/x=Linked, hardlink b/y->b/x',
    ],
    ['a hard link below, one name removed', (u) => u.remove('b/x'), 'dir b, whiteout b/x'],
    [
      'a hard link below, one name moved',
      (u) => u.rename('b/y', 'z'),
      'dir b, whiteout b/y, file b/x=linked, hardlink z->b/x',
    ],
    [
      'a symlink replaced',
      async (u) => {
        await u.remove('l');
        await u.make('l', { format: FORMAT.symlink, mode: 0o777, target: 'b' });
      },
      'symlink l->b',
    ],
    [
      'a device',
      (u) => u.make('n', { format: FORMAT.character, device: { major: 1, minor: 3 } }),
      'char n',
    ],
    [
      'a whiteout of overlayfs is a device here',
      (u) => u.make('n', { format: FORMAT.character, device: { major: 0, minor: 0 } }),
      'char n',
    ],
    ['a socket is left out', (u) => u.make('s', { format: FORMAT.socket }), ''],
    [
      'a socket in place of a file',
      async (u) => {
        await u.remove('l');
        await u.make('l', { format: FORMAT.socket });
      },
      'whiteout l',
    ],
    ['the root\u2019s mode', async (u) => (await u.at('')).change({ mode: 0o700 }), 'dir '],
  ])('%s', async (_, act, expected) => {
    const tree = writableOver(LOWER);
    await act(user(tree));
    const changes = await tree.changes();
    expect(await said(changes)).toBe(expected);
    // Put on the same tree again they are the same changes.
    const again = writableOver(LOWER, changes);
    expect(await said(await again.changes())).toBe(expected);
    expect([...(await again.view()).walk()].map(({ entry }) => entry.path)).toEqual(
      [...(await tree.view()).walk()].map(({ entry }) => entry.path),
    );
  });

  test('contents that are not changed are passed on, not read', async () => {
    let reads = 0;
    const content = {
      size: 3,
      read: async () => {
        reads += 1;
        return utf8('abc');
      },
      stream: () => {
        throw new Error('read from below');
      },
    };
    const lower = emptyTree.apply([{ ...file('f', ''), size: 3, content }]);
    const tree = writableTree(lower, [], treeOptions());
    await (await user(tree).at('f')).change({ uid: 5 });
    await user(tree).rename('f', 'g');
    const [, moved] = await tree.changes();
    expect(moved?.content).toBe(content);
    expect(moved).toMatchObject({ path: 'g', uid: 5, size: 3 });
    expect(reads).toBe(0);
    await user(tree).write('g', 'X', 5);
    expect(reads).toBe(1);
  });

  test('and views stay what they were, whatever is written later', async () => {
    const tree = writableOver(LOWER);
    const u = user(tree);
    await u.create('new', 'before');
    await u.write('a/one', 'ONE');
    const [changes, view] = [await tree.changes(), await tree.view()];
    await u.write('new', 'BEFORE and after');
    await (await u.at('a/one')).change({ size: 0 });
    await u.remove('a/two');
    expect(await said(changes)).toBe('file a/one=ONE, file new=before');
    expect(view.get('a/two')).toBeDefined();
    expect(await said(await tree.changes())).toBe(
      'dir a, whiteout a/two, file a/one=, file new=BEFORE and after',
    );
  });

  test('have exact times, also those of below', async () => {
    const tree = writableOver(LOWER);
    const u = user(tree);
    await (await u.at('a/one')).change({ mode: 0o600 });
    await (await u.at('a/two')).change({ mtime: { seconds: -3, nanoseconds: 250_000_000 } });
    const changes = await tree.changes();
    expect(changes.map(({ path, mtime }) => [path, mtime])).toEqual([
      ['a/one', 5.25],
      ['a/two', -2.75],
    ]);
  });
});

describe('a tree', () => {
  test('starts with changes that somebody made before, without needing them to be sorted', async () => {
    const tree = writableOver(LOWER, [
      file('c/d/new', 'n'),
      whiteout('a/one'),
      opaque('b'),
      file('b/z', 'z'),
      hardlink('b/zz', 'b/z'),
      dir('c', { uid: 4 }),
    ]);
    expect(await said(await tree.changes())).toBe(
      'whiteout a/one, dir b, opaque b, file b/z=z, hardlink b/zz->b/z, dir c, dir c/d, file c/d/new=n',
    );
    expect(tree.size()).toBe(2);
    await expect(writableOver([], [hardlink('a', 'b')]).changes()).rejects.toMatchObject({
      code: 'layer-invalid',
    });
  });

  test('counts what is not below, and versions', async () => {
    const tree = writableOver(LOWER);
    const u = user(tree);
    expect([tree.size(), tree.version()]).toEqual([0, 0]);
    await u.read('a/one');
    expect(tree.version()).toBe(0);
    await u.create('new', 'x'.repeat(1000));
    const version = tree.version();
    expect(version).toBeGreaterThan(0);
    expect(tree.size()).toBe(1000);
    await (await u.at('a/one')).change({ mode: 0 });
    expect(tree.size()).toBe(1000);
    expect(tree.version()).toBeGreaterThan(version);
  });

  test('links count, of lower files too, and inode numbers stay', async () => {
    const tree = writableOver(LOWER);
    const u = user(tree);
    const links = async (path: string) => (await (await u.at(path)).attributes()).nlink;
    expect([await links('a'), await links('b'), await links('a/one'), await links('b/x')]).toEqual([
      3, 2, 1, 2,
    ]);
    expect((await u.at('b/x')).id).toBe((await u.at('b/y')).id);
    await u.link('a/one', 'b/uno');
    await u.mkdir('a/new');
    await u.remove('b/x');
    const { id } = await u.at('a/one');
    expect([await links('a'), await links('a/one'), await links('b/y')]).toEqual([4, 2, 1]);
    await u.rename('a/one', 'c');
    await u.write('c', 'C');
    expect((await u.at('b/uno')).id).toBe(id);
  });

  test('that a guest has mounted is flushed first, and changed through it', async () => {
    const tree = writableOver(LOWER);
    const calls: string[] = [];
    tree.mounted({
      flush: async () => {
        calls.push('flush');
        await user(tree).create('late', 'text');
      },
      apply: async (entries) => {
        calls.push(`apply ${entries.map(({ path }) => path).join()}`);
      },
    });
    expect(await said(await tree.changes())).toBe('file late=text');
    await tree.apply([file('z')]);
    tree.mounted(undefined);
    await tree.apply([file('y')]);
    expect(calls).toEqual(['flush', 'apply z']);
    expect(await said(await tree.changes())).toBe('file late=text, file y=');
  });

  test('asks the guest for the times of what it wrote without setting them', async () => {
    const tree = writableOver(LOWER);
    const u = user(tree);
    await u.create('a/new', 'x');
    await u.create('set', 'x');
    await (await u.at('set')).change({ mtime: { seconds: 1, nanoseconds: 0 } });
    expect(tree.unsettled()).toEqual(['a/new']);
    tree.settle([
      ['a/new', { seconds: 77, nanoseconds: 500_000_000 }],
      ['set', { seconds: 2, nanoseconds: 0 }],
    ]);
    expect(tree.unsettled()).toEqual([]);
    const times = (await tree.changes()).map(({ path, mtime }) => [path, mtime]);
    expect(times).toContainEqual(['a/new', 77.5]);
    expect(times).toContainEqual(['set', 1]);
  });

  test('dates what comes after the last close by that close', async () => {
    const tree = writableOver([]);
    const node = await user(tree).make('f', {});
    const access = { write: true, truncate: false };
    const mtime = async () => (await node.attributes()).mtime.seconds;
    // As Linux does it: one opened file for the process, one to bring its pages by, later.
    const [process, pages] = [await node.open(access), await node.open(access)];
    await process.close();
    const closed = await mtime();
    await pages.write(0, utf8('x'));
    const late = await mtime();
    expect(late - closed).toBeLessThanOrEqual(3);
    await pages.write(0, utf8('y'));
    expect(await mtime()).toBe(late);
    const again = await node.open(access);
    await pages.write(0, utf8('z'));
    expect(await mtime()).toBeGreaterThan(late);
    await again.close();
  });

  test('refuses to fill memory, and frees what is removed', async () => {
    const options = treeOptions();
    const { space } = await import('./space.ts');
    const small = space(100_000);
    const tree = writableTree(emptyTree, [], { ...options, space: small });
    const u = user(tree);
    await u.create('a', 'x'.repeat(60_000));
    await expect(u.create('b', 'x'.repeat(60_000))).rejects.toThrow('ENOSPC');
    expect(await tree.root.statfs()).toMatchObject({ size: 100_000, free: 40_000 });
    await u.remove('a');
    await u.write('b', 'x'.repeat(60_000));
    expect(small.used).toBe(60_000);
  });
});
