import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { contentOf } from '../../engine/layer/content.ts';
import { bytesOf } from '../../pantry/entries.ts';
import { elfBytes, type ElfSpec } from '../../testing/elf.ts';
import { fuzzRuns } from '../../testing/hostile.ts';
import { NO_PANTRY, pantryImage } from '../../testing/pantry-images.ts';
import { compareVersions, linkage, newestGlibc, type Elf } from './elf.ts';
import { readElf } from './read.ts';

const NO_READELF = spawnSync('readelf', ['--version']).error
  ? 'there is no readelf here'
  : undefined;

const read = (bytes: Uint8Array): Promise<Elf | undefined> => readElf(contentOf(bytes));

async function readSpec(spec: ElfSpec): Promise<Elf> {
  const elf = await read(elfBytes(spec));
  if (!elf) throw new Error('not taken for ELF');
  return elf;
}

const folder = mkdtempSync(join(tmpdir(), 'semdistro-elf-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const FULL: ElfSpec = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libc.so.6', 'libz.so.1'],
  rpath: '/opt/lib:$ORIGIN/../lib',
  runpath: '$ORIGIN',
  soname: 'app.so.1',
  versionsNeeded: { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34'], 'libz.so.1': ['ZLIB_1.2'] },
  versionsDefined: ['APP_1', 'APP_2'],
};

const ORDERS = [
  { bits: 64, littleEndian: true, machine: 62, architecture: 'amd64' },
  { bits: 64, littleEndian: true, machine: 183, architecture: 'arm64' },
  { bits: 64, littleEndian: false, machine: 22, architecture: 's390x' },
  { bits: 64, littleEndian: false, machine: 21, architecture: 'ppc64' },
  { bits: 32, littleEndian: true, machine: 3, architecture: '386' },
  { bits: 32, littleEndian: true, machine: 40, architecture: 'arm' },
  { bits: 32, littleEndian: false, machine: 8, architecture: 'mips' },
] as const;

describe('an ELF file', () => {
  it.each(ORDERS)(
    'of $bits bits for $architecture is read, little endian: $littleEndian',
    async (order) => {
      expect(await readSpec({ ...FULL, ...order })).toEqual({
        ...order,
        type: 'executable',
        interpreter: '/lib64/ld-linux-x86-64.so.2',
        dynamic: true,
        pie: false,
        soname: 'app.so.1',
        needed: ['libc.so.6', 'libz.so.1'],
        rpath: ['/opt/lib', '$ORIGIN/../lib'],
        runpath: ['$ORIGIN'],
        versionsNeeded: [
          { library: 'libc.so.6', version: 'GLIBC_2.2.5' },
          { library: 'libc.so.6', version: 'GLIBC_2.34' },
          { library: 'libz.so.1', version: 'ZLIB_1.2' },
        ],
        versionsDefined: ['APP_1', 'APP_2'],
      });
    },
  );

  it.each<[string, ElfSpec, string]>([
    ['without interpreter', {}, 'static'],
    ['with one', { interpreter: '/lib/ld.so', needed: ['libc.so.6'] }, 'dynamic'],
    ['with one that needs no library', { interpreter: '/lib/ld.so' }, 'dynamic'],
    ['that is relocated by itself', { type: 'shared', pie: true }, 'static-pie'],
    [
      'that is relocated by its interpreter',
      { type: 'shared', pie: true, interpreter: '/lib/ld.so' },
      'dynamic',
    ],
    ['that is relocated by itself and not marked', { type: 'shared' }, 'static-pie'],
    ['that others load by path', { type: 'shared', needed: ['libc.so.6'] }, 'library'],
    ['that others load', { type: 'shared', soname: 'libx.so.1' }, 'library'],
  ])('%s is %s', async (_, spec, expected) => {
    expect(linkage(await readSpec(spec))).toBe(expected);
  });

  it('wants weak versions only if they are there', async () => {
    const versionsNeeded = { 'libc.so.6': ['GLIBC_2.34', 'GLIBC_ABI_DT_RELR'] };
    const all = await readSpec({ versionsNeeded });
    expect(all.versionsNeeded).toHaveLength(2);
    const weak = await readSpec({ versionsNeeded, weak: ['GLIBC_ABI_DT_RELR'] });
    expect(weak.versionsNeeded).toEqual([{ library: 'libc.so.6', version: 'GLIBC_2.34' }]);
  });

  it('for a processor that has no images has no architecture', async () => {
    expect(await readSpec({ machine: 9999 })).toMatchObject({
      machine: 9999,
      architecture: undefined,
    });
  });

  it.each<[string, Uint8Array]>([
    ['an empty file', new Uint8Array()],
    ['a script', new TextEncoder().encode('#!/bin/sh\necho hello to everybody who reads this\n')],
    ['the first four bytes alone', elfBytes().slice(0, 4)],
    ['half a header', elfBytes().slice(0, 40)],
    ['a class that does not exist', elfBytes().with(4, 7)],
  ])('is not %s', async (_, bytes) => {
    expect(await read(bytes)).toBeUndefined();
  });
});

describe('a damaged or hostile ELF file', () => {
  it('cut anywhere is read as far as it goes', async () => {
    const whole = elfBytes(FULL);
    for (let length = 0; length < whole.length; length += 3) {
      const elf = await read(whole.subarray(0, length));
      if (length >= 64) expect(elf).toMatchObject({ architecture: 'amd64' });
    }
  });

  it('with any bytes changed never fails', async () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ORDERS),
        fc.array(change, { minLength: 1, maxLength: 12 }),
        async (order, changes) => {
          const bytes = elfBytes({ ...FULL, ...order });
          for (const { at, to } of changes) bytes[at % bytes.length] = to;
          const elf = await read(bytes);
          if (elf) expect([32, 64]).toContain(elf.bits);
        },
      ),
      { numRuns: fuzzRuns(1000) },
    );
  });

  it('of random bytes after a good beginning never fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4096 }), async (bytes) => {
        const head = elfBytes().slice(0, 24);
        expect(await read(new Uint8Array([...head, ...bytes]))).not.toBe(null);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('whose versions go round in circles ends', async () => {
    const versions = Array.from({ length: 200 }, (_, i) => `V_${i}`);
    const bytes = elfBytes({ versionsNeeded: { a: versions, b: versions } });
    // Every distance to the next record becomes 1, so that the records lie over each other.
    for (let i = 600; i + 4 <= bytes.length; i++) if (bytes[i] === 16) bytes[i] = 1;
    expect((await read(bytes))?.architecture).toBe('amd64');
  });
});

