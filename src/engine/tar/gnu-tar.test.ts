import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../testing/hostile.ts';
import { readAll } from '../../testing/tar.ts';

const temporary = mkdtempSync(join(tmpdir(), 'semdistro-tar-'));
afterAll(() => {
  rmSync(temporary, { recursive: true });
});

describe('archives of GNU tar', () => {
  const root = join(temporary, 'tree');
  const long = `${'long'.repeat(20)}/${'name'.repeat(25)}`;
  mkdirSync(join(root, 'd', 'long'.repeat(20)), { recursive: true });
  writeFileSync(join(root, 'd/file'), 'content', { mode: 0o640 });
  writeFileSync(join(root, 'd/empty'), '');
  writeFileSync(join(root, 'd/program'), 'x'.repeat(2000), { mode: 0o4755 });
  writeFileSync(join(root, 'd', long), 'long');
  symlinkSync('/no/such', join(root, 'd/symlink'));
  linkSync(join(root, 'd/file'), join(root, 'd/hardlink'));
  writeFileSync(Buffer.concat([Buffer.from(`${root}/d/`), Buffer.from([0xe7, 0xff])]), 'latin');
  execFileSync('mkfifo', [join(root, 'd/fifo')]);
  symlinkSync('t'.repeat(150), join(root, 'd/longlink'));

  const tar = (...args: readonly string[]): Uint8Array => {
    const owner = ['--owner=app:1000', '--group=staff:50', '--mtime=2020-02-03 04:05:06Z'];
    return Uint8Array.from(
      execFileSync('tar', ['-C', root, '--sort=name', ...owner, ...args, '-cf', '-', 'd']),
    );
  };
  const only = (name: string): readonly string[] => [`--exclude=${name}`];

  test.each([
    ['v7', [...only('fifo'), ...only('longlink'), ...only('long*')]],
    ['oldgnu', []],
    ['gnu', []],
    ['ustar', only('longlink')],
    ['posix', []],
  ])('format %s', async (format, excluded) => {
    const entries = await readAll(tar(`--format=${format}`, ...excluded));
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    expect(byName.get('d/')?.type).toBe('dir');
    expect(byName.get('d/file')).toMatchObject({
      type: 'file',
      mode: 0o640,
      uid: 1000,
      gid: 50,
      mtime: 1580702706,
      size: 7,
      text: 'content',
    });
    expect(byName.get('d/empty')).toMatchObject({ type: 'file', size: 0 });
    expect(byName.get('d/program')).toMatchObject({ text: 'x'.repeat(2000), mode: 0o4755 });
    expect(byName.get('d/hardlink')).toMatchObject({ type: 'hardlink', linkName: 'd/file' });
    expect(byName.get('d/symlink')).toMatchObject({ type: 'symlink', linkName: '/no/such' });
    expect(byName.get('d/\udce7\udcff')?.text).toBe('latin');
    if (format === 'v7') return;
    expect(byName.get(`d/${long}`)?.text).toBe('long');
    expect(byName.get('d/fifo')?.type).toBe('fifo');
    if (format === 'ustar') return;
    expect(byName.get('d/longlink')?.linkName).toBe('t'.repeat(150));
  });

  test('numbers beyond octal', async () => {
    const args = ['--owner=:3000000000', '--group=:4294967294', '--mtime=1960-01-01 00:00:00Z'];
    for (const format of ['gnu', 'posix']) {
      const [first] = await readAll(tar(`--format=${format}`, ...args));
      expect(first).toMatchObject({ uid: 3000000000, gid: 4294967294, mtime: -315619200 });
    }
  });

  test('fractions of seconds', async () => {
    const [first] = await readAll(tar('--format=posix', '--mtime=2020-02-03 04:05:06.25Z'));
    expect(first?.mtime).toBe(1580702706.25);
  });

  test('a volume label and a global header are passed over', async () => {
    const labelled = tar('--format=gnu', '--label=backup');
    expect((await readAll(labelled)).map(({ name }) => name)).not.toContain('backup');
    const commented = tar('--format=posix', '--pax-option=globexthdr.name=g,comment=hello');
    expect((await readAll(commented))[0]).toMatchObject({ name: 'd/', type: 'dir' });
  });

  test('sparse files are refused in every format that has them', async () => {
    const sparse = join(temporary, 'sparse');
    mkdirSync(sparse);
    writeFileSync(join(sparse, 'f'), '');
    truncateSync(join(sparse, 'f'), 10_000_000);
    for (const format of ['gnu', 'posix']) {
      const archive = execFileSync('tar', [
        '-C',
        sparse,
        '-S',
        `--format=${format}`,
        '-cf',
        '-',
        'f',
      ]);
      expect(await codeOf(() => readAll(Uint8Array.from(archive)))).toBe('tar-unsupported');
    }
  });
});
