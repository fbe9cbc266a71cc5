import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createArchive, poolPath } from './apt-archive-fixture.ts';
import type { ArchiveFixture, PackageFixture } from './apt-archive-fixture.ts';
import { aptSource } from './apt.ts';
import { packageCache } from './cache.ts';
import type { PackageCache } from './cache.ts';
import { readDeb } from './deb.ts';
import { lacking } from './fixtures.ts';
import type { PackageInfo, PackageSource } from './port.ts';

const missing = lacking('apt-get', 'gpg');

describe.skipIf(missing !== undefined)(
  `apt on an archive of our own${missing ? ` (${missing})` : ''}`,
  () => {
    let archive: ArchiveFixture;
    beforeAll(() => {
      archive = createArchive();
    }, 60_000);
    afterAll(() => {
      archive.remove();
    });

    const base: readonly PackageFixture[] = [
      { name: 'libone', version: '1.0-1' },
      { name: 'two', version: '1.0', depends: 'libone (>= 1.0), four | three' },
      { name: 'three', version: '3:1.0~rc1+dfsg-1' },
    ];
    const security: readonly PackageFixture[] = [{ name: 'libone', version: '1.0-1+deb13u1' }];

    /** The three suites, as they are on a mirror that is in step. */
    function writeAll(architecture: string, packages = base): void {
      const suite = { architecture, archive: 'debian' as const };
      archive.writeSuite({ ...suite, name: 'trixie', packages });
      archive.writeSuite({ ...suite, name: 'trixie-updates', packages: [] });
      archive.writeSuite({
        ...{ architecture, archive: 'debian-security', name: 'trixie-security' },
        packages: security,
      });
    }

    let count = 0;
    function newSource(directory = join(archive.folder, `apt-${count++}`)): {
      readonly source: PackageSource;
      readonly cache: PackageCache;
      readonly directory: string;
    } {
      const cache = packageCache(join(archive.folder, `cache-${count++}`));
      return { source: aptSource({ directory, cache, mirror: archive.mirror }), cache, directory };
    }

    const names = (infos: readonly (PackageInfo | undefined)[]): readonly string[] =>
      infos.map((info) => (info ? `${info.name}=${info.version}` : 'none'));

    it('finds the newest version of all suites, or the one asked for', async () => {
      writeAll('i386');
      const { source } = newSource();
      const steps: string[] = [];
      expect(await source.refresh(['i386'], { onProgress: (line) => steps.push(line) })).toEqual(
        [],
      );
      expect(steps).toEqual(['trixie i386', 'trixie-updates i386', 'trixie-security i386']);
      const queries = [
        { name: 'three' },
        { name: 'libone' },
        { name: 'libone', version: '1.0-1' },
        { name: 'libone', version: '0.9' },
        { name: 'nonesuch' },
      ];
      expect(names(await source.find(queries, 'i386'))).toEqual([
        'three=3:1.0~rc1+dfsg-1',
        'libone=1.0-1+deb13u1',
        'libone=1.0-1',
        'none',
        'none',
      ]);
    });

    it('finds nothing when nothing of it exists', async () => {
      writeAll('i386');
      expect(await newSource().source.find([{ name: 'nonesuch' }], 'i386')).toEqual([undefined]);
    });

    it('knows what a package needs, sorted by name, the first alternative there is', async () => {
      writeAll('i386');
      expect(await newSource().source.closure(['two'], 'i386')).toEqual(['libone', 'three', 'two']);
    });

    it.each([
      ['a name that does not exist', ['nonesuch'], 'Debian has no nonesuch with all it depends on'],
      ['what looks like an option', ['-oDir=/'], '"-oDir=/" is no name of a package'],
      ['a pattern', ['?all'], '"?all" is no name of a package'],
    ])('refuses the closure of %s', async (_, roots, message) => {
      writeAll('i386');
      await expect(newSource().source.closure(roots, 'i386')).rejects.toMatchObject({
        code: 'packages-unknown',
        message,
      });
    });

    it('refuses a closure that cannot be satisfied', async () => {
      writeAll('i386', [{ name: 'two', version: '1.0', depends: 'nonesuch' }]);
      await expect(newSource().source.closure(['two'], 'i386')).rejects.toMatchObject({
        code: 'packages-unknown',
      });
    });

    it('downloads into the cache, verified, and says how far it is', async () => {
      writeAll('i386');
      const { source, cache } = newSource();
      const infos = await source.find([{ name: 'three' }, { name: 'libone' }], 'i386');
      const found = infos.filter((info) => info !== undefined);
      const progress: number[] = [];
      const total = found.reduce((sum, { size }) => sum + size, 0);
      await source.fetch(found, 'i386', {
        onProgress(state) {
          expect(state.total).toBe(total);
          progress.push(state.done);
        },
      });
      expect(progress.at(-1)).toBe(total);
      expect(readdirSync(cache.directory).sort()).toEqual(
        found.map(({ sha256 }) => `${sha256}.deb`).sort(),
      );
      for (const { sha256, size, version } of found) {
        const path = await cache.find(sha256, size);
        const deb = path === undefined ? undefined : await readDeb(readFileSync(path), path);
        expect(deb?.control.get('Version')).toBe(version);
      }
    });

    it('keeps architectures apart', async () => {
      writeAll('i386');
      const { source } = newSource();
      await source.refresh(['i386']);
      writeAll('amd64', [{ name: 'libone', version: '9' }]);
      expect(names(await source.find([{ name: 'libone' }], 'amd64'))).toEqual(['libone=9']);
      expect(names(await source.find([{ name: 'libone' }], 'i386'))).toEqual([
        'libone=1.0-1+deb13u1',
      ]);
    });

    it('goes on without a suite that is out of step, and says so without naming the mirror', async () => {
      writeAll('i386');
      const index = 'debian-security/dists/trixie-security/main/binary-i386/Packages';
      writeFileSync(join(archive.folder, index), 'Package: stale\n');
      const { source } = newSource();
      const notes = await source.refresh(['i386']);
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatch(/^package index trixie-security i386 left out: \S/);
      expect(notes[0]).not.toContain(archive.folder);
      expect(names(await source.find([{ name: 'libone' }], 'i386'))).toEqual(['libone=1.0-1']);
    });

    it('uses the last index when there is no new one, and says so', async () => {
      writeAll('i386');
      const { source, directory } = newSource();
      await source.refresh(['i386']);
      writeFileSync(join(archive.folder, 'debian/dists/trixie/InRelease'), 'nonsense');
      const again = newSource(directory).source;
      const notes = await again.refresh(['i386']);
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatch(
        /^package index trixie i386 not refreshed, the last one is used: \S/,
      );
      expect(names(await again.find([{ name: 'three' }], 'i386'))).toEqual([
        'three=3:1.0~rc1+dfsg-1',
      ]);
    });

    it('trusts nothing that another key signed', async () => {
      writeAll('i386');
      archive.writeSuite({
        ...{ archive: 'debian', name: 'trixie', architecture: 'i386', packages: base },
        signer: 'stranger',
      });
      await expect(newSource().source.refresh(['i386'])).rejects.toMatchObject({
        code: 'packages-untrusted',
      });
    });

    it('takes no file whose bytes are not those of the index, and leaves nothing of it', async () => {
      writeAll('i386');
      const { source, cache } = newSource();
      const [info] = await source.find([{ name: 'three' }], 'i386');
      if (!info) throw new Error('three is in the index');
      const file = join(archive.folder, 'debian', poolPath('i386', info));
      writeFileSync(file, readFileSync(file).fill(1, 300, 310));
      await expect(source.fetch([info], 'i386')).rejects.toMatchObject({
        message: expect.stringMatching(/^cannot download three 3:1.0~rc1\+dfsg-1: /) as string,
      });
      expect(readdirSync(cache.directory)).toEqual([]);
      writeAll('i386');
      await source.fetch([info], 'i386');
      expect(readdirSync(cache.directory)).toEqual([`${info.sha256}.deb`]);
    });

    it('takes over what a process that is gone had complete, and throws the rest away', async () => {
      writeAll('i386');
      const { source, cache } = newSource();
      const [info] = await source.find([{ name: 'three' }], 'i386');
      if (!info) throw new Error('three is in the index');
      const file = join(archive.folder, 'debian', poolPath('i386', info));
      const left = join(cache.directory, 'partial-4194305-abc'); // beyond the highest process ID
      mkdirSync(left, { recursive: true });
      writeFileSync(join(left, 'three.deb'), readFileSync(file));
      writeFileSync(join(left, 'two.deb'), 'half');
      writeFileSync(file, 'gone');
      await source.fetch([info], 'i386');
      expect(readdirSync(cache.directory)).toEqual([`${info.sha256}.deb`]);
    });

    it('stops when it is told to, and leaves nothing half', async () => {
      writeAll('i386');
      const { source, cache } = newSource();
      const [info] = await source.find([{ name: 'three' }], 'i386');
      if (!info) throw new Error('three is in the index');
      const signal = AbortSignal.abort();
      await expect(source.fetch([info], 'i386', { signal })).rejects.toMatchObject({
        name: 'AbortError',
      });
      expect(readdirSync(cache.directory)).toEqual([]);
    });

    it('lets two processes share a folder', async () => {
      writeAll('i386');
      const { source, directory } = newSource();
      const other = newSource(directory).source;
      const [first, second] = await Promise.all([
        source.find([{ name: 'libone' }], 'i386'),
        other.find([{ name: 'libone' }], 'i386'),
      ]);
      expect(names([...first, ...second])).toEqual([
        'libone=1.0-1+deb13u1',
        'libone=1.0-1+deb13u1',
      ]);
    });
  },
);

describe('a system without apt', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('is told to use the container image of the workshop', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    const source = aptSource({ directory: '/nonexistent', cache: packageCache('/nonexistent') });
    await expect(source.refresh(['amd64'])).rejects.toMatchObject({
      code: 'packages-unavailable',
      message:
        'Debian packages are needed to build the base images, and this system has no apt-get',
      hint: "Use the workshop's container image: it has everything in it.",
    });
  });
});
