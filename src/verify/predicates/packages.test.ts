import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../engine/layer/entry.ts';
import { file, opaque, whiteout } from '../../testing/entries.ts';
import { NO_PANTRY, pantryImage } from '../../testing/pantry-images.ts';
import { portImage, simpleImage } from '../../testing/port-image.ts';
import type { Verdict } from '../check.ts';
import { parseApk, parseDpkg } from '../packages/records.ts';
import { hasInventory, packagesOf } from './packages.ts';

const LIBC =
  'Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.41-12\n';
const said = (verdict: Verdict): string => (verdict.status === 'fail' ? verdict.found.en : 'pass');

describe('records of dpkg', () => {
  it.each<[string, string, readonly string[]]>([
    ['one', LIBC, ['libc6 2.41-12 amd64']],
    [
      'without a status, as status.d has them',
      'Package: tzdata\nVersion: 2026b\nArchitecture: all',
      ['tzdata 2026b all'],
    ],
    [
      'two',
      `${LIBC}\n\n \nPackage: zlib1g\nVersion: 1:1.3\n`,
      ['libc6 2.41-12 amd64', 'zlib1g 1:1.3 '],
    ],
    [
      'with lines that go on',
      `Package: a\nDescription: b\n Package: c\n .\n Version: 9\nVersion: 1\n`,
      ['a 1 '],
    ],
    ['with fields in any case', 'package: a\nVERSION: 1', ['a 1 ']],
    [
      'from Windows',
      'Package: a\r\nVersion: 1\r\n\r\nPackage: b\r\nVersion: 2\r\n',
      ['a 1 ', 'b 2 '],
    ],
    ['removed, its settings left', 'Package: a\nStatus: deinstall ok config-files\nVersion: 1', []],
    ['half installed', 'Package: a\nStatus: install ok half-installed\nVersion: 1', []],
    ['without a version', 'Package: a\n', []],
    ['empty', '', []],
  ])('%s', (_, text, expected) => {
    const all = parseDpkg(text);
    expect(all.map((one) => `${one.name} ${one.version} ${one.architecture}`)).toEqual(expected);
    expect(all.every(({ manager }) => manager === 'dpkg')).toBe(true);
  });

  const here = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${Version} ${Architecture}\n'], {
    encoding: 'utf8',
  });
  const reason = here.status === 0 ? undefined : 'there is no dpkg here';
  it.skipIf(reason !== undefined)(
    `of this machine are what dpkg says (${reason ?? 'it is here'})`,
    () => {
      const status = spawnSync('cat', ['/var/lib/dpkg/status'], {
        encoding: 'utf8',
        maxBuffer: 1e8,
      });
      const ours = parseDpkg(status.stdout).map(
        (one) => `${one.name} ${one.version} ${one.architecture}`,
      );
      const theirs = here.stdout.split('\n').filter((line) => line !== '');
      expect(ours.length).toBeGreaterThan(50);
      expect(theirs).toEqual(expect.arrayContaining(ours));
    },
  );
});

describe('records of apk', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'two',
      'C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\nF:lib\nR:ld-musl.so\n\nP:busybox\nV:1.36\n',
      ['musl 1.2.5-r0 x86_64', 'busybox 1.36 '],
    ],
    ['without a version', 'P:musl\nA:x86_64\n', []],
    ['empty', '\n\n', []],
  ])('%s', (_, text, expected) => {
    const all = parseApk(text);
    expect(all.map((one) => `${one.name} ${one.version} ${one.architecture}`)).toEqual(expected);
  });
});

const STATUS_D = [
  file('var/lib/dpkg/status.d/libc6', LIBC),
  file('var/lib/dpkg/status.d/libc6.md5sums', 'Package: not\nVersion: 1'),
  file('usr/share/doc/libc6/copyright', 'GPL'),
];

const above = (...layers: readonly (readonly Entry[])[]) =>
  portImage({ rows: [STATUS_D, ...layers].map((entries, i) => ({ by: `step ${i}`, entries })) });

