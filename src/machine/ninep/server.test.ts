import { describe, expect, test } from 'vitest';
import { dir, file, symlink } from '../../testing/entries.ts';
import { type NinepClient, ninepClient } from '../../testing/ninep.ts';
import { writableOver } from '../../testing/writable.ts';
import { utf8 } from '../../engine/bytes.ts';
import { ERRNO, type ErrnoName } from '../files/errno.ts';
import { FORMAT } from '../files/node.ts';
import type { Reader, Writer } from './codec.ts';
import { AT_REMOVEDIR, LOCK, SET, T, XATTR } from './messages.ts';
import { ninepServer } from './server.ts';

const LOWER = [
  dir('d', { mode: 0o2755 }),
  file('d/f', 'text of f', { mode: 0o640, uid: 5, gid: 6, mtime: 1.5 }),
  dir('empty'),
  symlink('l', 'd/f'),
];

const open = (uid = 0): Promise<NinepClient> =>
  ninepClient(ninepServer(writableOver(LOWER).root), uid);

const O = { read: 0, write: 1, both: 2, create: 0o100, exclusive: 0o200, truncate: 0o1000 };

async function opened(client: NinepClient, path: string, flags = O.both): Promise<number> {
  const fid = await client.walk(path);
  await client.ok(T.lopen, (m) => m.u32(fid).u32(flags));
  return fid;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function read(client: NinepClient, fid: number, offset = 0, count = 1000): Promise<string> {
  const answer = await client.ok(T.read, (m) => m.u32(fid).u64(offset).u32(count));
  return text(answer.data(answer.u32()));
}

async function write(
  client: NinepClient,
  fid: number,
  offset: number,
  what: string,
): Promise<number> {
  const bytes = utf8(what);
  const answer = await client.ok(T.write, (m) =>
    m.u32(fid).u64(offset).u32(bytes.length).data(bytes),
  );
  return answer.u32();
}

interface Stat {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly rdev: number;
  readonly size: number;
  readonly mtime: readonly [number, number];
  readonly id: number;
}

async function stat(client: NinepClient, fid: number): Promise<Stat> {
  const a = await client.ok(T.getattr, (m) => m.u32(fid).u64(0x7ff));
  expect(a.u64()).toBe(0x7ff);
  a.data(5);
  const id = a.u64();
  const [mode, uid, gid, nlink, rdev, size] = [
    a.u32(),
    a.u32(),
    a.u32(),
    a.u64(),
    a.u64(),
    a.u64(),
  ];
  a.data(4 * 8);
  const mtime = [a.i64(), a.u64()] as const;
  a.data(6 * 8);
  expect(a.rest).toBe(0);
  return { mode, uid, gid, nlink, rdev, size, mtime, id };
}

function entriesOf(answer: Reader): readonly { name: string; cookie: number; type: number }[] {
  const data = answer.u32();
  expect(answer.rest).toBe(data);
  const entries = [];
  while (answer.rest > 0) {
    answer.data(13);
    const cookie = answer.u64();
    entries.push({ cookie, type: answer.u8(), name: answer.string() });
  }
  return entries;
}

async function list(client: NinepClient, fid: number, cookie = 0, count = 8000) {
  return entriesOf(await client.ok(T.readdir, (m) => m.u32(fid).u64(cookie).u32(count)));
}

describe('a session', () => {
  test('Tversion takes the smaller message and drops all fids', async () => {
    const client = await open();
    const answer = await client.ok(T.version, (m) => m.u32(8192).string('9P2000.L'));
    expect([answer.u32(), answer.string()]).toEqual([8192, '9P2000.L']);
    expect(await client.errno(T.getattr, (m) => m.u32(0).u64(0))).toBe(ERRNO.EBADF);
  });

  test.each([
    ['9P2000', 'unknown'],
    ['9P2000.u', 'unknown'],
    ['9P2000.L', '9P2000.L'],
  ])('%s is answered by %s', async (asked, spoken) => {
    const client = await open();
    const answer = await client.ok(T.version, (m) => m.u32(1 << 20).string(asked));
    expect([answer.u32(), answer.string()]).toEqual([512_000, spoken]);
  });

  test('whoever attaches owns what it makes', async () => {
    const client = await open(1000);
    await client.ok(T.mkdir, (m) => m.u32(0).string('mine').u32(0o700).u32(77));
    expect(await stat(client, await client.walk('mine'))).toMatchObject({ uid: 1000, gid: 77 });
  });

  test('aname leads below the root', async () => {
    const client = await open();
    await client.ok(T.attach, (m) => m.u32(9).u32(0).string('').string('/d').u32(0));
    expect(await stat(client, await client.walk('f', 9))).toMatchObject({ size: 9 });
    const missing = (m: Writer) => m.u32(10).u32(0).string('').string('/x').u32(0);
    expect(await client.errno(T.attach, missing)).toBe(ERRNO.ENOENT);
  });
});

describe('walking', () => {
  test('ends before the first name that is missing, and then makes no fid', async () => {
    const client = await open();
    const answer = await client.ok(T.walk, (m) => m.u32(0).u32(5).u16(2).string('d').string('no'));
    expect(answer.u16()).toBe(1);
    expect(await client.errno(T.clunk, (m) => m.u32(5))).toBe(ERRNO.EBADF);
    const all = await client.ok(T.walk, (m) => m.u32(0).u32(5).u16(2).string('d').string('f'));
    expect(all.u16()).toBe(2);
    expect(await client.errno(T.clunk, (m) => m.u32(5))).toBe(0);
  });

  test('goes up again, no further than the root', async () => {
    const client = await open();
    const fid = await client.walk('d/../../../d/./f');
    expect(await stat(client, fid)).toMatchObject({ size: 9, mode: FORMAT.file | 0o640 });
  });

  test.each<[string, ErrnoName, (m: Writer) => Writer]>([
    ['a name that is missing', 'ENOENT', (m) => m.u32(0).u32(5).u16(1).string('no')],
    ['a fid that is missing', 'EBADF', (m) => m.u32(99).u32(5).u16(0)],
    ['to a fid in use', 'EBADF', (m) => m.u32(0).u32(1).u16(0)],
    ['below a file', 'ENOTDIR', (m) => m.u32(1).u32(5).u16(1).string('x')],
    ['17 names', 'EINVAL', (m) => m.u32(0).u32(5).u16(17)],
    ['names that are not there', 'EPROTO', (m) => m.u32(0).u32(5).u16(2).string('d')],
  ])('%s: %s', async (_, errno, fields) => {
    const client = await open();
    await client.walk('d/f');
    expect(await client.errno(T.walk, fields)).toBe(ERRNO[errno]);
  });
});

describe('files', () => {
  test('are there by their fid when their name is gone, and end with it', async () => {
    const client = await open();
    const fid = await opened(client, 'd/f');
    const other = await client.walk('d/f');
    await client.ok(T.unlinkat, (m) => m.u32(0).string('l').u32(0));
    const directory = await client.walk('d');
    await client.ok(T.unlinkat, (m) => m.u32(directory).string('f').u32(0));
    await write(client, fid, 9, ', more');
    expect(await read(client, fid)).toBe('text of f, more');
    expect(await stat(client, other)).toMatchObject({ nlink: 0, size: 15 });
    await expect(client.walk('d/f')).rejects.toThrow('1 of 2');
  });

  test('are made and opened in one request', async () => {
    const client = await open(3);
    const fid = await client.walk('d');
    await client.ok(T.lcreate, (m) => m.u32(fid).string('new').u32(O.both).u32(0o100600).u32(4));
    expect(await write(client, fid, 0, 'hello')).toBe(5);
    expect(await stat(client, fid)).toMatchObject({ mode: 0o100600, uid: 3, gid: 4, size: 5 });
    const again = await client.walk('d');
    const exclusive = (m: Writer) => m.u32(again).string('new').u32(O.exclusive).u32(0o600).u32(4);
    expect(await client.errno(T.lcreate, exclusive)).toBe(ERRNO.EEXIST);
    await client.ok(T.lcreate, (m) =>
      m
        .u32(again)
        .string('new')
        .u32(O.truncate | O.write)
        .u32(0)
        .u32(4),
    );
    expect(await stat(client, again)).toMatchObject({ mode: 0o100600, size: 0 });
  });

  test('have zeros where nothing was written, and sizes beyond 2^32', async () => {
    const client = await open();
    const fid = await opened(client, 'd/f');
    await write(client, fid, 2 ** 33, 'end');
    expect(await stat(client, fid)).toMatchObject({ size: 2 ** 33 + 3 });
    expect(await read(client, fid, 2 ** 33 - 2)).toBe('\0\0end');
    expect(await read(client, fid, 7, 4)).toBe(' f\0\0');
    expect(await read(client, fid, 2 ** 33 + 3)).toBe('');
  });

  test('answers are no longer than the messages that were agreed on', async () => {
    const client = await ninepClient(ninepServer(writableOver([file('f', 'x'.repeat(9000))]).root));
    await client.ok(T.version, (m) => m.u32(4096).string('9P2000.L'));
    await client.ok(T.attach, (m) => m.u32(0).u32(0).string('').string('').u32(0));
    const fid = await opened(client, 'f', O.read);
    expect(await read(client, fid, 0, 9000)).toHaveLength(4096 - 24);
  });

  test('what is in memory is answered before the handler returns', async () => {
    const client = await open();
    const fid = await opened(client, 'd/f');
    expect(
      client.now(T.write, (m) => m.u32(fid).u64(0).u32(9).data(utf8('TEXT OF F'))),
    ).toBeDefined();
    expect(client.now(T.read, (m) => m.u32(fid).u64(0).u32(9))).toBeDefined();
    expect(client.now(T.walk, (m) => m.u32(0).u32(77).u16(1).string('d'))).toBeDefined();
  });
});

describe('attributes', () => {
  test.each<[string, number, (m: Writer) => Writer, Partial<Stat>]>([
    ['mode', SET.mode, (m) => m, { mode: 0o104711 }],
    ['owner', SET.uid | SET.gid, (m) => m, { uid: 7, gid: 8, mode: 0o100640 }],
    ['size', SET.size, (m) => m, { size: 3, mtime: [1001, 0] }],
    ['a time given', SET.mtime | SET.mtimeGiven, (m) => m, { mtime: [-5, 123_456_789] }],
    ['the time now', SET.mtime, (m) => m, { mtime: [1001, 0] }],
    ['nothing', 0, (m) => m, { mode: 0o100640, uid: 5, gid: 6, size: 9, mtime: [1, 500_000_000] }],
  ])('%s is set', async (_, valid, __, expected) => {
    const client = await open();
    const fid = await client.walk('d/f');
    await client.ok(T.setattr, (m) =>
      m.u32(fid).u32(valid).u32(0o4711).u32(7).u32(8).u64(3).u64(0).u64(0).u64(-5).u64(123_456_789),
    );
    expect(await stat(client, fid)).toMatchObject(expected);
  });

  test.each<[string, number, number, number]>([
    ['character device', 0o020666, 1, 3],
    ['block device with a large minor', 0o060600, 8, 0x12345],
  ])('a %s is what it is', async (_, mode, major, minor) => {
    const client = await open();
    await client.ok(T.mknod, (m) => m.u32(0).string('n').u32(mode).u32(major).u32(minor).u32(0));
    const rdev = (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
    expect(await stat(client, await client.walk('n'))).toMatchObject({ mode, rdev });
  });

  test('fifos and sockets too; a symlink says where', async () => {
    const client = await open();
    for (const mode of [0o010644, 0o140755]) {
      await client.ok(T.mknod, (m) => m.u32(0).string(String(mode)).u32(mode).u32(0).u32(0).u32(0));
      expect(await stat(client, await client.walk(String(mode)))).toMatchObject({ mode, rdev: 0 });
    }
    const link = await client.walk('l');
    expect((await client.ok(T.readlink, (m) => m.u32(link))).string()).toBe('d/f');
    expect(await stat(client, link)).toMatchObject({ mode: 0o120777, size: 3 });
  });

  test('statfs has the type that Linux knows 9P by', async () => {
    const client = await open();
    const answer = await client.ok(T.statfs, (m) => m.u32(0));
    expect([answer.u32(), answer.u32()]).toEqual([0x01021997, 4096]);
    expect(answer.rest).toBe(6 * 8 + 4);
  });
});

describe('directories', () => {
  test('are listed in pieces, whatever is removed meanwhile', async () => {
    const client = await open();
    const names = Array.from({ length: 50 }, (_, index) => `file-${index}`);
    for (const name of names) {
      await client.ok(T.mknod, (m) => m.u32(0).string(name).u32(0o100600).u32(0).u32(0).u32(0));
    }
    const fid = await opened(client, '/', O.read);
    const seen: string[] = [];
    for (let cookie = 0; ;) {
      const entries = await list(client, fid, cookie, 300);
      const last = entries.at(-1);
      if (!last) break;
      cookie = last.cookie;
      for (const { name } of entries) {
        seen.push(name);
        if (name.startsWith('file-')) {
          await client.ok(T.unlinkat, (m) => m.u32(0).string(name).u32(0));
        }
      }
    }
    expect(seen.sort()).toEqual(['.', '..', 'd', 'empty', 'l', ...names].sort());
    expect((await list(client, fid)).map(({ name }) => name)).toEqual([
      '.',
      '..',
      'd',
      'empty',
      'l',
    ]);
  });

  test('a piece that no entry fits in is an error, since nothing would mean the end', async () => {
    const client = await open();
    const fid = await opened(client, '/', O.read);
    expect(await client.errno(T.readdir, (m) => m.u32(fid).u64(0).u32(10))).toBe(ERRNO.EINVAL);
    expect(await list(client, fid, 0, 26)).toHaveLength(1);
  });

  test('entries have their types', async () => {
    const client = await open();
    const types = (await list(client, await opened(client, '/', O.read))).map(({ type }) => type);
    expect(types).toEqual([4, 4, 4, 4, 10]);
  });
});

type Step = readonly [
  type: number,
  fields: (m: Writer, fid: Readonly<Record<string, number>>) => Writer,
];

/** Fids of the table: `root`, `d`, `f` (d/f), `empty`, `l`. */
const TABLE: readonly (readonly [string, ErrnoName | 'OK', ...Step[]])[] = [
  ['mkdir', 'OK', [T.mkdir, (m) => m.u32(0).string('n').u32(0o755).u32(0)]],
  [
    'mkdir over a file',
    'EEXIST',
    [T.mkdir, (m, { d = 0 }) => m.u32(d).string('f').u32(0o755).u32(0)],
  ],
  [
    'mkdir in a file',
    'ENOTDIR',
    [T.mkdir, (m, { f = 0 }) => m.u32(f).string('n').u32(0o755).u32(0)],
  ],
  ['mkdir with a slash', 'EINVAL', [T.mkdir, (m) => m.u32(0).string('a/b').u32(0).u32(0)]],
  ['mkdir ..', 'EINVAL', [T.mkdir, (m) => m.u32(0).string('..').u32(0).u32(0)]],
  ['a name of 255 bytes', 'OK', [T.mkdir, (m) => m.u32(0).string('x'.repeat(255)).u32(0).u32(0)]],
  [
    'a name of 256',
    'ENAMETOOLONG',
    [T.mkdir, (m) => m.u32(0).string('x'.repeat(256)).u32(0).u32(0)],
  ],
  ['symlink', 'OK', [T.symlink, (m) => m.u32(0).string('s').string('t').u32(0)]],
  ['symlink to nothing', 'ENOENT', [T.symlink, (m) => m.u32(0).string('s').string('').u32(0)]],
  [
    'mknod of a directory',
    'EINVAL',
    [T.mknod, (m) => m.u32(0).string('x').u32(0o040755).u32(0).u32(0).u32(0)],
  ],
  ['unlink', 'OK', [T.unlinkat, (m, { d = 0 }) => m.u32(d).string('f').u32(0)]],
  ['unlink of nothing', 'ENOENT', [T.unlinkat, (m) => m.u32(0).string('no').u32(0)]],
  ['unlink of a directory', 'EISDIR', [T.unlinkat, (m) => m.u32(0).string('empty').u32(0)]],
  ['rmdir', 'OK', [T.unlinkat, (m) => m.u32(0).string('empty').u32(AT_REMOVEDIR)]],
  ['rmdir of a file', 'ENOTDIR', [T.unlinkat, (m) => m.u32(0).string('l').u32(AT_REMOVEDIR)]],
  ['rmdir with entries', 'ENOTEMPTY', [T.unlinkat, (m) => m.u32(0).string('d').u32(AT_REMOVEDIR)]],
  ['unlink with other flags', 'EINVAL', [T.unlinkat, (m) => m.u32(0).string('l').u32(1)]],
  ['link', 'OK', [T.link, (m, { f = 0 }) => m.u32(0).u32(f).string('other')]],
  ['link of a directory', 'EPERM', [T.link, (m, { d = 0 }) => m.u32(0).u32(d).string('other')]],
  ['link over a file', 'EEXIST', [T.link, (m, { f = 0 }) => m.u32(0).u32(f).string('l')]],
  ['rename', 'OK', [T.renameat, (m, { d = 0 }) => m.u32(d).string('f').u32(0).string('g')]],
  [
    'rename over a file',
    'OK',
    [T.renameat, (m, { d = 0 }) => m.u32(d).string('f').u32(0).string('l')],
  ],
  ['rename of nothing', 'ENOENT', [T.renameat, (m) => m.u32(0).string('no').u32(0).string('g')]],
  [
    'rename to itself',
    'OK',
    [T.renameat, (m, { d = 0 }) => m.u32(d).string('f').u32(d).string('f')],
  ],
  [
    'rename of a file over a directory',
    'EISDIR',
    [T.renameat, (m) => m.u32(0).string('l').u32(0).string('empty')],
  ],
  [
    'rename of a directory over a file',
    'ENOTDIR',
    [T.renameat, (m) => m.u32(0).string('d').u32(0).string('l')],
  ],
  [
    'rename over an empty directory',
    'OK',
    [T.renameat, (m) => m.u32(0).string('d').u32(0).string('empty')],
  ],
  [
    'rename over a full directory',
    'ENOTEMPTY',
    [T.renameat, (m) => m.u32(0).string('empty').u32(0).string('d')],
  ],
  [
    'rename into itself',
    'EINVAL',
    [T.renameat, (m, { d = 0 }) => m.u32(0).string('d').u32(d).string('x')],
  ],
  ['Trename', 'OK', [T.rename, (m, { f = 0 }) => m.u32(f).u32(0).string('g')]],
  ['Trename of the root', 'EBUSY', [T.rename, (m) => m.u32(0).u32(0).string('g')]],
  ['Tremove', 'OK', [T.remove, (m, { f = 0 }) => m.u32(f)]],
  ['Tremove of a full directory', 'ENOTEMPTY', [T.remove, (m, { d = 0 }) => m.u32(d)]],
  ['opening a directory to write', 'EISDIR', [T.lopen, (m, { d = 0 }) => m.u32(d).u32(O.write)]],
  ['opening a symlink', 'ENXIO', [T.lopen, (m, { l = 0 }) => m.u32(l).u32(O.read)]],
  [
    'opening twice',
    'EBADF',
    [T.lopen, (m, { f = 0 }) => m.u32(f).u32(0)],
    [T.lopen, (m, { f = 0 }) => m.u32(f).u32(0)],
  ],
  ['reading what is not open', 'EBADF', [T.read, (m, { f = 0 }) => m.u32(f).u64(0).u32(1)]],
  [
    'reading a directory',
    'EISDIR',
    [T.lopen, (m, { d = 0 }) => m.u32(d).u32(0)],
    [T.read, (m, { d = 0 }) => m.u32(d).u64(0).u32(1)],
  ],
  [
    'writing what is open to read',
    'EBADF',
    [T.lopen, (m, { f = 0 }) => m.u32(f).u32(0)],
    [T.write, (m, { f = 0 }) => m.u32(f).u64(0).u32(1).u8(1)],
  ],
  [
    'writing less than said',
    'EPROTO',
    [T.lopen, (m, { f = 0 }) => m.u32(f).u32(2)],
    [T.write, (m, { f = 0 }) => m.u32(f).u64(0).u32(2).u8(1)],
  ],
  [
    'writing behind the largest file',
    'EFBIG',
    [T.lopen, (m, { f = 0 }) => m.u32(f).u32(2)],
    [
      T.write,
      (m, { f = 0 }) =>
        m
          .u32(f)
          .u64(2 ** 44)
          .u32(1)
          .u8(1),
    ],
  ],
  ['listing what is not open', 'ENOTDIR', [T.readdir, (m, { d = 0 }) => m.u32(d).u64(0).u32(1000)]],
  ['readlink of a file', 'EINVAL', [T.readlink, (m, { f = 0 }) => m.u32(f)]],
  [
    'truncating a directory',
    'EISDIR',
    [T.setattr, (m, { d = 0 }) => m.u32(d).u32(SET.size).data(new Uint8Array(52))],
  ],
  [
    'fsync',
    'OK',
    [T.lopen, (m, { f = 0 }) => m.u32(f).u32(2)],
    [T.fsync, (m, { f = 0 }) => m.u32(f).u32(0)],
  ],
  ['Tauth', 'EOPNOTSUPP', [T.auth, (m) => m.u32(3).string('').string('').u32(0)]],
  ['a request of 9P2000', 'EOPNOTSUPP', [112, (m) => m.u32(0).u8(0)]],
  ['a request nobody knows', 'EOPNOTSUPP', [254, (m) => m]],
];

const table = TABLE.map(([name, expected, ...steps]) => [name, expected, steps] as const);

test.each(table)('%s: %s', async (_, expected, steps) => {
  const client = await open();
  const [d, f, empty, l] = [
    await client.walk('d'),
    await client.walk('d/f'),
    await client.walk('empty'),
    await client.walk('l'),
  ];
  let errno = 0;
  for (const [type, fields] of steps)
    errno = await client.errno(type, (m) => fields(m, { d, f, empty, l }));
  expect(errno).toBe(expected === 'OK' ? 0 : ERRNO[expected]);
});

describe('extended attributes', () => {
  const set = async (
    client: NinepClient,
    name: string,
    value: string,
    flags = 0,
  ): Promise<number> => {
    const fid = await client.walk('d/f');
    const bytes = utf8(value);
    const made = await client.errno(T.xattrcreate, (m) =>
      m.u32(fid).string(name).u64(bytes.length).u32(flags),
    );
    if (made !== 0) return made;
    if (bytes.length > 0) await write(client, fid, 0, value);
    return client.errno(T.clunk, (m) => m.u32(fid));
  };
  const get = async (client: NinepClient, name: string): Promise<string | number> => {
    const fid = await client.walk('d/f');
    const to = fid + 1000;
    const errno = await client.errno(T.xattrwalk, (m) => m.u32(fid).u32(to).string(name));
    return errno === 0 ? read(client, to) : errno;
  };

  test('are set, listed, replaced and removed', async () => {
    const client = await open();
    expect(await get(client, '')).toBe('');
    expect(await set(client, 'user.a', 'one')).toBe(0);
    expect(await set(client, 'security.capability', 'x')).toBe(0);
    expect(await get(client, '')).toBe('user.a\0security.capability\0');
    expect(await get(client, 'user.a')).toBe('one');
    expect(await set(client, 'user.a', 'two', XATTR.replace)).toBe(0);
    expect(await get(client, 'user.a')).toBe('two');
    expect(await set(client, 'user.a', '', XATTR.replace)).toBe(0);
    expect(await get(client, 'user.a')).toBe(ERRNO.ENODATA);
    expect(await set(client, 'user.a', '')).toBe(0);
    expect(await get(client, 'user.a')).toBe('');
  });

  test.each<[string, ErrnoName, string, string, number]>([
    ['creating what is there', 'EEXIST', 'user.a', 'x', XATTR.create],
    ['replacing what is not there', 'ENODATA', 'user.b', 'x', XATTR.replace],
    ['removing what is not there', 'ENODATA', 'user.b', '', XATTR.replace],
    ['a namespace that is not kept', 'EOPNOTSUPP', 'system.posix_acl_access', 'x', 0],
    ['a name that is too long', 'ERANGE', `user.${'x'.repeat(255)}`, 'x', 0],
    ['a value that is too long', 'E2BIG', 'user.a', 'x'.repeat(65537), 0],
  ])('%s: %s', async (_, errno, name, value, flags) => {
    const client = await open();
    await set(client, 'user.a', 'there');
    expect(await set(client, name, value, flags)).toBe(ERRNO[errno]);
    expect(await get(client, 'user.a')).toBe('there');
  });

  test('a value that ended early is not set', async () => {
    const client = await open();
    const fid = await client.walk('d/f');
    await client.ok(T.xattrcreate, (m) => m.u32(fid).string('user.a').u64(5).u32(0));
    await write(client, fid, 0, 'abc');
    expect(await client.errno(T.clunk, (m) => m.u32(fid))).toBe(ERRNO.EINVAL);
    expect(await get(client, 'user.a')).toBe(ERRNO.ENODATA);
  });
});

describe('locks', () => {
  const lock =
    (fid: number, kind: number, owner: number, flags = 0) =>
    (m: Writer) =>
      m.u32(fid).u8(kind).u32(flags).u64(0).u64(10).u32(owner).string('host');
  const { read: READ, write: WRITE, unlock: UNLOCK } = LOCK.types;

  test('conflict between processes, not within one, and are told', async () => {
    const client = await open();
    const fid = await opened(client, 'd/f');
    const status = async (kind: number, owner: number) =>
      (await client.ok(T.lock, lock(fid, kind, owner))).u8();
    expect(await status(READ, 1)).toBe(LOCK.status.success);
    expect(await status(READ, 2)).toBe(LOCK.status.success);
    expect(await status(WRITE, 2)).toBe(LOCK.status.blocked);
    expect(await status(UNLOCK, 1)).toBe(LOCK.status.success);
    expect(await status(WRITE, 2)).toBe(LOCK.status.success);
    const told = await client.ok(T.getlock, (m) =>
      m.u32(fid).u8(READ).u64(3).u64(0).u32(1).string('host'),
    );
    expect([told.u8(), told.u64(), told.u64(), told.u32(), told.string()]).toEqual([
      WRITE,
      0,
      10,
      2,
      'host',
    ]);
    const free = await client.ok(T.getlock, (m) =>
      m.u32(fid).u8(READ).u64(10).u64(0).u32(1).string('host'),
    );
    expect([free.u8(), free.u64()]).toEqual([UNLOCK, 10]);
  });

  test('that wait are answered when it is their turn', async () => {
    const client = await open();
    const [a, b] = [await opened(client, 'd/f'), await opened(client, 'd/f')];
    await client.ok(T.lock, lock(a, WRITE, 1));
    const waiting = client.ok(T.lock, lock(b, WRITE, 2, LOCK.blocking));
    const before = client.replies.length;
    await client.ok(T.getattr, (m) => m.u32(a).u64(0));
    expect(client.replies).toHaveLength(before + 1);
    await client.ok(T.clunk, (m) => m.u32(a));
    expect((await waiting).u8()).toBe(LOCK.status.success);
  });

  test('that wait can be flushed: answered first, never granted', async () => {
    const client = await open();
    const [a, b] = [await opened(client, 'd/f'), await opened(client, 'd/f')];
    await client.ok(T.lock, lock(a, WRITE, 1));
    const waiting = client.send(777, T.lock, lock(b, WRITE, 2, LOCK.blocking));
    const before = client.replies.length;
    await client.send(778, T.flush, (m) => m.u16(777));
    expect(client.replies.slice(before).map((reply) => reply[4])).toEqual([7, T.flush + 1]);
    expect(await waiting).toEqual({ errno: ERRNO.EINTR });
    await client.ok(T.lock, lock(a, UNLOCK, 1));
    expect((await client.ok(T.lock, lock(a, WRITE, 1))).u8()).toBe(LOCK.status.success);
  });
});
