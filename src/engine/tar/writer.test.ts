import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { codeOf } from '../../testing/hostile.ts';
import { collect, decodeName, once, utf8 } from '../bytes.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { entriesOfTar } from '../layer/from-tar.ts';
import { encodeHeader } from './encode-header.ts';
import { BLOCK } from './format.ts';
import { writeTar } from './writer.ts';

const archiveOf = (...entries: readonly Entry[]): Promise<Uint8Array> => collect(writeTar(entries));

/** Everything about an entry, its content as text. */
async function flat(entries: readonly Entry[]): Promise<readonly unknown[]> {
  const list = [];
  for (const { content, ...rest } of entries) {
    list.push({ ...rest, text: content && decodeName(await collect(content.stream())) });
  }
  return list;
}

const name = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', 'bin', 'é', '🐧', '\udcff', 'n'.repeat(99), 'w'.repeat(160), ' x ', '-'),
      fc.stringMatching(/^[a-z]{1,120}$/),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join('/'));

const more = fc.record({
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.oneof(fc.integer({ min: 0, max: 70000 }), fc.constantFrom(2097151, 2097152, 4294967295)),
  gid: fc.oneof(fc.integer({ min: 0, max: 70000 }), fc.constant(4294967294)),
  mtime: fc.oneof(
    fc.integer({ min: 0, max: 2 ** 31 }),
    fc.constantFrom(-1, -(2 ** 33), 8589934591, 8589934592),
  ),
});

const device = fc.record({
  major: fc.integer({ min: 0, max: 4095 }),
  minor: fc.integer({ min: 0, max: 1048575 }),
});

const xattrs = fc.option(
  fc.dictionary(fc.constantFrom('user.a', 'security.capability', 'user.ü'), fc.uint8Array(), {
    minKeys: 1,
  }),
  { nil: undefined },
);

const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc
    .tuple(name, fc.uint8Array({ maxLength: 1600 }), more, xattrs)
    .map(([path, bytes, rest, x]) => file(path, bytes, { ...rest, ...(x && { xattrs: x }) })),
  fc.tuple(name, more).map(([path, rest]) => dir(path, rest)),
  fc.tuple(name, name, more).map(([path, to, rest]) => symlink(path, `../${to}`, rest)),
  fc.tuple(name, name).map(([path, to]) => hardlink(path, to)),
  fc
    .tuple(name, device, fc.constantFrom('char' as const, 'block' as const))
    .map(([path, numbers, type]): Entry => ({ ...dir(path), type, device: numbers })),
  name.map((path): Entry => ({ ...dir(path), type: 'fifo' })),
  name.map((path) => whiteout(path)),
  name.map((path) => opaque(path)),
);

describe('read back', () => {
  test('any entries are what they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 10 }), async (entries) => {
        const archive = await archiveOf(...entries);
        expect(archive.length % BLOCK).toBe(0);
        expect(await flat(await entriesOfTar(contentOf(archive)))).toEqual(await flat(entries));
      }),
      { numRuns: 150 },
    );
  });

  test('the root is a directory like others', async () => {
    const [root] = await entriesOfTar(contentOf(await archiveOf(dir('', { mode: 0o700 }))));
    expect(root).toEqual(dir('', { mode: 0o700 }));
  });
});