describe('an inventory', () => {
  it.each<[string, readonly Entry[]]>([
    ['in status.d', STATUS_D],
    ['in status', [file('var/lib/dpkg/status', LIBC)]],
    ["in apk's database", [file('lib/apk/db/installed', 'P:musl\nV:1\n')]],
    ["in Wolfi's", [file('usr/lib/apk/db/installed', 'P:glibc\nV:1\n')]],
  ])('%s has a package', async (_, entries) => {
    const image = await simpleImage(entries);
    expect(await packagesOf(image)).toHaveLength(1);
    expect(said(await hasInventory(image))).toBe('pass');
    expect(said(await hasInventory(image, { atLeast: 2 }))).toBe('1 package listed');
  });

  it('that a later layer writes again is there', async () => {
    const status = (text: string): Entry => file('var/lib/dpkg/status', text);
    const image = await portImage({
      rows: [
        { by: 'ADD', entries: [status(LIBC)] },
        { by: 'RUN apt-get install', entries: [status(`${LIBC}\n\nPackage: b\nVersion: 1\n`)] },
      ],
    });
    expect(said(await hasInventory(image, { atLeast: 2 }))).toBe('pass');
  });

  it.each<[string, readonly Entry[]]>([
    ['by name', [whiteout('var/lib/dpkg/status.d/libc6')]],
    ['with its folder', [whiteout('var/lib/dpkg')]],
    ['by emptying its folder', [opaque('var/lib/dpkg/status.d')]],
  ])('that a layer deletes %s is missed', async (_, entries) => {
    const image = await above([], entries);
    expect(await packagesOf(image)).toEqual([]);
    const verdict = await hasInventory(image);
    expect(said(verdict)).toBe('0 packages listed: layer 3 deletes `/var/lib/dpkg/status.d/libc6`');
    expect(verdict).toMatchObject({ where: { layer: { index: 2, createdBy: 'step 2' } } });
  });

  it('is not whole when one record of many is deleted', async () => {
    const other = file('var/lib/dpkg/status.d/zlib1g', 'Package: zlib1g\nVersion: 1\n');
    const image = await above([other], [whiteout('var/lib/dpkg/status.d/libc6')]);
    expect(said(await hasInventory(image))).toBe(
      '1 package listed: layer 3 deletes `/var/lib/dpkg/status.d/libc6`',
    );
    expect(said(await hasInventory(await above([other], [])))).toBe('pass');
  });

  it('that was left behind when files were copied is missed', async () => {
    const image = await simpleImage([file('usr/share/doc/libc6/copyright', 'GPL')]);
    expect(said(await hasInventory(image))).toBe(
      '0 packages listed, but `/usr/share/doc/libc6/copyright` came with a package',
    );
    expect(said(await hasInventory(await simpleImage([file('app')])))).toBe('0 packages listed');
  });
});

describe.skipIf(NO_PANTRY !== undefined)(
  `real images (${NO_PANTRY ?? 'the pantry is here'})`,
  () => {
    it.each([
      [
        'gcr.io/distroless/static-debian13',
        ['base-files', 'media-types', 'netbase', 'tzdata', 'tzdata-legacy'],
      ],
      ['gcr.io/distroless/base-debian13', ['libc6', 'libssl3t64', 'libzstd1', 'zlib1g']],
      ['debian:trixie-slim', ['apt', 'bash', 'dpkg']],
    ])('%s has its packages', async (name, expected) => {
      const image = await pantryImage(name, 'amd64');
      const names = (await packagesOf(image)).map((one) => one.name);
      expect(names).toEqual(expect.arrayContaining(expected));
      expect(said(await hasInventory(image))).toBe('pass');
    });

    it('busybox has none', async () => {
      const image = await pantryImage('busybox:1.37', 'amd64');
      expect(said(await hasInventory(image))).toBe('0 packages listed');
    });
  },
);
