import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, symlink } from '../../testing/entries.ts';
import { codeOf } from '../../testing/hostile.ts';
import { shown, stack } from '../../testing/trees.ts';
import { emptyTree } from './file-tree.ts';

describe('entries below a symlink of their own layer stay in the root', () => {
  // After the tables of Docker's breakout tests and of filepath-securejoin.
  test.each([
    ['absolute', '/etc', 'etc/passwd'],
    ['relative', 'etc', 'etc/passwd'],
    ['upwards', '../../../etc', 'etc/passwd'],
    ['absolute and upwards', '/../../etc', 'etc/passwd'],
    ['to the root', '/', 'passwd'],
    ['to itself, upwards', '..', 'passwd'],
    ['to what is not there', '/no/such', 'no/such/passwd'],
    ['by a detour', 'x/../etc/.', 'etc/passwd'],
  ])('%s', (_, target, expected) => {
    const tree = stack([dir('etc'), symlink('a', target), file('a/passwd', 'evil')]);
    expect(tree.get(expected)?.entry).toMatchObject({ type: 'file', path: expected, size: 4 });
    expect(tree.get('a')?.entry.type).toBe('symlink');
    expect(tree.resolve('a/passwd')).toBe(expected);
  });

  test('symlinks of symlinks', () => {
    const tree = stack([symlink('a', 'b'), symlink('b', '/c'), file('a/x')]);
    expect(shown(tree)).toBe('a->b b->/c c/ c/x');
  });

  test.each([
    ['a loop', [symlink('a', 'a'), file('a/x')]],
    ['a loop of two', [symlink('a', 'b'), symlink('b', 'a'), file('a/x')]],
  ])('%s is refused', async (_, layer) => {
    expect(await codeOf(() => emptyTree.apply(layer))).toBe('layer-invalid');
  });

  test('a path that grows through symlinks past what can be named is refused', async () => {
    const deep = 'd/'.repeat(1500);
    const layer = [symlink('a', `/${deep}x`), symlink('a/b', `${deep}y`), file('a/b/c')];
    expect(await codeOf(() => emptyTree.apply(layer))).toBe('archive-too-large');
  });
});

describe('hard links', () => {
  test('names of one file share its inode and metadata', () => {
    const tree = stack([file('a', 'text', { mode: 0o600 }), hardlink('d/b', 'a')]);
    const a = tree.get('a');
    expect(tree.get('d/b')).toMatchObject({ entry: { ...a?.entry, path: 'd/b' }, inode: a?.inode });
  });

  test('a file that is written again leaves its other name alone', () => {
    const tree = stack([file('a', 'old'), hardlink('b', 'a')], [file('a', 'newer')]);
    expect(tree.get('b')?.entry.size).toBe(3);
    expect(tree.get('a')?.inode).not.toBe(tree.get('b')?.inode);
  });

  test('a link to a symlink is a link to the symlink itself', () => {
    const tree = stack([symlink('a', 'nowhere'), hardlink('b', 'a')]);
    expect(tree.get('b')?.entry).toMatchObject({ type: 'symlink', target: 'nowhere' });
  });

  test('a link may name a file of a lower layer, and one behind a symlink, inside the root', () => {
    const lower = [file('etc/passwd', 'in'), symlink('up', '../../..')];
    const tree = stack(lower, [hardlink('x', 'up/etc/passwd')]);
    expect(tree.get('x')?.inode).toBe(tree.get('etc/passwd')?.inode);
  });

  test('a link to itself changes nothing', () => {
    expect(shown(stack([file('a', 'text'), hardlink('a', 'a')]))).toBe('a');
  });

  test.each([
    ['to nothing', [hardlink('b', 'a')]],
    ['to what comes later', [hardlink('b', 'a'), file('a')]],
    ['to a directory', [dir('a'), hardlink('b', 'a')]],
    ['to the root', [hardlink('b', '')]],
    ['to itself alone', [hardlink('b', 'b')]],
    ['around a circle', [hardlink('a', 'b'), hardlink('b', 'a')]],
  ])('%s: refused', async (_, layer) => {
    expect(await codeOf(() => emptyTree.apply(layer))).toBe('layer-invalid');
  });
});

describe('resolve', () => {
  const tree = stack([
    file('usr/bin/python3.13'),
    symlink('usr/bin/python3', 'python3.13'),
    symlink('bin', 'usr/bin'),
    symlink('abs', '/usr/bin/python3'),
    symlink('up', '../../../usr'),
    symlink('loop', 'loop'),
    symlink('broken', 'nowhere'),
    symlink('slash', '/'),
  ]);

  test.each([
    ['', ''],
    ['usr', 'usr'],
    ['bin', 'usr/bin'],
    ['bin/python3', 'usr/bin/python3.13'],
    ['/bin/python3', 'usr/bin/python3.13'],
    ['abs', 'usr/bin/python3.13'],
    ['up/bin', 'usr/bin'],
    ['bin/..', 'usr'],
    ['../../bin', 'usr/bin'],
    ['slash', ''],
    ['slash/slash/usr', 'usr'],
    ['bin/', 'usr/bin'],
    ['loop', undefined],
    ['broken', undefined],
    ['nowhere', undefined],
    ['abs/x', undefined],
    ['usr/nowhere/..', undefined],
  ])('%j leads to %j', (path, expected) => {
    expect(tree.resolve(path)).toBe(expected);
  });

  test.each([
    ['bin', 'bin'],
    ['abs', 'abs'],
    ['bin/python3', 'usr/bin/python3'],
    ['bin/', 'usr/bin'],
    ['broken', 'broken'],
    ['loop', 'loop'],
    ['nowhere', undefined],
  ])('%j without its last link leads to %j', (path, expected) => {
    expect(tree.resolve(path, { last: false })).toBe(expected);
  });

  test('forty links are followed, one more is not', () => {
    const chain = Array.from({ length: 41 }, (_, i) =>
      symlink(`l${i}`, i === 0 ? 'end' : `l${i - 1}`),
    );
    const links = stack([file('end'), ...chain]);
    expect(links.resolve('l39')).toBe('end');
    expect(links.resolve('l40')).toBeUndefined();
  });
});
