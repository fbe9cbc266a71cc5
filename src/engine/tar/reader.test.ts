import { describe, expect, test } from 'vitest';
import { codeOf, inChunks } from '../../testing/hostile.ts';
import { block, END, octal, padded, pax, readAll, withBody } from '../../testing/tar.ts';
import { concat, once, utf8 } from '../bytes.ts';
import { BLOCK, checksums, type TarHeader } from './format.ts';
import { readTar, type TarEntry } from './reader.ts';

describe('headers', () => {
  test.each<[string, Uint8Array, Partial<TarHeader>]>([
    ['a plain file', block({ name: 'a' }), { name: 'a', type: 'file', mode: 0o644 }],
    ['type NUL', block({ flag: '\0' }), { type: 'file' }],
    ['contiguous', block({ flag: '7' }), { type: 'file' }],
    ['a slash at the end', block({ name: 'd/', flag: '0' }), { name: 'd/', type: 'dir' }],
    ['a directory with a size', block({ flag: '5', size: octal(99) }), { type: 'dir', size: 0 }],
    ['a link with a size', block({ flag: '1', link: 'x', size: octal(99) }), { size: 0 }],
    [
      'a device',
      block({ flag: '3' }, { 329: '0000001\0', 337: '0000003\0' }),
      { type: 'char', device: { major: 1, minor: 3 } },
    ],
    ['spaces around numbers', block({ mode: '  644 \0\0' }), { mode: 0o644 }],
    ['type bits in the mode', block({ mode: '0100755\0' }), { mode: 0o755 }],
    ['a name of 100 bytes', block({ name: 'n'.repeat(100) }), { name: 'n'.repeat(100) }],
    ['a prefix', block({ name: 'b' }, { 345: 'p/q' }), { name: 'p/q/b' }],
    ['no prefix in GNU tar', block({ name: 'b' }, { 257: 'ustar  \0', 345: '123' }), { name: 'b' }],
    ['no prefix in V7', block({ name: 'b' }, { 257: '\0\0\0\0\0\0\0\0', 345: 'p' }), { name: 'b' }],
    ['star', block({ name: 'b' }, { 345: 'p', 508: 'tar\0' }), { name: 'p/b' }],
    [
      'base 256',
      block(
        {},
        {
          124: Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
          108: Uint8Array.of(0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
        },
      ),
      { uid: 0xffffffff },
    ],
    ['a negative time', block({}, { 136: new Uint8Array(12).fill(0xff) }), { mtime: -1 }],
    ['NUL in the middle of a name', block({ name: 'a\0left over' }), { name: 'a' }],
  ])('%s', async (_, header, expected) => {
    expect((await readAll(concat([header, END])))[0]).toMatchObject(expected);
  });

  test('checksums of signed bytes are accepted', async () => {
    const header = block({ name: 'é' });
    const { unsigned, signed } = checksums(header);
    expect(signed).not.toBe(unsigned);
    header.set(utf8(signed.toString(8).padStart(6, '0')), 148);
    expect((await readAll(concat([header, END])))[0]?.name).toBe('é');
  });

  test('PAX records replace fields, the last of a key counts, an empty one takes it back', async () => {
    const archive = concat([
      pax(
        ['path', 'first'],
        ['path', 'é/long'],
        ['mtime', '-1.5'],
        ['uid', '77'],
        ['gid', ''],
        ['size', '3'],
      ),
      block({ name: 'short', size: octal(1) }),
      padded('abc'),
      block({ name: 'next' }),
      END,
    ]);
    expect(await readAll(archive)).toMatchObject([
      { name: 'é/long', mtime: -1.5, uid: 77, gid: 0, size: 3, text: 'abc' },
      { name: 'next', size: 0 },
    ]);
  });

  test('extended attributes are bytes, whatever their names', async () => {
    const archive = concat([
      pax(
        ['SCHILY.xattr.user.a', '1=2\n3'],
        ['SCHILY.xattr.__proto__', 'x'],
        ['LIBARCHIVE.x', 'y'],
      ),
      block({}),
      END,
    ]);
    const [first] = await readAll(archive);
    expect(Object.entries(first?.xattrs ?? {})).toEqual([
      ['user.a', utf8('1=2\n3')],
      ['__proto__', utf8('x')],
    ]);
    expect((await readAll(concat([block({}), END])))[0]?.xattrs).toBeUndefined();
  });

  test('GNU long names', async () => {
    const name = 'n'.repeat(300);
    const archive = concat([
      withBody('L', `${name}\0`),
      withBody('K', 'target\0rest'),
      block({ flag: '2', link: 'short' }),
      END,
    ]);
    expect(await readAll(archive)).toMatchObject([{ name, linkName: 'target' }]);
  });
});

describe('the end', () => {
  const one = concat([block({ name: 'a', size: octal(3) }), padded('abc')]);

  test.each<[string, Uint8Array, number]>([
    ['two blocks of zeros', concat([one, END]), 1],
    ['one block of zeros', concat([one, END.subarray(BLOCK)]), 1],
    ['no block of zeros', one, 1],
    ['nothing at all', new Uint8Array(0), 0],
    ['zeros only', END, 0],
    ['whatever follows', concat([one, END, padded('garbage')]), 1],
  ])('%s', async (_, archive, count) => {
    expect(await readAll(archive)).toHaveLength(count);
  });

  test('the stream is read to its end, so that it can be hashed', async () => {
    let seen = 0;
    const stream = (async function* () {
      for await (const chunk of inChunks(concat([one, END, new Uint8Array(9000)]), 1000)) {
        seen += chunk.length;
        yield chunk;
      }
    })();
    await readAll(stream);
    expect(seen).toBe(one.length + END.length + 9000);
  });

  test('a reader that stops early closes the stream', async () => {
    let closed = false;
    const stream = (async function* () {
      try {
        yield concat([one, one]);
        expect.unreachable();
      } finally {
        closed = true;
      }
    })();
    for await (const entry of readTar(stream)) if (entry.header.name === 'a') break;
    expect(closed).toBe(true);
  });
});

describe('contents', () => {
  const archive = concat([
    block({ name: 'a', size: octal(600) }),
    padded('a'.repeat(600)),
    block({ name: 'b', size: octal(2) }),
    padded('bb'),
    END,
  ]);

  test('say where they are', async () => {
    const offsets = (await readAll(archive)).map(({ offset }) => offset);
    expect(offsets).toEqual([512, 2048]);
  });

  test('may be left, or left half-read', async () => {
    const names: string[] = [];
    for await (const { header, content } of readTar(inChunks(archive, 100))) {
      names.push(header.name);
      for await (const chunk of content()) if (chunk.length > 0) break;
    }
    expect(names).toEqual(['a', 'b']);
  });

  test('are gone with the next entry', async () => {
    const entries: TarEntry[] = [];
    for await (const entry of readTar(once(archive))) entries.push(entry);
    expect(() => entries[0]?.content()).toThrow('asked for after the next entry');
  });
});

describe('what is refused', () => {
  const good = block({ name: 'a', size: octal(3) });
  const huge = Uint8Array.of(0x80, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0);
  test.each<[string, Uint8Array, string]>([
    [
      'a wrong checksum',
      concat([good.map((byte, i) => (i === 0 ? 0x62 : byte)), END]),
      'tar-corrupt',
    ],
    ['text', utf8('hello '.repeat(200)), 'tar-corrupt'],
    ['letters in a number', block({ mode: '00x0644\0' }), 'tar-corrupt'],
    ['a size below zero', block({}, { 124: new Uint8Array(12).fill(0xff) }), 'tar-corrupt'],
    [
      'a size no number holds',
      block(
        {},
        {
          124: Uint8Array.of(
            0x80,
            0x7f,
            0xff,
            0xff,
            0xff,
            0xff,
            0xff,
            0xff,
            0xff,
            0xff,
            0xff,
            0xff,
          ),
        },
      ),
      'tar-corrupt',
    ],
    ['a size beyond reason', block({}, { 124: huge }), 'archive-too-large'],
    ['an owner below zero', block({}, { 108: new Uint8Array(8).fill(0xff) }), 'tar-corrupt'],
    [
      'an owner of more than 32 bits',
      block({}, { 108: Uint8Array.of(0x80, 0, 0, 1, 0, 0, 0, 0) }),
      'tar-corrupt',
    ],
    [
      'data after one block of zeros',
      concat([END.subarray(BLOCK), good, padded('abc'), END]),
      'tar-corrupt',
    ],
    ['a link to nowhere', block({ flag: '2' }), 'tar-corrupt'],
    ['a sparse file', block({ flag: 'S' }), 'tar-unsupported'],
    ['a sparse file of PAX', concat([pax(['GNU.sparse.major', '1']), good]), 'tar-unsupported'],
    ['a continued file', block({ flag: 'M' }), 'tar-unsupported'],
    ['an unknown type', block({ flag: 'Z' }), 'tar-unsupported'],
    ['PAX: no length', concat([withBody('x', 'path=x\n'), good]), 'tar-corrupt'],
    ['PAX: too long', concat([withBody('x', '99 path=x\n'), good]), 'tar-corrupt'],
    ['PAX: too short', concat([withBody('x', '5 path=x\n'), good]), 'tar-corrupt'],
    ['PAX: length zero', concat([withBody('x', '0 path=x\n'), good]), 'tar-corrupt'],
    ['PAX: no newline', concat([withBody('x', '10 path=xx'), good]), 'tar-corrupt'],
    ['PAX: no key', concat([withBody('x', '5 =x\n'), good]), 'tar-corrupt'],
    ['PAX: NUL in a path', concat([pax(['path', 'a\0b']), good]), 'tar-corrupt'],
    ['PAX: a size in words', concat([pax(['size', 'big']), good]), 'tar-corrupt'],
    ['PAX: a negative size', concat([pax(['size', '-1']), good]), 'tar-corrupt'],
    ['PAX: a time in hexadecimal', concat([pax(['mtime', '0x10']), good]), 'tar-corrupt'],
    ['PAX: an attribute without name', concat([pax(['SCHILY.xattr.', 'x']), good]), 'tar-corrupt'],
    ['PAX: for nothing', concat([pax(['path', 'x']), END]), 'tar-corrupt'],
    ['a long name for nothing', concat([withBody('L', 'x'), END]), 'tar-corrupt'],
    ['PAX: beyond reason', block({ flag: 'x', size: octal(2 ** 21) }), 'archive-too-large'],
    [
      'a global header beyond reason',
      block({ flag: 'g', size: octal(2 ** 30) }),
      'archive-too-large',
    ],
    ['a name beyond reason', concat([withBody('L', 'n'.repeat(5000)), good]), 'archive-too-large'],
    [
      'a target beyond reason',
      concat([pax(['linkpath', 'n'.repeat(5000)]), good]),
      'archive-too-large',
    ],
    ['half a header', good.subarray(0, 100), 'tar-truncated'],
    ['half a block of zeros', END.subarray(0, 700), 'tar-truncated'],
    ['no content', good, 'tar-truncated'],
    ['half a content', concat([good, utf8('a')]), 'tar-truncated'],
    ['no padding', concat([good, utf8('abc')]), 'tar-truncated'],
    ['half a PAX header', withBody('x', '12 path=xyz\n').subarray(0, 520), 'tar-truncated'],
  ])('%s', async (_, archive, code) => {
    expect(await codeOf(() => readAll(archive))).toBe(code);
    // The same by pieces, and without asking for contents.
    const skipping = async (): Promise<void> => {
      for await (const entry of readTar(inChunks(archive, 300)))
        expect(entry.offset).toBeGreaterThan(0);
    };
    expect(await codeOf(skipping)).toBe(code);
  });

  test('messages name the place', async () => {
    const archive = concat([block({}), block({ flag: 'S' })]);
    await expect(readAll(archive)).rejects.toThrow(
      'unhandled tar header type sparse (at byte 512)',
    );
  });

  test('more names and attributes in all than allowed, and as many as allowed', async () => {
    const records = pax(['path', 'x'.repeat(90)]);
    const archive = concat([records, block({}), records, block({}), END]);
    const limit = { allExtensionBytes: 2 * 99 - 1 };
    expect(await codeOf(() => readAll(archive, limit))).toBe('archive-too-large');
    expect(await readAll(archive, { allExtensionBytes: 2 * 99 })).toHaveLength(2);
  });

  test('more entries than allowed, and as many as allowed', async () => {
    const archive = concat([block({}), block({}), END]);
    expect(await codeOf(() => readAll(archive, { entries: 1 }))).toBe('archive-too-large');
    expect(await readAll(archive, { entries: 2 })).toHaveLength(2);
  });
});
