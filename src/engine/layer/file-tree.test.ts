import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { codeOf } from '../../testing/hostile.ts';
import { shown, stack } from '../../testing/trees.ts';
import type { Entry } from './entry.ts';
import { emptyTree } from './file-tree.ts';
import type { FileTree } from './tree.ts';

const modeOf = (tree: FileTree, path: string): number | undefined => tree.get(path)?.entry.mode;

describe('one layer', () => {
  test('nothing: a root and no more', () => {
    expect(shown(emptyTree)).toBe('');
    expect(emptyTree.size).toBe(0);
    expect(emptyTree.get('')?.entry).toMatchObject({ type: 'dir', path: '', mode: 0o755 });
  });

  test('parents come before children, names sorted by bytes, whatever the order', () => {
    const tree = stack([file('b'), file('a/z'), dir('a'), file('a-b'), file('a/é'), file('a/B')]);
    expect(shown(tree)).toBe('a/ a/B a/z a/é a-b b');
    expect(tree.list('a')).toEqual(['B', 'z', 'é']);
    expect(tree.size).toBe(6);
  });

  test('parents nobody described are directories of root, 755, time 0', () => {
    const tree = stack([file('a/b/c')]);
    expect(tree.get('a/b')?.entry).toEqual({
      type: 'dir',
      path: 'a/b',
      mode: 0o755,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 0,
    });
    expect(tree.size).toBe(3);
  });

  test('a directory described after what is in it keeps that', () => {
    const tree = stack([file('a/b'), dir('a', { mode: 0o700 })]);
    expect(shown(tree)).toBe('a/ a/b');
    expect(modeOf(tree, 'a')).toBe(0o700);
  });

  test('the root can be described', () => {
    const tree = stack([dir('', { mode: 0o1777 }), file('a')]);
    expect(modeOf(tree, '')).toBe(0o1777);
    expect(shown(tree)).toBe('a');
  });

  test('of duplicates the last wins', () => {
    const tree = stack([file('a', 'one'), file('a', 'three'), dir('d'), file('d/x'), file('d')]);
    expect(tree.get('a')?.entry.size).toBe(5);
    expect(shown(tree)).toBe('a d');
    expect(tree.size).toBe(2);
  });

  test('nothing is listed or walked where there is no directory', () => {
    const tree = stack([file('a')]);
    expect(tree.list('a')).toEqual([]);
    expect(tree.list('nowhere')).toEqual([]);
    expect([...tree.walk('a')]).toEqual([]);
    expect(tree.get('a/b')).toBeUndefined();
    expect(tree.get('nowhere')).toBeUndefined();
  });

  test('walking from a directory leaves the directory itself out', () => {
    const tree = stack([file('a/b/c'), file('z')]);
    expect([...tree.walk('a')].map(({ entry }) => entry.path)).toEqual(['a/b', 'a/b/c']);
  });

  test('devices and FIFOs are only data', () => {
    const device = { ...dir('dev/sda'), type: 'block' as const, device: { major: 8, minor: 0 } };
    expect(stack([device]).get('dev/sda')?.entry).toEqual(device);
  });

  test.each([
    ['a file above a file', [file('a'), file('a/b')], 'layer-invalid'],
    ['a FIFO above a file', [{ ...dir('a'), type: 'fifo' as const }, file('a/b')], 'layer-invalid'],
    ['the root as a file', [file('')], 'layer-invalid'],
    ['a path past 4096', [file('a/'.repeat(2100) + 'b')], 'archive-too-large'],
    ['a directory above a file', [dir('a'), file('a/b')], 'no error'],
  ])('%s: %s', async (_, entries, code) => {
    expect(await codeOf(() => emptyTree.apply(entries))).toBe(code);
  });
});