describe.skipIf(NO_READELF !== undefined)(
  `readelf says the same (${NO_READELF ?? 'it is here'})`,
  () => {
    it.each(ORDERS)('of a made-up file for $architecture', (order) => {
      const bytes = elfBytes({ ...FULL, ...order });
      expect(saidBy(bytes)).toMatchObject({
        // Versions it takes from section headers, which there are none of.
        interpreter: '/lib64/ld-linux-x86-64.so.2',
        needed: ['libc.so.6', 'libz.so.1'],
        runpath: ['$ORIGIN'],
        soname: 'app.so.1',
        bits: order.bits,
      });
    });

    it.each(['node', 'sh', 'readelf', 'git', 'python3.11', 'tar'])('of %s here', async (name) => {
      const path = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
      const bytes = path === '' ? elfBytes(FULL) : readFileSync(path);
      if (bytes[0] === 0x7f) await expectSame(bytes);
    });

    it.skipIf(NO_PANTRY !== undefined).each([
      ['386', '/lib/ld-linux.so.2'],
      ['386', '/usr/lib/i386-linux-gnu/libc.so.6'],
      ['386', '/usr/lib/i386-linux-gnu/libstdc++.so.6'],
      ['386', '/usr/bin/python3.13'],
      ['amd64', '/usr/lib/x86_64-linux-gnu/libc.so.6'],
      ['amd64', '/usr/lib/x86_64-linux-gnu/libssl.so.3'],
    ] as const)(`of %s's %s in python3 (${NO_PANTRY ?? 'the pantry is here'})`, async (...args) => {
      const [architecture, path] = args;
      const image = await pantryImage('gcr.io/distroless/python3-debian13', architecture);
      const tree = await image.files();
      const node = tree.get(tree.resolve(path.slice(1)) ?? '');
      if (!node) throw new Error(`${path} is missing`);
      await expectSame(await bytesOf(node.entry));
    });
  },
);

async function expectSame(bytes: Uint8Array): Promise<void> {
  const elf = await read(bytes);
  if (!elf) throw new Error('not taken for ELF');
  const theirs = saidBy(bytes);
  expect({
    interpreter: elf.interpreter,
    needed: elf.needed,
    soname: elf.soname,
    runpath: elf.runpath,
    versions: elf.versionsNeeded.map(({ version }) => version),
    defined: elf.versionsDefined,
    bits: elf.bits,
  }).toEqual(theirs);
}

/** The same facts from what readelf prints. */
function saidBy(bytes: Uint8Array): unknown {
  const file = join(folder, 'file');
  writeFileSync(file, bytes);
  const run = spawnSync('readelf', ['-W', '-h', '-l', '-d', '-V', '-D', file], {
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: { ...process.env, LC_ALL: 'C' },
  });
  const text = run.stdout;
  const all = (pattern: RegExp): readonly string[] =>
    [...text.matchAll(pattern)].map(([, one = '']) => one);
  const [, needs = ''] = /Version needs section[^]*?\n([^]*?)(?:\n\n|$)/.exec(text) ?? [];
  const [, defines = ''] = /Version definition section[^]*?\n([^]*?)(?:\n\n|$)/.exec(text) ?? [];
  return {
    interpreter: all(/Requesting program interpreter: (.*)\]/g)[0],
    needed: all(/\(NEEDED\) .*\[(.*)\]/g),
    soname: all(/\(SONAME\) .*\[(.*)\]/g)[0],
    runpath: all(/\(RUNPATH\) .*\[(.*)\]/g).flatMap((list) => list.split(':')),
    versions: [...needs.matchAll(/Name: (\S+)\s+Flags: (\S+)/g)].flatMap(([, name, flags]) =>
      flags === 'WEAK' ? [] : (name ?? []),
    ),
    defined: [...defines.matchAll(/Flags: (\S+).*?Name: (\S+)/g)].flatMap(([, flags, name]) =>
      flags === 'BASE' ? [] : (name ?? []),
    ),
    bits: text.includes('ELF64') ? 64 : 32,
  };
}

describe('versions', () => {
  it.each([
    ['GLIBC_2.9', 'GLIBC_2.34'],
    ['GLIBC_2.2.5', 'GLIBC_2.3'],
    ['GLIBC_2.2', 'GLIBC_2.2.5'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
    expect(newestGlibc([newer, older, 'GLIBC_PRIVATE', 'GLIBCXX_3.4.99'])).toBe(newer);
  });

  it('of nobody are none', () => {
    expect(newestGlibc(['GLIBC_PRIVATE'])).toBeUndefined();
  });
});
