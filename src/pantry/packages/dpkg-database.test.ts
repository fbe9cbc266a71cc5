import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collect } from '../../engine/bytes.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { readDeb } from './deb.ts';
import type { Deb } from './deb.ts';
import { dpkgDatabase, statusDEntries, statusStanza } from './dpkg-database.ts';
import { ar, CONTROL, CONTROL_TAR, DATA_TAR, lacking, tar, VERSION_MEMBER } from './fixtures.ts';

const hello = (): Promise<Deb> =>
  readDeb(ar(VERSION_MEMBER, ['control.tar', CONTROL_TAR], ['data.tar', DATA_TAR]), 'hello.deb');

async function textOf(entry: Entry | undefined): Promise<string> {
  if (!entry?.content) throw new Error(`${entry?.path ?? 'nothing'} is no file`);
  return new TextDecoder().decode(await collect(entry.content.stream()));
}

describe('statusDEntries', () => {
  it('is the control file and the sums, as they are in the package', async () => {
    const entries = statusDEntries(await hello(), { mtime: 0 });
    expect(entries.map(({ type, path, mode, mtime }) => ({ type, path, mode, mtime }))).toEqual([
      { type: 'file', path: 'var/lib/dpkg/status.d/hello', mode: 0o644, mtime: 0 },
      { type: 'file', path: 'var/lib/dpkg/status.d/hello.md5sums', mode: 0o644, mtime: 0 },
    ]);
    expect(await textOf(entries[0])).toBe(CONTROL);
    expect(await textOf(entries[1])).toBe('b1946ac92492d2347c6235b4d2611184  usr/share/hello\n');
  });

  it('does without sums', async () => {
    const control = tar({ name: './control', text: CONTROL });
    const bytes = ar(VERSION_MEMBER, ['control.tar', control], ['data.tar', DATA_TAR]);
    const entries = statusDEntries(await readDeb(bytes, 'hello.deb'), { mtime: 0 });
    expect(entries.map(({ path }) => path)).toEqual(['var/lib/dpkg/status.d/hello']);
  });
});

describe('statusStanza', () => {
  it('orders the fields as dpkg does and says that the package is installed', async () => {
    expect(await statusStanza(await hello())).toBe(`Package: hello
Status: install ok installed
Maintainer: Sem Distro <nobody@example.org>
Architecture: amd64
Source: greetings (1.0)
Version: 1.0-1
Description: says hello
 and nothing else
`);
  });
});

const missing = lacking('dpkg');
describe.skipIf(missing !== undefined)(
  `the database that dpkg itself writes${missing ? ` (${missing})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'semdistro-dpkg-'));
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    /** Two packages with everything that leaves a trace in the database, but no scripts: those cannot run here. */
    const packages = [
      ar(
        VERSION_MEMBER,
        [
          'control.tar',
          tar(
            { name: './' },
            {
              name: './control',
              text: 'Package: libone\nSource: one\nVersion: 1:1.0-1+b1\nArchitecture: amd64\nMulti-Arch: same\nX-Own: field\nMaintainer: A <a@example.org>\nInstalled-Size: 7\nReplaces: old (<< 1)\nBreaks: old (<< 1)\nSection: libs\nPriority: optional\nHomepage: https://example.org\nDescription: one\n long text\n .\n more\n',
            },
            { name: './conffiles', text: '/etc/one.conf\n/etc/one.d/empty\n' },
            { name: './md5sums', text: 'b1946ac92492d2347c6235b4d2611184  etc/one.conf\n' },
            {
              name: './triggers',
              text: '# comment\nactivate-noawait ldconfig\ninterest-noawait /usr/share/own\ninterest own-await\ninterest-noawait own.noawait\n',
            },
            { name: './shlibs', text: 'libone 1 libone\n' },
          ),
        ],
        [
          'data.tar',
          tar(
            { name: './' },
            { name: './etc/' },
            { name: './etc/one.conf', text: 'hello\n' },
            { name: './etc/one.d/' },
            { name: './etc/one.d/empty', text: '' },
          ),
        ],
      ),
      ar(VERSION_MEMBER, ['control.tar', CONTROL_TAR], ['data.tar', DATA_TAR]),
    ];

    it('is the same, byte for byte, and dpkg reads ours', async () => {
      const root = join(folder, 'root');
      for (const name of ['info', 'updates', 'triggers']) {
        mkdirSync(join(root, 'var/lib/dpkg', name), { recursive: true });
      }
      writeFileSync(join(root, 'var/lib/dpkg/status'), '');
      const files = packages.map((bytes, index) => {
        const file = join(folder, `${index}.deb`);
        writeFileSync(file, bytes);
        return file;
      });
      const force = '--force-not-root,depends,architecture,bad-path,script-chrootless';
      const installed = spawnSync(
        'dpkg',
        [`--root=${root}`, '--log=/dev/null', force, '--install', ...files],
        { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
      );
      expect(installed.stderr).toBe('');

      const debs = await Promise.all(packages.map((bytes) => readDeb(bytes, 'test.deb')));
      const entries = await dpkgDatabase(debs, { mtime: 0 });
      const file = (path: string): Entry | undefined =>
        entries.find((entry) => entry.path === path);
      const theirs = (path: string): string => readFileSync(join(root, path), 'utf8');
      expect(await textOf(file('var/lib/dpkg/status'))).toBe(theirs('var/lib/dpkg/status'));
      for (const folder of ['info', 'triggers']) {
        const names = readdirSync(join(root, 'var/lib/dpkg', folder)).filter((n) => n !== 'Lock');
        const paths = names.map((name) => `var/lib/dpkg/${folder}/${name}`).sort();
        const written = entries.map(({ path }) => path).filter((p) => p.includes(`/${folder}/`));
        expect(written.sort()).toEqual(paths);
        for (const path of paths) {
          expect(await textOf(file(path)), path).toBe(theirs(path));
          expect(file(path)?.mode, path).toBe(statSync(join(root, path)).mode & 0o7777);
        }
      }

      const ours = join(folder, 'ours');
      for (const { type, path, content } of entries) {
        if (type === 'dir') mkdirSync(join(ours, path), { recursive: true });
        else if (content) writeFileSync(join(ours, path), await collect(content.stream()));
      }
      const query = spawnSync(
        'dpkg-query',
        [
          `--admindir=${ours}/var/lib/dpkg`,
          '-W',
          '-f',
          '${binary:Package} ${Version} ${db:Status-Abbrev}\n',
        ],
        { encoding: 'utf8' },
      );
      expect(query.stderr).toBe('');
      expect(query.stdout).toMatch(/^hello\S* 1\.0-1 ii \nlibone\S* 1:1\.0-1\+b1 ii \n$/);
    });
  },
);