describe('layer on layer', () => {
  const base = [
    dir('etc', { mode: 0o750 }),
    file('etc/passwd', 'root'),
    file('etc/group'),
    symlink('bin', 'usr/bin'),
    file('usr/bin/sh'),
  ];

  test('the tree below is left as it was', () => {
    const lower = stack(base);
    const before = shown(lower);
    const upper = lower.apply([whiteout('etc'), file('new'), dir('usr', { mode: 0o700 })]);
    expect(shown(upper)).toBe('bin->usr/bin new usr/ usr/bin/ usr/bin/sh');
    expect(shown(lower)).toBe(before);
    expect(modeOf(lower, 'usr')).toBe(0o755);
    expect([lower.size, upper.size]).toEqual([7, 5]);
  });

  test('two layers on the same tree know nothing of each other', () => {
    const lower = stack(base);
    const one = lower.apply([file('etc/one')]);
    const two = lower.apply([file('etc/two'), opaque('etc')]);
    expect(one.list('etc')).toEqual(['group', 'one', 'passwd']);
    expect(two.list('etc')).toEqual(['two']);
  });

  test.each([
    ['a file', [whiteout('etc/passwd')], ['etc/group']],
    ['a directory', [whiteout('etc')], []],
    ['nothing', [whiteout('etc/shadow')], ['etc/group', 'etc/passwd']],
    ['in nothing', [whiteout('opt/x/y')], ['etc/group', 'etc/passwd']],
    [
      'a file that this layer writes anew',
      [whiteout('etc/passwd'), file('etc/passwd', '!')],
      ['etc/group', 'etc/passwd'],
    ],
    [
      'a file that this layer wrote before',
      [file('etc/passwd', '!'), whiteout('etc/passwd')],
      ['etc/group', 'etc/passwd'],
    ],
    ['a directory that this layer makes anew', [whiteout('etc'), file('etc/new')], ['etc/new']],
    ['a directory that this layer wrote into', [file('etc/new'), whiteout('etc')], ['etc/new']],
  ])('a whiteout of %s', (_, layer, expected) => {
    const tree = stack(base, layer);
    const below = [...tree.walk('etc')].map(({ entry }) => entry.path);
    expect(below).toEqual(expected);
    expect(tree.size).toBe([...tree.walk()].length);
  });

  test('a directory removed and made anew forgets who owned it', () => {
    expect(modeOf(stack(base, [file('etc/new')]), 'etc')).toBe(0o750);
    expect(modeOf(stack(base, [whiteout('etc'), file('etc/new')]), 'etc')).toBe(0o755);
    expect(modeOf(stack(base, [file('etc/new'), whiteout('etc')]), 'etc')).toBe(0o755);
    expect(modeOf(stack(base, [dir('etc', { mode: 0o711 }), whiteout('etc')]), 'etc')).toBe(0o711);
  });

  test.each([
    ['before', [opaque('etc'), file('etc/new')]],
    ['after', [file('etc/new'), opaque('etc')]],
    ['with its header', [dir('etc'), opaque('etc'), file('etc/new')]],
  ])('an opaque directory hides what is below, not what its layer brings: %s', (_, layer) => {
    expect(stack(base, layer).list('etc')).toEqual(['new']);
  });

  test('an opaque mark on the root hides everything below', () => {
    expect(shown(stack(base, [file('x'), opaque('')]))).toBe('x');
  });

  test('an opaque mark reaches down, past what its layer wrote deep below', () => {
    const lower = [file('a/b/c/old'), file('a/b/old'), file('a/old')];
    const tree = stack(lower, [file('a/b/c/new'), opaque('a')]);
    expect(shown(tree)).toBe('a/ a/b/ a/b/c/ a/b/c/new');
    expect(tree.size).toBe(4);
  });

  test('a layer above is affected again', () => {
    expect(stack(base, [file('etc/x')], [whiteout('etc/x')]).list('etc')).toEqual([
      'group',
      'passwd',
    ]);
  });

  test('a directory on a directory changes its metadata and keeps its inode and files', () => {
    const lower = stack(base);
    const tree = lower.apply([dir('etc', { mode: 0o700, uid: 7 })]);
    expect(tree.get('etc')).toMatchObject({
      entry: { mode: 0o700, uid: 7 },
      inode: lower.get('etc')?.inode,
    });
    expect(tree.list('etc')).toEqual(['group', 'passwd']);
  });

  test('a file in place of a directory drops what was in it', () => {
    const tree = stack(base, [file('etc')]);
    expect(shown(tree)).toBe('bin->usr/bin etc usr/ usr/bin/ usr/bin/sh');
    expect(tree.size).toBe(5);
  });

  test('a file in place of a symlink does not follow it', () => {
    const tree = stack([symlink('a', 'b'), file('b', 'old')], [file('a', 'new!')]);
    expect(tree.get('a')?.entry).toMatchObject({ type: 'file', size: 4 });
    expect(tree.get('b')?.entry.size).toBe(3);
  });

  test('a directory in place of a symlink starts empty', () => {
    expect(stack(base, [dir('bin')]).list('bin')).toEqual([]);
  });

  test('a symlink of a lower layer is hidden by a directory, as overlayfs does', () => {
    const tree = stack(base, [file('bin/new')]);
    expect(tree.get('bin')?.entry.type).toBe('dir');
    expect(tree.list('bin')).toEqual(['new']);
    expect(tree.list('usr/bin')).toEqual(['sh']);
    expect(tree.size).toBe([...tree.walk()].length);
  });

  test('so is a file of a lower layer', () => {
    expect(shown(stack([file('a')], [file('a/b')]))).toBe('a/ a/b');
  });

  test('a whiteout does not reach through a symlink of a lower layer, but hides it', () => {
    const tree = stack(base, [whiteout('bin/sh')]);
    expect(tree.list('usr/bin')).toEqual(['sh']);
    expect(tree.get('bin')?.entry.type).toBe('dir');
    expect(stack(base, [whiteout('usr/bin/sh')]).list('usr/bin')).toEqual([]);
  });
});

