import { describe, expect, it } from 'vitest';
import type { ImageFile } from '../port.ts';
import { childrenOf, foldersAbove, normalPath } from './file-tree-model.ts';

const entry = (path: string, type: string, more: Partial<ImageFile> = {}): ImageFile => ({
  ...{ path, type, size: 0, mode: 0o755, uid: 0, gid: 0 },
  ...more,
});
const files = [
  entry('/usr', 'dir'),
  entry('/usr/bin', 'dir'),
  entry('/usr/bin/env', 'file', { size: 48_000 }),
  entry('/bin', 'symlink', { target: 'usr/bin' }),
  entry('/app', 'file', { size: 2_000_000 }),
];
const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);

describe('what is in a folder', () => {
  it('is what is directly in it, folders first', () => {
    expect(names(childrenOf(files, ''))).toEqual(['usr', 'app', 'bin']);
    expect(names(childrenOf(files, 'usr'))).toEqual(['bin']);
  });

  it('has the sizes of files, and where links lead', () => {
    expect(childrenOf(files, 'usr/bin')).toMatchObject([{ path: 'usr/bin/env', size: 48_000 }]);
    expect(childrenOf(files, '')[2]).toMatchObject({ target: 'usr/bin', isFolder: false });
  });

  it('is not what only begins alike', () => {
    expect(childrenOf([entry('/usr-old/x', 'file')], 'usr')).toEqual([]);
  });

  it('has folders that a layer holds something in without holding them', () => {
    const layer = [entry('/etc/ssl/certs/ca.pem', 'file', { size: 9 })];
    expect(childrenOf(layer, '')).toMatchObject([{ name: 'etc', isFolder: true }]);
    expect(childrenOf(layer, 'etc/ssl/certs')).toMatchObject([{ name: 'ca.pem', size: 9 }]);
  });

  it('tells what a layer takes away', () => {
    expect(childrenOf([entry('/tmp/cache', 'whiteout')], 'tmp')).toMatchObject([
      { name: 'cache', removes: true },
    ]);
  });
});

describe('paths', () => {
  it.each([
    ['/usr//bin/', 'usr/bin'],
    ['./app', 'app'],
    ['/', ''],
  ])('%s is %j', (path, normal) => {
    expect(normalPath(path)).toBe(normal);
  });

  it('know the folders above them', () => {
    expect(foldersAbove('/usr/bin/env')).toEqual(['usr', 'usr/bin']);
    expect(foldersAbove('/app')).toEqual([]);
  });
});
