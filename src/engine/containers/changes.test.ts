import { expect, test } from 'vitest';
import { dir, file, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { stack } from '../../testing/trees.ts';
import type { Entry } from '../layer/entry.ts';
import { pathChanges } from './changes.ts';

const base = [
  dir('bin'),
  file('bin/sh', 'x', { mode: 0o755 }),
  dir('etc'),
  file('etc/passwd', 'root'),
  dir('var'),
  dir('var/log'),
  file('var/log/old'),
  symlink('link', 'bin'),
];

test.each<[name: string, layer: readonly Entry[], changes: string]>([
  ['nothing', [], ''],
  ['a directory that was only looked into', [dir('etc', { mtime: 5 })], ''],
  ['a new file changes its directory', [file('etc/new')], 'C etc, A etc/new'],
  ['a new directory is added, with what is in it', [dir('a'), file('a/b')], 'A a, A a/b'],
  ['deleting changes the directory', [whiteout('bin/sh')], 'C bin, D bin/sh'],
  ['a directory is deleted with all', [whiteout('var')], 'D var'],
  ['a mode', [file('bin/sh', 'x', { mode: 0o700 })], 'C bin, C bin/sh'],
  ['an owner', [file('etc/passwd', 'root', { uid: 1 })], 'C etc, C etc/passwd'],
  ['a time', [file('etc/passwd', 'root', { mtime: 9 })], 'C etc, C etc/passwd'],
  ['a size', [file('etc/passwd', 'roots')], 'C etc, C etc/passwd'],
  ['the mode of a directory', [dir('var', { mode: 0o700 })], 'C var'],
  ['a file in the place of a directory', [file('var')], 'C var'],
  ['a link that leads elsewhere', [symlink('link', 'etc')], 'C link'],
  ['a directory made anew', [opaque('var')], 'C var, D var/log'],
  ['deep', [file('var/log/new')], 'C var, C var/log, A var/log/new'],
  ['written again as it was', [file('etc/passwd', 'root')], ''],
])('%s', (_, layer, changes) => {
  const below = stack(base);
  const found = [...pathChanges(below, below.apply(layer))];
  expect(found.map(({ kind, path }) => `${kind} ${path}`).join(', ')).toBe(changes);
});
