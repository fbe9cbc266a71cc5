import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf, fuzzRuns } from '../../testing/hostile.ts';
import { utf8 } from '../bytes.ts';
import { parseToc, type TocFile } from './toc.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const END = 10_000;

function parse(entries: unknown, end = END): readonly TocFile[] {
  return parseToc(utf8(JSON.stringify({ version: 1, entries })), end);
}

const reg = { name: 'f', type: 'reg', size: 10, offset: 100, chunkDigest: DIGEST };
const first = { ...reg, chunkSize: 4 };
const second = {
  name: 'f',
  type: 'chunk',
  offset: 200,
  chunkOffset: 4,
  chunkSize: 4,
  chunkDigest: DIGEST,
};
const third = { name: 'f', type: 'chunk', offset: 300, chunkOffset: 8, chunkDigest: DIGEST };

describe('a table', () => {
  test('of one file: the chunk ends where the data ends', () => {
    expect(parse([reg])).toEqual([
      {
        header: {
          name: 'f',
          type: 'file',
          mode: 0,
          uid: 0,
          gid: 0,
          size: 10,
          mtime: 0,
          linkName: '',
        },
        chunks: [{ start: 100, end: END, inner: 0, offset: 0, size: 10, digest: DIGEST }],
      },
    ]);
  });

  test('of a file in chunks: each ends where the next thing begins', () => {
    const [file] = parse([first, second, third, { ...reg, name: 'g', offset: 400 }]);
    expect(file?.chunks.map(({ start, end, offset, size }) => [start, end, offset, size])).toEqual([
      [100, 200, 0, 4],
      [200, 300, 4, 4],
      [300, 400, 8, 2],
    ]);
  });

  test('with several chunks in one gzip member', () => {
    const files = parse([reg, { ...reg, name: 'g', innerOffset: 512 }]);
    expect(files.map(({ chunks: [chunk] }) => [chunk?.start, chunk?.inner])).toEqual([
      [100, 0],
      [100, 512],
    ]);
  });

  test('whose offsets are in another order than its entries', () => {
    const files = parse([
      { ...reg, offset: 300 },
      { ...reg, name: 'g', offset: 100 },
    ]);
    expect(files.map(({ chunks: [chunk] }) => chunk?.end)).toEqual([END, 300]);
  });

  test.each([
    [
      { name: 'd/', type: 'dir', mode: 16877 },
      { name: 'd/', type: 'dir', mode: 0o755 },
    ],
    [
      { name: 's', type: 'symlink', linkName: '/x' },
      { type: 'symlink', linkName: '/x' },
    ],
    [
      { name: 'h', type: 'hardlink', linkName: 'x' },
      { type: 'hardlink', linkName: 'x' },
    ],
    [
      { name: 'c', type: 'char', devMajor: 1, devMinor: 3 },
      { type: 'char', device: { major: 1, minor: 3 } },
    ],
    [
      { name: 'b', type: 'block' },
      { type: 'block', device: { major: 0, minor: 0 } },
    ],
    [
      { name: 'p', type: 'fifo', uid: 7, gid: 8 },
      { type: 'fifo', uid: 7, gid: 8 },
    ],
    [
      { name: 'e', type: 'reg' },
      { type: 'file', size: 0 },
    ],
    [{ name: 'e', type: 'reg', modtime: '2020-02-03T04:05:06Z' }, { mtime: 1580702706 }],
    [{ name: 'e', type: 'reg', modtime: '2020-02-03T05:05:06.5+01:00' }, { mtime: 1580702706.5 }],
    [{ name: 'e', type: 'reg', xattrs: { a: 'AP8=' } }, { xattrs: { a: Uint8Array.of(0, 255) } }],
    [{ name: 'e', type: 'reg', xattrs: null, unknown: [1] }, { type: 'file' }],
    [{ name: '../e', type: 'reg' }, { name: '../e' }],
    [{ name: '\udce9', type: 'reg' }, { name: '\udce9' }],
  ])('%j', (entry, header) => {
    expect(parse([entry])[0]?.header).toMatchObject(header);
  });

  test('of twenty thousand files is read at once', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({
      ...reg,
      name: `f${i}`,
      offset: i + 1,
    }));
    expect(parse(many, 30_000)).toHaveLength(20_000);
  });
});

