import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { collect, utf8 } from '../../engine/bytes.ts';
import { readDeb } from './deb.ts';
import { ar, CONTROL, CONTROL_TAR, DATA_TAR, lacking, tar, VERSION_MEMBER } from './fixtures.ts';

const control = ['control.tar', CONTROL_TAR] as const;
const data = ['data.tar', DATA_TAR] as const;

describe('readDeb', () => {
  it.each<readonly [string, readonly (readonly [string, Uint8Array])[]]>([
    ['uncompressed', [control, data]],
    [
      'gzip',
      [
        ['control.tar.gz', gzipSync(CONTROL_TAR)],
        ['data.tar.gz', gzipSync(DATA_TAR)],
      ],
    ],
    [
      'zstd',
      [
        ['control.tar.zst', zstdCompressSync(CONTROL_TAR)],
        ['data.tar.zst', zstdCompressSync(DATA_TAR)],
      ],
    ],
    ['members it does not know', [['_extra', utf8('x')], control, data, ['later', utf8('')]]],
  ])('reads a package (%s)', async (_, members) => {
    const deb = await readDeb(ar(VERSION_MEMBER, ...members), 'hello.deb');
    expect(deb.control.get('Package')).toBe('hello');
    expect(deb.control.get('Description')).toBe('says hello\n and nothing else');
    expect([...deb.controlFiles.keys()]).toEqual(['control', 'md5sums']);
    expect(
      deb.entries.map(({ type, path, mode, size, mtime, target }) => ({
        ...{ type, path, mode, size, mtime, target },
      })),
    ).toEqual([
      { type: 'dir', path: '', mode: 0o755, size: 0, mtime: 86_400, target: undefined },
      { type: 'dir', path: 'usr', mode: 0o755, size: 0, mtime: 86_400, target: undefined },
      { type: 'dir', path: 'usr/share', mode: 0o755, size: 0, mtime: 86_400, target: undefined },
      ...[
        { type: 'file', path: 'usr/share/hello', mode: 0o644, size: 6, target: undefined },
        { type: 'symlink', path: 'usr/share/hi', mode: 0o644, size: 0, target: 'hello' },
      ].map((entry) => ({ ...entry, mtime: 86_400 })),
    ]);
    const content = deb.entries[3]?.content;
    expect(content && (await collect(content.stream()))).toEqual(utf8('hello\n'));
  });

  it('keeps names that would be whiteouts in a layer', async () => {
    const odd = tar({ name: './' }, { name: './.wh.a', text: 'x' });
    const deb = await readDeb(ar(VERSION_MEMBER, control, ['data.tar', odd]), 'odd.deb');
    expect(deb.entries[1]).toMatchObject({ type: 'file', path: '.wh.a' });
  });

  const good = ar(VERSION_MEMBER, control, data);
  const withControl = (text: string): Uint8Array =>
    ar(VERSION_MEMBER, ['control.tar', tar({ name: './control', text })], data);
  it.each([
    ['no archive', utf8('hello'), 'no ar archive (at byte 0)'],
    ['an archive cut off', good.subarray(0, good.length - 600), /^member cut off/],
    ['an archive of nothing', ar(), 'the first member is not debian-binary'],
    ['members in another order', ar(control, data), 'the first member is not debian-binary'],
    [
      'another version',
      ar(['debian-binary', utf8('3.0\n')], control, data),
      'not format 2 of Debian packages',
    ],
    ['no data', ar(VERSION_MEMBER, control), 'no data.tar in it'],
    ['no control', ar(VERSION_MEMBER, data), 'no control.tar in it'],
    [
      'two data archives',
      ar(VERSION_MEMBER, control, data, ['data.tar.gz', gzipSync(DATA_TAR)]),
      'data.tar is in it twice',
    ],
    [
      'an unknown compression',
      ar(VERSION_MEMBER, control, ['data.tar.br', DATA_TAR]),
      'data.tar.br has an unknown compression',
    ],
    ['gzip that is none', ar(VERSION_MEMBER, control, ['data.tar.gz', DATA_TAR]), /^data.tar.gz: /],
    [
      'zstd that is none',
      ar(VERSION_MEMBER, control, ['data.tar.zst', DATA_TAR]),
      /^data.tar.zst: /,
    ],
    ['xz that is none', ar(VERSION_MEMBER, control, ['data.tar.xz', DATA_TAR]), /^data.tar.xz: /],
    [
      'gzip cut off',
      ar(VERSION_MEMBER, control, ['data.tar.gz', gzipSync(DATA_TAR).subarray(0, 80)]),
      /^data.tar.gz: /,
    ],
    [
      'a tar cut off',
      ar(VERSION_MEMBER, control, ['data.tar', DATA_TAR.subarray(0, 700)]),
      /unexpected EOF|truncated/,
    ],
    [
      'a path out of the root',
      ar(VERSION_MEMBER, control, ['data.tar', tar({ name: '../../etc/passwd', text: 'x' })]),
      /outside of the root/,
    ],
    [
      'no control file',
      ar(VERSION_MEMBER, ['control.tar', tar({ name: './md5sums', text: '' })], data),
      'control archive: no control file',
    ],
    [
      'two control files',
      ar(
        VERSION_MEMBER,
        [
          'control.tar',
          tar({ name: './control', text: CONTROL }, { name: 'control', text: CONTROL }),
        ],
        data,
      ),
      'control archive: control is in it twice',
    ],
    ['an empty control file', withControl(''), 'control file: not one paragraph'],
    ['two paragraphs', withControl(`${CONTROL}\n${CONTROL}`), 'control file: not one paragraph'],
    ['no version', withControl('Package: a\n'), 'control file: there is no Version field'],
  ])('refuses %s', async (_, bytes, message) => {
    const error: unknown = await readDeb(bytes, 'bad.deb').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'EngineError', code: 'deb-corrupt' });
    const text = error instanceof Error ? error.message : '';
    expect(text).toMatch(/^bad\.deb: /);
    expect(text.slice('bad.deb: '.length)).toMatch(message);
  });
});

