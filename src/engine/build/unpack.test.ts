import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { buildFiles, testEngine } from '../../testing/build.ts';
import { dir, file, hardlink, symlink } from '../../testing/entries.ts';
import { collect } from '../bytes.ts';
import type { Entry } from '../layer/entry.ts';
import { writeTar } from '../tar/writer.ts';

async function tar(entries: readonly Entry[]): Promise<Uint8Array> {
  return collect(writeTar(entries));
}

async function add(archive: Uint8Array, lines = 'ADD t /to/'): Promise<readonly string[]> {
  const result = await buildFiles(testEngine(), `FROM scratch\n${lines}\n`, {
    t: file('t', archive),
    'below/f': 'below',
  });
  return [...(await result.tree()).walk()].map(({ entry }) => {
    const target = entry.target === undefined ? '' : ` -> ${entry.target}`;
    return `${entry.type} ${entry.mode.toString(8)} ${entry.uid}:${entry.gid} ${entry.path}${target}`;
  });
}

describe('ADD unpacks a local archive', () => {
  const entries = [
    dir('d', { mode: 0o700, uid: 3, gid: 4 }),
    file('d/f', 'x', { uid: 5 }),
    symlink('d/l', '/etc'),
  ];
  const unpacked = [
    'dir 755 0:0 to',
    'dir 700 3:4 to/d',
    'file 644 5:0 to/d/f',
    'symlink 777 0:0 to/d/l -> /etc',
  ];

  test('tar', async () => {
    expect(await add(await tar(entries))).toEqual(unpacked);
  });

  test('tar in gzip, whatever its name', async () => {
    expect(await add(new Uint8Array(gzipSync(await tar(entries))))).toEqual(unpacked);
  });

  test('--chown is for the directory that is made, the archive has its own owners', async () => {
    expect(await add(await tar(entries), 'ADD --chown=7:8 t /to/')).toEqual([
      'dir 755 7:8 to',
      ...unpacked.slice(1),
    ]);
  });

  test('a file in a directory that is not listed, and a second name of it', async () => {
    expect(await add(await tar([file('a/b', 'x'), hardlink('c', 'a/b')]))).toEqual([
      'dir 755 0:0 to',
      'dir 755 0:0 to/a',
      'file 644 0:0 to/a/b',
      'file 644 0:0 to/c',
    ]);
  });

  test('over what is there: files go, directories are merged', async () => {
    const lines = 'COPY below /to\nADD t /to/';
    expect(await add(await tar([file('new', 'x'), dir('f'), file('f/g', 'y')]), lines)).toEqual([
      'dir 755 0:0 to',
      'dir 755 0:0 to/f',
      'file 644 0:0 to/f/g',
      'file 644 0:0 to/new',
    ]);
  });
});

describe('ADD copies what only looks like an archive', () => {
  test.for<readonly [string, Uint8Array]>([
    ['text', new TextEncoder().encode('no archive')],
    ['gzip of text', new Uint8Array(gzipSync('text'))],
    ['the first bytes of gzip', new Uint8Array([0x1f, 0x8b])],
    ['512 zeros', new Uint8Array(512)],
    ['nothing', new Uint8Array(0)],
  ])('%s', async ([, bytes]) => {
    expect(await add(bytes)).toEqual(['dir 755 0:0 to', 'file 644 0:0 to/t']);
  });
});

describe('an archive cannot leave the directory it is unpacked into', () => {
  test('through its own links', async () => {
    const entries = [
      symlink('up', '../../..'),
      file('up/evil', 'x'),
      symlink('abs', '/'),
      file('abs/evil2', 'x'),
    ];
    expect(await add(await tar(entries))).toEqual([
      'dir 755 0:0 to',
      'symlink 777 0:0 to/abs -> /',
      'file 644 0:0 to/evil',
      'file 644 0:0 to/evil2',
      'symlink 777 0:0 to/up -> ../../..',
    ]);
  });

  test('by name', async () => {
    const archive = await tar([file('aa/evil', 'x')]);
    archive.set(new TextEncoder().encode('../evil'), 0);
    // The checksum covers the name: `aa/evil` to `../evil` takes 2 × (0x61 − 0x2e) away.
    const sum = new TextDecoder().decode(archive.subarray(148, 154));
    const mended = (parseInt(sum, 8) - 2 * (0x61 - 0x2e)).toString(8).padStart(6, '0');
    archive.set(new TextEncoder().encode(mended), 148);
    await expect(add(archive)).rejects.toMatchObject({
      code: 'path-escape',
      range: { start: { line: 1 } },
    });
  });

  test('by a link to a file that is not there', async () => {
    await expect(add(await tar([hardlink('l', 'etc/passwd')]))).rejects.toMatchObject({
      code: 'link-target-missing',
      message: 'hard link /l to a missing /etc/passwd',
    });
  });
});

test.for<readonly [string, readonly number[]]>([
  ['bzip2', [0x42, 0x5a, 0x68, 0x39]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
])('%s is refused rather than copied unnoticed, and COPY takes it', async ([name, magic]) => {
  const bytes = new Uint8Array(600);
  bytes.set(magic);
  await expect(add(bytes)).rejects.toMatchObject({
    code: 'compression-unsupported',
    message: `ADD cannot unpack ${name} here; it unpacks tar and tar in gzip`,
  });
  expect(await add(bytes, 'COPY t /to/')).toEqual(['dir 755 0:0 to', 'file 644 0:0 to/t']);
});

test('a truncated archive is an error at its line', async () => {
  const archive = (await tar([file('a', 'x'.repeat(2000))])).subarray(0, 1024);
  await expect(add(archive)).rejects.toMatchObject({
    code: 'tar-truncated',
    range: { start: { line: 1 } },
  });
});