describe('refused as toc-invalid', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['no entries', {}],
    ['entries that are no list', { entries: {} }],
    ['an entry that is a number', { entries: [1] }],
    ['an entry that is null', { entries: [null] }],
    ['an entry that is a list', { entries: [[]] }],
  ])('%s', async (_, value) => {
    expect(await codeOf(() => parseToc(utf8(JSON.stringify(value)), END))).toBe('toc-invalid');
    expect(await codeOf(() => parseToc(utf8('{"entries":[]}'), END))).toBe('no error');
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['no JSON', utf8('{"entries":[')],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['brackets without end', utf8('['.repeat(200_000))],
  ])('%s', async (_, json) => {
    expect(await codeOf(() => parseToc(json, END))).toBe('toc-invalid');
  });

  const over = 2 ** 41;
  test.each<[string, readonly unknown[]]>([
    ['no type', [{ name: 'f' }]],
    ['an unknown type', [{ name: 'f', type: 'door' }]],
    ['a type of Object', [{ name: 'f', type: 'constructor' }]],
    ['a name that is a number', [{ name: 1, type: 'dir' }]],
    ['a name beyond reason', [{ name: 'n'.repeat(5000), type: 'dir' }]],
    ['NUL in a name', [{ name: 'a\0', type: 'dir' }]],
    ['a link without target', [{ name: 's', type: 'symlink' }]],
    ['a target that is a list', [{ name: 's', type: 'symlink', linkName: ['x'] }]],
    ['a mode in words', [{ name: 'd', type: 'dir', mode: '0755' }]],
    ['a negative mode', [{ name: 'd', type: 'dir', mode: -1 }]],
    ['half an owner', [{ name: 'd', type: 'dir', uid: 0.5 }]],
    ['an owner of more than 32 bits', [{ name: 'd', type: 'dir', gid: 2 ** 32 }]],
    ['a time in words', [{ name: 'd', type: 'dir', modtime: 'yesterday' }]],
    ['a month too many', [{ name: 'd', type: 'dir', modtime: '2020-13-01T00:00:00Z' }]],
    ['attributes that are a list', [{ name: 'd', type: 'dir', xattrs: ['x'] }]],
    ['an attribute that is no base64', [{ name: 'd', type: 'dir', xattrs: { a: '*' } }]],
    ['an attribute without name', [{ name: 'd', type: 'dir', xattrs: { '': '' } }]],
    ['a file without digest', [{ ...reg, chunkDigest: undefined }]],
    ['a digest that is none', [{ ...reg, chunkDigest: 'sha256:0' }]],
    ['a negative size', [{ ...reg, size: -1 }]],
    ['a size beyond reason', [{ ...reg, size: over }]],
    ['a negative offset', [{ ...reg, offset: -1 }]],
    ['an offset in the table', [{ ...reg, offset: END }]],
    ['an offset no number holds', [{ ...reg, offset: 1e300 }]],
    ['two files at one offset', [reg, { ...reg, name: 'g' }]],
    [
      'two files at one place in a member',
      [reg, { ...reg, name: 'g', innerOffset: 5 }, { ...reg, name: 'h', innerOffset: 5 }],
    ],
    ['a chunk larger than can be checked', [{ ...reg, size: 2 ** 30 }]],
    ['a chunk before any file', [second]],
    ['a chunk of another file', [{ ...reg, name: 'g' }, second]],
    [
      'a chunk of a directory',
      [
        { name: 'f', type: 'dir' },
        { ...third, chunkOffset: 0 },
      ],
    ],
    [
      'a chunk of an empty file',
      [
        { name: 'f', type: 'reg' },
        { ...third, chunkOffset: 0 },
      ],
    ],
    ['a gap between chunks', [first, third]],
    ['chunks that overlap', [first, { ...second, chunkOffset: 3, chunkSize: 5 }, third]],
    ['a last chunk missing', [first, second]],
    ['a chunk too many', [first, second, third, { ...third, chunkOffset: 10, offset: 350 }]],
    ['chunks in another order', [first, { ...third }, { ...second }]],
    ['a first chunk that does not begin the file', [{ ...reg, chunkOffset: 1 }]],
    ['a chunk of the size of its file, and more', [{ ...reg, chunkSize: 11 }]],
  ])('%s', async (_, entries) => {
    expect(await codeOf(() => parse(entries))).toBe('toc-invalid');
    expect(await codeOf(() => parse([first, second, third]))).toBe('no error');
  });

  test('the message names the entry', () => {
    expect(() => parse([reg, { name: 'x', type: 'door' }])).toThrow(
      'invalid eStargz table of contents: entry 1: unknown type',
    );
  });
});

test('anything at all is a table or toc-invalid', async () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(0, 1, 100, 200, 1e9, 2 ** 53, 'f', DIGEST, '2020-01-01T00:00:00Z', 'AP8='),
  );
  const keys = [
    ...Object.keys({ ...first, ...second }),
    'mode',
    'uid',
    'modtime',
    'xattrs',
    'linkName',
    'innerOffset',
    '__proto__',
  ];
  const change = fc.tuple(fc.nat(3), fc.constantFrom(...keys), value);
  const property = fc.asyncProperty(fc.array(change, { maxLength: 5 }), async (changes) => {
    const entries: Record<string, unknown>[] = [first, second, third, { name: 'd/', type: 'dir' }];
    for (const [at, key, to] of changes) {
      entries[at] = Object.fromEntries([...Object.entries(entries[at] ?? {}), [key, to]]);
    }
    const code = await codeOf(() => {
      for (const { header, chunks } of parse(entries)) {
        // What is accepted can be read: chunks follow each other inside the data.
        let at = 0;
        for (const chunk of chunks) {
          expect(chunk.offset).toBe(at);
          expect(chunk.start).toBeLessThan(chunk.end);
          expect(chunk.end).toBeLessThanOrEqual(END);
          at += chunk.size;
        }
        expect(at).toBe(header.size);
      }
    });
    expect(['no error', 'toc-invalid']).toContain(code);
  });
  await fc.assert(property, { numRuns: fuzzRuns(500) });
});