const missing = lacking('dpkg-deb');
describe.skipIf(missing !== undefined)(
  `a package that dpkg-deb made${missing ? ` (${missing})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'semdistro-deb-'));
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });
    const root = join(folder, 'root');
    mkdirSync(join(root, 'DEBIAN'), { recursive: true });
    mkdirSync(join(root, 'usr/share/ação'), { recursive: true });
    writeFileSync(join(root, 'DEBIAN/control'), CONTROL);
    writeFileSync(join(root, 'DEBIAN/postinst'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(root, 'usr/share/ação/ü'), 'x'.repeat(70_000), { mode: 0o600 });
    writeFileSync(join(root, 'usr/share', 'n'.repeat(160)), 'a long name');
    symlinkSync('../over/there', join(root, 'usr/share/link'));

    it.each(['none', 'gzip', 'xz', 'zstd'])('compressed with %s is read the same', async (kind) => {
      const file = join(folder, `${kind}.deb`);
      const made = spawnSync('dpkg-deb', [
        '--root-owner-group',
        `-Z${kind}`,
        '--build',
        root,
        file,
      ]);
      expect(made.status).toBe(0);
      const deb = await readDeb(readFileSync(file), file);
      expect(deb.control.get('Version')).toBe('1.0-1');
      expect([...deb.controlFiles.keys()].sort()).toEqual(['control', 'postinst']);
      const listed = spawnSync('sh', ['-c', 'dpkg-deb --fsys-tarfile "$0" | tar -t', file], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      const names = listed.stdout
        .trim()
        .split('\n')
        .map((name) => name.replace(/^\.\/|\/$/g, ''));
      expect(deb.entries.map(({ path }) => path)).toEqual(names);
      const secret = deb.entries.find(({ path }) => path === 'usr/share/ação/ü');
      expect(secret).toMatchObject({ mode: 0o600, uid: 0, gid: 0, size: 70_000 });
      expect(deb.entries.find(({ type }) => type === 'symlink')?.target).toBe('../over/there');
    });
  },
);
