import { expect, test } from 'vitest';
import { planCopy } from './copy-plan.ts';

// As `cp -a` does it, and Docker's documentation says in a table.
test.each<
  [
    source: string,
    isDir: boolean,
    target: string,
    kind: 'dir' | 'file' | 'none',
    into: string,
    as: string,
  ]
>([
  ['a.txt', false, '/srv', 'dir', '/srv', 'a.txt'],
  ['x/a.txt', false, '/srv/', 'dir', '/srv/', 'a.txt'],
  ['a.txt', false, '/srv/b', 'file', '/srv', 'b'],
  ['a.txt', false, '/srv/b', 'none', '/srv', 'b'],
  ['a.txt', false, 'b', 'none', '.', 'b'],
  ['dir', true, '/srv', 'dir', '/srv', 'dir'],
  ['dir/', true, '/srv', 'dir', '/srv', 'dir'],
  ['dir/.', true, '/srv', 'dir', '/srv', ''],
  ['.', true, '/srv', 'dir', '/srv', ''],
  ['/', true, '/srv', 'dir', '/srv', ''],
  ['dir', true, '/srv/new', 'none', '/srv', 'new'],
  ['dir/.', true, '/srv/new/', 'none', '/srv', 'new'],
])('%s (a directory: %j) to %s (%s)', (path, isDir, target, kind, directory, name) => {
  expect(planCopy({ path, isDir }, { path: target, kind })).toEqual({ directory, name });
});

test.each<[isDir: boolean, target: string, kind: 'dir' | 'file' | 'none', message: string]>([
  [true, '/srv/file', 'file', 'cannot copy directory'],
  [false, '/nope/', 'none', 'no such directory'],
  [false, '/nope/.', 'none', 'no such directory'],
  [false, '', 'none', 'no such directory'],
])('a directory: %j to %s (%s) is refused', (isDir, target, kind, message) => {
  expect(() => planCopy({ path: 'x', isDir }, { path: target, kind })).toThrow(message);
});
