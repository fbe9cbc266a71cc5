import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, symlink } from '../../testing/entries.ts';
import { shown, stack } from '../../testing/trees.ts';
import type { Entry } from '../layer/entry.ts';
import { extracted, leaves } from './extract.ts';

const base = stack([
  dir('etc'),
  file('etc/hosts'),
  dir('etc/network'),
  dir('srv'),
  symlink('srv/out', '/etc'),
]);

function unpack(directory: string, entries: readonly Entry[]): string {
  return shown(base.apply(extracted(base, { directory, entries, now: 5000 })));
}

test.each<[name: string, directory: string, entries: readonly Entry[], paths: string]>([
  ['a file', 'srv', [file('a')], 'etc/ etc/hosts etc/network/ srv/ srv/a srv/out->/etc'],
  [
    'directories that are missing are made',
    'srv',
    [file('x/y')],
    'etc/ etc/hosts etc/network/ srv/ srv/out->/etc srv/x/ srv/x/y',
  ],
  [
    'a file in the place of a file',
    'etc',
    [file('hosts', 'new')],
    'etc/ etc/hosts etc/network/ srv/ srv/out->/etc',
  ],
  [
    'a directory meets a directory',
    'etc',
    [dir('network'), file('network/x')],
    'etc/ etc/hosts etc/network/ etc/network/x srv/ srv/out->/etc',
  ],
  [
    'through a link that is there, as a process would',
    'srv',
    [file('out/x')],
    'etc/ etc/hosts etc/network/ etc/x srv/ srv/out->/etc',
  ],
  [
    'a link in the place of a link',
    'srv',
    [symlink('out', '/nowhere')],
    'etc/ etc/hosts etc/network/ srv/ srv/out->/nowhere',
  ],
  [
    'a name that goes up and down again',
    'srv',
    [file('a/../b')],
    'etc/ etc/hosts etc/network/ srv/ srv/b srv/out->/etc',
  ],
])('%s', (_, directory, entries, paths) => {
  expect(unpack(directory, entries)).toBe(paths);
});

test.each<[entries: readonly Entry[], code: string, message: string]>([
  [[file('../x')], 'path-escape', '"../x" is outside of "/etc"'],
  [[file('a/../../x')], 'path-escape', '"a/../../x" is outside of "/etc"'],
  [[symlink('x', '../../y')], 'path-escape', 'invalid symlink "/etc/x" -> "../../y"'],
  [[symlink('x', '../y')], 'path-escape', 'invalid symlink "/etc/x" -> "../y"'],
  [[hardlink('x', '../srv/out')], 'path-escape', 'invalid hardlink "/etc/x" -> "../srv/out"'],
  [[hardlink('x', 'nope')], 'copy-conflict', 'link /etc/nope /etc/x: no such file or directory'],
  [
    [file('network')],
    'copy-conflict',
    'cannot overwrite directory "/etc/network" with non-directory "/etc"',
  ],
  [
    [dir('hosts')],
    'copy-conflict',
    'cannot overwrite non-directory "/etc/hosts" with directory "/etc"',
  ],
])('%j is refused', (entries, code, message) => {
  let error: unknown;
  try {
    unpack('etc', entries);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code, message });
});

describe('what is written', () => {
  test('belongs to whom the archive says, or to the owner that is asked for', () => {
    const entries = [file('a', '', { uid: 5, gid: 6 })];
    const owner = { uid: 1, gid: 2 };
    const of = (layer: readonly Entry[]): readonly Entry[] =>
      layer.filter(({ path }) => path === 'etc/a');
    const given = { directory: 'etc', entries, now: 0 };
    expect(of(extracted(base, given))).toMatchObject([{ uid: 5, gid: 6 }]);
    expect(of(extracted(base, { ...given, owner }))).toMatchObject([owner]);
  });

  test('is another name of a file of the image, when the archive says so', () => {
    const layer = extracted(base, { directory: 'etc', entries: [hardlink('x', 'hosts')], now: 0 });
    const tree = base.apply(layer);
    expect(tree.get('etc/x')?.inode).toBe(tree.get('etc/hosts')?.inode);
  });
});

test.each([
  ['', 'x', false],
  ['', '..', true],
  ['a', '..', false],
  ['a', '../..', true],
  ['a/b', '../../x/..', false],
  ['', '/etc', false],
])('from %j the link target %j leaves: %j', (from, target, expected) => {
  expect(leaves(from, target)).toBe(expected);
});
