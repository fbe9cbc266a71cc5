import { spawnSync } from 'node:child_process';
import { lstat, mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../engine/layer/entry.ts';
import { directory, fileOf, symlink } from '../entries.ts';
import { lacking } from '../packages/fixtures.ts';
import { cpio } from './cpio.ts';

const ENTRIES: readonly Entry[] = [
  fileOf('init', '#!/bin/sh\n', 0o755, { mtime: 1_700_000_000.5 }),
  fileOf('etc/deep/empty', '', 0o600, { uid: 1000, gid: 65534 }),
  fileOf('etc/odd', 'odd'),
  fileOf('umlaut-ä', 'ä\n'),
  directory('tmp', 0o1777),
  symlink('bin/sh', 'busybox'),
  { ...directory('dev/console', 0o600), type: 'char', device: { major: 5, minor: 1 } },
  { ...fileOf('bin/other', ''), type: 'hardlink', target: 'init', size: 0 },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semdistro-cpio-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function program(args: readonly string[], archive: Uint8Array) {
  const { status, stdout, stderr } = spawnSync('cpio', args, { cwd: folder, input: archive });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

const reason = lacking('cpio');
describe.skipIf(reason !== undefined)(
  `an archive that cpio(1) reads (${reason ?? 'it is here'})`,
  () => {
    it('lists what is in it, directories that were missing among it, parents first', async () => {
      const { status, stdout, stderr } = program(['--list', '--quiet'], await cpio(ENTRIES));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.trim().split('\n')).toEqual([
        ...[
          'bin',
          'bin/other',
          'bin/sh',
          'dev',
          'dev/console',
          'etc',
          'etc/deep',
          'etc/deep/empty',
        ],
        ...['etc/odd', 'init', 'tmp', 'umlaut-ä'],
      ]);
    });

    it('has types, modes, owners, dates and devices', async () => {
      const listing = program(['--list', '-v', '-n', '--quiet'], await cpio(ENTRIES)).stdout;
      const of = (path: string) =>
        listing
          .split('\n')
          .find((line) => line.endsWith(` ${path}`))
          ?.replaceAll(/ +/g, ' ');
      expect(of('init')).toMatch(/^-rwxr-xr-x 1 0 0 10 Nov 1[45] 2023 init$/);
      expect(of('etc/deep/empty')).toMatch(/^-rw------- 1 1000 65534 0 /);
      expect(of('tmp')).toMatch(/^drwxrwxrwt 2 0 0 0 /);
      expect(of('dev/console')).toMatch(/^crw------- 1 0 0 5, 1 /);
    });

    it('unpacks to the same bytes; a hard link is a copy', async () => {
      const files = ENTRIES.filter(({ type }) => type !== 'char');
      const { status, stderr } = program(['-i', '-d', '--quiet'], await cpio(files));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      for (const [path, text] of [
        ['init', '#!/bin/sh\n'],
        ['bin/other', '#!/bin/sh\n'],
        ['etc/odd', 'odd'],
        ['umlaut-ä', 'ä\n'],
      ] as const) {
        expect(await readFile(join(folder, path), 'utf8')).toBe(text);
      }
      expect(await readlink(join(folder, 'bin/sh'))).toBe('busybox');
      expect((await lstat(join(folder, 'bin/other'))).nlink).toBe(1);
    });
  },
);

describe('an archive', () => {
  it('does not depend on the order of what is put in', async () => {
    expect(await cpio([...ENTRIES].reverse())).toEqual(await cpio(ENTRIES));
  });

  it('is refused for what an initramfs cannot have', async () => {
    await expect(cpio([{ ...directory('gone'), type: 'whiteout' }])).rejects.toThrow(
      'gone cannot be in an initramfs: whiteout',
    );
  });
});
