import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageCache } from './cache.ts';
import type { PackageCache } from './cache.ts';
import { closureKey } from './lock.ts';
import type { Lock } from './lock.ts';
import { currentLock, describeLockChange, obtainPackages } from './obtain.ts';
import type { PackageInfo, PackageQuery, PackageSource } from './port.ts';

const folder = mkdtempSync(join(tmpdir(), 'semdistro-obtain-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const bytesOf = (name: string, version: string, build = ''): Buffer =>
  Buffer.from(`${name} ${version} ${build}`);

function info(name: string, version: string, build = ''): PackageInfo {
  const bytes = bytesOf(name, version, build);
  return {
    ...{ name, version, architecture: 'i386', size: bytes.length },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    source: { name: `src-${name}`, version },
    ...{ section: 'libs', priority: 'optional', depends: '' },
  };
}

/** A source with these packages, the last of a name being the current one; it records what it is asked. */
function fakeSource(cache: PackageCache, ...available: readonly PackageInfo[]) {
  const calls: string[] = [];
  const source: PackageSource = {
    async refresh() {
      calls.push('refresh');
      return ['trixie-security i386 left out'];
    },
    async find(queries) {
      const matches = (query: PackageQuery) => (item: PackageInfo) =>
        item.name === query.name && (query.version ?? item.version) === item.version;
      return queries.map((query) => available.findLast(matches(query)));
    },
    async closure(names) {
      return [...names, 'libc6'].sort();
    },
    async fetch(packages) {
      calls.push(`fetch ${packages.map(({ name, version }) => `${name}=${version}`).join(' ')}`);
      for (const item of packages) {
        const file = join(folder, `${item.name}.part`);
        writeFileSync(file, bytesOf(item.name, item.version));
        await cache.adopt(file, item.sha256);
      }
    },
  };
  return { source, calls };
}

function lockOf(...items: readonly PackageInfo[]): Lock {
  return {
    architecture: 'i386',
    packages: new Map(items.map((item) => [item.name, item])),
    closures: new Map([[closureKey(['redis']), ['libc6', 'redis']]]),
  };
}

let count = 0;
const newCache = (): PackageCache => packageCache(join(folder, `cache-${count++}`));
const old = [info('libc6', '1'), info('redis', '1')];

describe('obtainPackages', () => {
  it('takes what the lock pins, of names and of closures, also when there is something newer', async () => {
    const cache = newCache();
    const { source, calls } = fakeSource(cache, ...old, info('libc6', '2'));
    const request = { names: ['libc6'], closures: [['redis']] };
    const obtained = await obtainPackages(source, cache, lockOf(...old), request);
    expect([...obtained.packages.values()].map(({ name, version }) => [name, version])).toEqual([
      ['libc6', '1'],
      ['redis', '1'],
    ]);
    expect(obtained.packages.get('redis')).toEqual({
      ...{ name: 'redis', version: '1', source: { name: 'src-redis', version: '1' } },
      ...{ sha256: old[1]?.sha256, size: old[1]?.size },
      path: join(cache.directory, `${old[1]?.sha256 ?? ''}.deb`),
    });
    expect(obtained.closure(['redis'])).toEqual(['libc6', 'redis']);
    expect(calls).toEqual(['refresh', 'fetch libc6=1 redis=1']);
    expect(obtained.notes).toEqual(['trixie-security i386 left out']);
  });

  it('asks nobody for what is in the cache', async () => {
    const cache = newCache();
    const request = { names: ['libc6', 'redis'], closures: [] };
    await obtainPackages(fakeSource(cache, ...old).source, cache, lockOf(...old), request);
    const { source, calls } = fakeSource(cache);
    const again = await obtainPackages(source, cache, lockOf(...old), request);
    expect(calls).toEqual([]);
    expect(again.notes).toEqual([]);
    expect(again.packages.size).toBe(2);
  });

  it('takes the current version when the pinned one is gone, says so and tells it apart', async () => {
    const cache = newCache();
    const { source, calls } = fakeSource(cache, info('libc6', '2'), info('redis', '1'));
    const request = { names: ['libc6', 'redis'], closures: [] };
    const obtained = await obtainPackages(source, cache, lockOf(...old), request);
    expect(obtained.packages.get('libc6')).toMatchObject({ version: '2', lockedVersion: '1' });
    expect(obtained.packages.get('redis')).not.toHaveProperty('lockedVersion');
    expect(calls).toEqual(['refresh', 'fetch libc6=2 redis=1']);
    expect(obtained.notes[1]).toBe(
      'i386: the mirror no longer has 1 pinned package, the current one taken instead: libc6 2 for 1',
    );
  });

  it('says many changes in one line', async () => {
    const cache = newCache();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const { source } = fakeSource(cache, ...names.map((name) => info(name, '2')));
    const lock = lockOf(...names.map((name) => info(name, '1')));
    const { notes } = await obtainPackages(source, cache, lock, { names, closures: [] });
    expect(notes[1]).toBe(
      'i386: the mirror no longer has 7 pinned packages, the current one taken instead: a 2 for 1, b 2 for 1, c 2 for 1, d 2 for 1, e 2 for 1 and 2 more',
    );
  });

  it.each([
    [
      'a package that is not in the lock',
      { names: ['libc6', 'tzdata'], closures: [] },
      { code: 'lock-missing', message: 'not in the lock of i386: tzdata' },
    ],
    [
      'a closure that is not in the lock',
      { names: [], closures: [['redis', 'golang']] },
      { code: 'lock-missing', message: 'not in the lock of i386: redis golang with dependencies' },
    ],
    [
      'the pinned version with other bytes',
      { names: ['libc6'], closures: [] },
      {
        code: 'package-changed',
        message: expect.stringMatching(/^libc6 1 \(i386\) is not the file the lock pins/) as string,
      },
    ],
    [
      'a package that is gone altogether',
      { names: ['redis'], closures: [] },
      { code: 'packages-unknown', message: 'Debian has no package redis for i386' },
    ],
  ])('refuses %s', async (_, request, error) => {
    const cache = newCache();
    const { source } = fakeSource(cache, info('libc6', '1', 'rebuilt'), info('tzdata', '1'));
    await expect(obtainPackages(source, cache, lockOf(...old), request)).rejects.toMatchObject(
      error,
    );
  });
});

describe('currentLock', () => {
  it('pins the current version of all that is asked for', async () => {
    const available = [...old, info('libc6', '2')];
    const { source } = fakeSource(newCache(), ...available);
    const request = { names: ['libc6'], closures: [['redis'], ['redis']] };
    const { lock, notes } = await currentLock(source, 'i386', request);
    expect([...lock.packages].map(([name, { version }]) => [name, version])).toEqual([
      ['libc6', '2'],
      ['redis', '1'],
    ]);
    expect([...lock.closures]).toEqual([['redis', ['libc6', 'redis']]]);
    expect(notes).toEqual(['trixie-security i386 left out']);
  });

  it('refuses a name that does not exist', async () => {
    const { source } = fakeSource(newCache(), ...old);
    await expect(
      currentLock(source, 'i386', { names: ['nonesuch'], closures: [] }),
    ).rejects.toMatchObject({ code: 'packages-unknown' });
  });
});

describe('describeLockChange', () => {
  const after = lockOf(info('libc6', '2'), info('redis', '1'));
  it.each([
    ['no lock before', undefined, '2 added'],
    ['the same', after, 'nothing changed'],
    [
      'another',
      lockOf(info('libc6', '1'), info('tzdata', '1')),
      '1 added, 1 changed (libc6), 1 removed',
    ],
  ])('%s', (_, before, text) => {
    expect(describeLockChange(before, after)).toBe(text);
  });
});