describe('the same everywhere', () => {
  test('the same entries give the same bytes, however their contents stream', async () => {
    const bytes = utf8('content'.repeat(30_000));
    const pieces: Entry = {
      ...file('a', bytes),
      content: {
        ...contentOf(bytes),
        stream: async function* () {
          for (let at = 0; at < bytes.length; at += 777) yield bytes.slice(at, at + 777);
        },
      },
    };
    const rest = [dir('d'), file('d/x', 'y')];
    const whole = await archiveOf(file('a', bytes), ...rest);
    expect(Buffer.compare(await archiveOf(pieces, ...rest), whole)).toBe(0);
  });

  test('what ustar can say is one block, without names of owners', async () => {
    const plain = file('bin/sh', '', { mode: 0o755, uid: 1000, gid: 50, mtime: 1580702706 });
    const header = encodeHeader(plain);
    const text = decodeName(header);
    expect(header.length).toBe(BLOCK);
    expect(text.slice(100, 148)).toBe(
      '0000755\x000001750\x000000062\x0000000000000\x0013615715762\0',
    );
    expect(text.slice(257, 265)).toBe('ustar\x0000');
    expect(text.slice(265, 329)).toBe('\0'.repeat(64));
  });

  test.each([
    ['a name of 100 bytes', file('n'.repeat(100)), 1],
    ['a name of 101 bytes without a slash', file('n'.repeat(101)), 3],
    ['a name split at a slash', file(`${'d'.repeat(155)}/${'n'.repeat(100)}`), 1],
    ['a name that cannot be split', file(`${'d'.repeat(156)}/${'n'.repeat(99)}`), 3],
    ['a directory split before its last slash', dir(`${'d'.repeat(60)}/${'n'.repeat(60)}`), 1],
    ['a directory of 101 bytes', dir('d'.repeat(100)), 3],
    ['a name that is not ASCII', file('é'), 3],
    ['a target of 100 bytes', symlink('s', 't'.repeat(100)), 1],
    ['a target of 101 bytes', symlink('s', 't'.repeat(101)), 3],
    ['the largest owner of ustar', file('a', '', { uid: 0o7777777, gid: 0o7777777 }), 1],
    ['an owner beyond', file('a', '', { uid: 0o10000000 }), 3],
    ['a time before 1970', file('a', '', { mtime: -1 }), 3],
    ['a fraction of a second', file('a', '', { mtime: 1.5 }), 1],
    ['8 GiB less one byte', { ...file('a'), size: 8 * 2 ** 30 - 1 }, 1],
    ['8 GiB', { ...file('a'), size: 8 * 2 ** 30 }, 3],
    ['an attribute', file('a', '', { xattrs: { 'user.a': utf8('b') } }), 3],
  ])('%s: %j in blocks', (_, entry, blocks) => {
    expect(encodeHeader(entry).length).toBe(blocks * BLOCK);
  });

  test('times are cut to seconds, downwards, unless fractions are asked for', async () => {
    const entries = [file('a', '', { mtime: 1.75 }), file('b', '', { mtime: -1.75 })];
    const times = async (fractions: boolean): Promise<readonly number[]> => {
      const archive = await collect(writeTar(entries, { fractions }));
      return (await entriesOfTar(contentOf(archive))).map(({ mtime }) => mtime);
    };
    expect(await times(false)).toEqual([1, -2]);
    expect(await times(true)).toEqual([1.75, -1.75]);
  });
});

describe('what cannot be written', () => {
  const lying = (content: string): Entry => ({ ...file('a', content), size: 3 });

  test('a file whose name would remove another', async () => {
    expect(await codeOf(() => archiveOf(file('d/.wh.x')))).toBe('whiteout-invalid');
  });

  test.each([
    ['content too short', lying('ab'), 'content of a is not 3 bytes long'],
    ['content too long', lying('abcd'), 'content of a is not 3 bytes long'],
    ['no content', { ...dir('a'), type: 'file' as const }, 'file without content: a'],
    ['a negative owner', file('a', '', { uid: -1 }), 'owner -1:0'],
    ['half a mode', file('a', '', { mode: 1.5 }), 'mode'],
    ['no time', file('a', '', { mtime: Number.NaN }), 'mtime NaN'],
    ['NUL in a name', file('a\0b'), 'NUL cannot be in a tar archive'],
    ['a link without target', symlink('a', ''), 'a link without target'],
    ['an attribute with =', file('a', '', { xattrs: { 'a=b': utf8('') } }), 'attribute name'],
  ])('%s', async (_, entry, message) => {
    await expect(archiveOf(entry)).rejects.toThrow(message);
  });

  test('content as long as it says can be', async () => {
    expect(await archiveOf(lying('abc'))).toHaveLength(4 * BLOCK);
  });
});