describe('any layers', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  const target = fc.constantFrom('a', '/b', '../c', '..', '/', 'a/b', 'c/../b');
  const entry: fc.Arbitrary<Entry> = fc.oneof(
    path.map((p) => file(p)),
    path.map((p) => dir(p)),
    path.map((p) => whiteout(p)),
    path.map((p) => opaque(p)),
    fc.tuple(path, target).map(([p, t]) => symlink(p, t)),
    fc.tuple(path, path).map(([p, t]) => hardlink(p, t)),
  );
  const layers = fc.array(fc.array(entry, { maxLength: 8 }), { maxLength: 4 });

  test('a tree is well-formed, counts right and never changes under another layer', () => {
    fc.assert(
      fc.property(layers, (list) => {
        let tree = emptyTree;
        for (const layer of list) {
          const before = shown(tree);
          const lower = tree;
          try {
            tree = tree.apply(layer);
          } catch (error) {
            expect(error).toMatchObject({ code: 'layer-invalid' });
          }
          expect(shown(lower)).toBe(before);
        }
        const nodes = [...tree.walk()];
        expect(nodes.length).toBe(tree.size);
        for (const node of nodes) {
          expect(tree.get(node.entry.path)).toBe(node);
          expect(['hardlink', 'whiteout', 'opaque']).not.toContain(node.entry.type);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a small layer on twenty thousand files takes milliseconds', () => {
  const base = Array.from({ length: 20_000 }, (_, i) =>
    file(`usr/lib/d${i % 200}/e${i % 1000}/f${i}`),
  );
  const tree = emptyTree.apply(base);
  const layer = [file('usr/lib/d7/new'), whiteout('usr/lib/d8'), opaque('usr/lib/d9')];
  const times = Array.from({ length: 20 }, () => {
    const start = performance.now();
    tree.apply(layer);
    return performance.now() - start;
  });
  // Generous: it is a fraction of one millisecond where nothing else runs.
  expect(Math.min(...times)).toBeLessThan(10);
});
