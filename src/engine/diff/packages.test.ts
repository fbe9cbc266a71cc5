import { describe, expect, test } from 'vitest';
import { file } from '../../testing/entries.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { comparePackages, listPackages } from './packages.ts';
import type { Package } from './model.ts';

const BASH = 'Package: bash\nStatus: install ok installed\nVersion: 5.2\nDescription: a shell\n';

async function list(path: string, text: string): Promise<readonly string[]> {
  const packages = await listPackages(emptyTree.apply([file(path, text)]));
  return packages.map((one) => `${one.manager} ${one.name} ${one.version}`);
}

describe('packages a scanner would find', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'dpkg status',
      'var/lib/dpkg/status',
      `${BASH}\nPackage: a\nStatus: install ok installed\nVersion: 1:2-3\n`,
      ['deb a 1:2-3', 'deb bash 5.2'],
    ],
    [
      'a package removed but not purged',
      'var/lib/dpkg/status',
      BASH.replace('install ok installed', 'deinstall ok config-files'),
      [],
    ],
    [
      'distroless status.d',
      'var/lib/dpkg/status.d/libc6',
      'Package: libc6\nVersion: 2.41\n',
      ['deb libc6 2.41'],
    ],
    [
      'the list of files beside it',
      'var/lib/dpkg/status.d/libc6.md5sums',
      'Package: libc6\nVersion: 2.41\n',
      [],
    ],
    [
      'apk',
      'lib/apk/db/installed',
      'C:Q1\nP:musl\nV:1.2.5-r1\n\nP:busybox\nV:1.37\n',
      ['apk busybox 1.37', 'apk musl 1.2.5-r1'],
    ],
    [
      'apk under /usr, as Wolfi has it',
      'usr/lib/apk/db/installed',
      'P:glibc\nV:2.41\n',
      ['apk glibc 2.41'],
    ],
    [
      'a wheel',
      'site/Flask-3.dist-info/METADATA',
      'Name: Flask\nVersion: 3.1.1\n\nName: not this\nVersion: 0\n',
      ['python Flask 3.1.1'],
    ],
    ['an egg', 'site/x.egg-info/PKG-INFO', 'Name: x\r\nVersion: 1\r\n\r\ntext', ['python x 1']],
    [
      'a module of npm',
      'app/node_modules/left-pad/package.json',
      '{"name":"left-pad","version":"1.3.0"}',
      ['npm left-pad 1.3.0'],
    ],
    [
      'a scoped module',
      'node_modules/@a/b/package.json',
      '{"name":"@a/b","version":"1"}',
      ['npm @a/b 1'],
    ],
    ['the application itself', 'app/package.json', '{"name":"app","version":"1"}', []],
    [
      'a file inside a module',
      'node_modules/a/lib/package.json',
      '{"name":"no","version":"1"}',
      [],
    ],
    ['JSON that is broken', 'node_modules/a/package.json', '{"name":', []],
    ['an empty record', 'var/lib/dpkg/status', '', []],
  ])('%s', async (_, path, text, expected) => {
    expect(await list(path, text)).toEqual(expected);
  });
});

describe('packages of two images', () => {
  const one = (name: string, version: string): Package => ({
    manager: 'deb',
    name,
    version,
    path: 'p',
  });

  test('are added, removed or another version', () => {
    const changes = comparePackages(
      [one('a', '1'), one('b', '1'), one('c', '1')],
      [one('b', '2'), one('c', '1'), one('d', '1')],
    );
    expect(changes).toEqual({
      added: [one('d', '1')],
      removed: [one('a', '1')],
      changed: [{ from: one('b', '1'), to: one('b', '2') }],
    });
  });

  test('two versions of one module do not hide each other', () => {
    const changes = comparePackages([one('a', '1'), one('a', '2')], [one('a', '2'), one('a', '3')]);
    expect(changes).toEqual({
      added: [],
      removed: [],
      changed: [{ from: one('a', '1'), to: one('a', '3') }],
    });
  });
});
