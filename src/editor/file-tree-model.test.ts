import { describe, expect, it } from 'vitest';
import {
  freePath,
  isWithin,
  moved,
  nameFault,
  treeRows,
  type TreeEntry,
} from './file-tree-model.ts';

const file = (path: string): TreeEntry => ({ path, kind: 'file' });
const dir = (path: string): TreeEntry => ({ path, kind: 'dir' });
const seen = (entries: readonly TreeEntry[], ...closed: readonly string[]): readonly string[] =>
  treeRows(entries, new Set(closed)).map(({ level, name }) => '  '.repeat(level - 1) + name);

describe('the tree of files', () => {
  it('has directories first, then files by name, numbers as numbers', () => {
    const entries = [file('b10'), file('b9'), file('Dockerfile'), dir('z'), file('z/a'), dir('c')];
    expect(seen(entries)).toEqual(['c', 'z', '  a', 'b9', 'b10', 'Dockerfile']);
  });

  it('hides what is in closed directories', () => {
    expect(seen([file('a/b/c'), file('a/d')], 'a/b')).toEqual(['a', '  b', '  d']);
    expect(seen([file('a/b/c'), file('a/d')], 'a')).toEqual(['a']);
  });

  it('shows directories that the list leaves out', () => {
    expect(seen([file('a/b/c')])).toEqual(['a', '  b', '    c']);
  });

  it('counts for those who cannot see it', () => {
    const rows = treeRows([file('a/x'), file('a/y'), file('b')], new Set());
    expect(rows.find(({ path }) => path === 'a/y')).toMatchObject({
      ...{ level: 2, position: 2, siblings: 2 },
    });
    expect(rows[0]).toMatchObject({ path: 'a', expanded: true, position: 1, siblings: 2 });
  });
});

describe('names', () => {
  it.each([
    ['new.txt', undefined],
    ['a/new.txt', undefined],
    ['a b', undefined],
    ['', 'empty'],
    ['  ', 'empty'],
    ['a//b', 'empty'],
    ['/etc/passwd', 'empty'],
    ['a/', 'empty'],
    ['../x', 'outside'],
    ['.', 'outside'],
    ['a\nb', 'odd'],
    ['x'.repeat(256), 'long'],
    ['a/b', 'taken'],
    ['a', 'taken'],
  ])('%j: %s', (path, fault) => {
    expect(nameFault(path, [file('a/b')])).toBe(fault);
  });

  it('finds a free one for an upload', () => {
    const entries = [file('a/n.txt'), file('a/n (2).txt'), file('Dockerfile'), file('.env')];
    expect(freePath('a/n.txt', entries)).toBe('a/n (3).txt');
    expect(freePath('Dockerfile', entries)).toBe('Dockerfile (2)');
    expect(freePath('.env', entries)).toBe('.env (2)');
    expect(freePath('b', entries)).toBe('b');
  });

  it('knows what is in a directory, and where it goes with it', () => {
    expect(isWithin('ab/c', 'a')).toBe(false);
    expect(isWithin('a/c', 'a')).toBe(true);
    expect(moved('a/c', 'a', 'b/x')).toBe('b/x/c');
    expect(moved('ab', 'a', 'b')).toBe('ab');
  });
});