describe('GNU tar', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'semdistro-tar-'));
  afterAll(() => {
    rmSync(scratch, { recursive: true });
  });

  const LETTERS = {
    file: '-',
    whiteout: '-',
    opaque: '-',
    dir: 'd',
    symlink: 'l',
    hardlink: 'h',
    char: 'c',
    block: 'b',
    fifo: 'p',
  };

  function listed(entry: Entry): string {
    const bits = Array.from('rwxrwxrwx', (letter, i) => (entry.mode & (0o400 >> i) ? letter : '-'));
    const special = [
      [0o4000, 2, 's', 'S'],
      [0o2000, 5, 's', 'S'],
      [0o1000, 8, 't', 'T'],
    ] as const;
    for (const [bit, at, on, off] of special) {
      if (entry.mode & bit) bits[at] = bits[at] === 'x' ? on : off;
    }
    const time = new Date(entry.mtime * 1000).toISOString().slice(0, 19).replace('T', ' ');
    const { major = 0, minor = 0 } = entry.device ?? {};
    const size = entry.device ? `${major},${minor}` : entry.size;
    const slash = entry.type === 'dir' ? '/' : '';
    const arrow = { symlink: ' -> ', hardlink: ' link to ' } as const;
    const target =
      entry.type === 'symlink' || entry.type === 'hardlink'
        ? `${arrow[entry.type]}${entry.target ?? ''}`
        : '';
    return `${LETTERS[entry.type]}${bits.join('')} ${entry.uid}/${entry.gid} ${size} ${time} ${entry.path}${slash}${target}`;
  }

  const plain = anyEntry.filter(
    (entry) => entry.type !== 'whiteout' && entry.type !== 'opaque' && entry.mtime > -(2 ** 32),
  );

  test('lists what was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plain, { minLength: 1, maxLength: 30 }), async (entries) => {
        const args = [
          '-tvf',
          '-',
          '--numeric-owner',
          '--full-time',
          '--utc',
          '--quoting-style=literal',
        ];
        const { stdout, stderr, status } = spawnSync('tar', args, {
          input: await archiveOf(...entries),
          env: { ...process.env, LC_ALL: 'C' },
        });
        expect([stderr.toString(), status]).toEqual(['', 0]);
        const lines = decodeName(Uint8Array.from(stdout)).slice(0, -1).split('\n');
        const squeezed = lines.map((line) => line.replace(/^(\S+ \S+) +/, '$1 '));
        expect(squeezed).toEqual(entries.map(listed));
      }),
      { numRuns: 25 },
    );
  });

  test('unpacks what was written', async () => {
    const entries = [
      dir('d', { mode: 0o751, mtime: 1000 }),
      file('d/é', 'text', { mode: 0o640, mtime: 1580702706 }),
      file('d/\udcff', 'bytes'),
      file(`${'x'.repeat(200)}/${'y'.repeat(200)}`, 'long'),
      symlink('s', 'd/é'),
      hardlink('h', 'd/é'),
      { ...dir('p'), type: 'fifo' as const },
      file('big', 'z'.repeat(100_000)),
    ];
    const input = await archiveOf(...entries);
    execFileSync('tar', ['-C', scratch, '-xpf', '-', '--no-same-owner'], { input });
    expect(lstatSync(join(scratch, 'd')).mode & 0o7777).toBe(0o751);
    expect(lstatSync(join(scratch, 'd/é'))).toMatchObject({
      size: 4,
      mtimeMs: 1580702706_000,
      nlink: 2,
    });
    expect(readFileSync(join(scratch, 'h'), 'utf8')).toBe('text');
    expect(readlinkSync(join(scratch, 's'))).toBe('d/é');
    expect(lstatSync(join(scratch, 'p')).isFIFO()).toBe(true);
    expect(readFileSync(join(scratch, 'x'.repeat(200), 'y'.repeat(200)), 'utf8')).toBe('long');
    expect(readFileSync(join(scratch, 'big'), 'utf8')).toBe('z'.repeat(100_000));
    const names = readdirSync(join(scratch, 'd'), { encoding: 'buffer' });
    expect(names.map((bytes) => decodeName(Uint8Array.from(bytes))).sort()).toEqual([
      'é',
      '\udcff',
    ]);
  });

  test('what it packs again from that, reads as the same', async () => {
    const args = ['--sort=name', '--format=posix', '--numeric-owner', '--owner=0', '--group=0'];
    const again = execFileSync('tar', ['-C', scratch, ...args, '-cf', '-', 'd', 's']);
    const entries = await entriesOfTar(contentOf(Uint8Array.from(again)));
    expect(entries.map(({ type, path, mode, target }) => [type, path, mode, target])).toEqual([
      ['dir', 'd', 0o751, undefined],
      ['file', 'd/é', 0o640, undefined],
      ['file', 'd/\udcff', 0o644, undefined],
      ['symlink', 's', 0o777, 'd/é'],
    ]);
  });
});

test('a large file passes through without being gathered', async () => {
  const piece = new Uint8Array(1024 * 1024);
  const size = 200 * piece.length;
  const large: Entry = {
    ...file('large'),
    size,
    content: {
      size,
      read: () => Promise.reject(new Error('not by range')),
      stream: async function* () {
        for (let i = 0; i < 200; i++) yield* once(piece);
      },
    },
  };
  let length = 0;
  let longest = 0;
  for await (const chunk of writeTar([large])) {
    length += chunk.length;
    longest = Math.max(longest, chunk.length);
  }
  expect(length).toBe(size + 3 * BLOCK);
  expect(longest).toBe(piece.length);
});
