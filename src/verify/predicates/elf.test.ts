import { describe, expect, it } from 'vitest';
import type { Entry } from '../../engine/layer/entry.ts';
import { elfBytes, type ElfSpec } from '../../testing/elf.ts';
import { file, symlink } from '../../testing/entries.ts';
import { NO_PANTRY, pantryImage } from '../../testing/pantry-images.ts';
import { portImage, simpleImage } from '../../testing/port-image.ts';
import type { Verdict } from '../check.ts';
import type { Image } from '../engine.ts';
import { elfAt, elfDynamic, elfRuns, elfStatic } from './elf.ts';

const said = (verdict: Verdict): string =>
  verdict.status === 'fail' ? verdict.found.en : verdict.status;
const program = (spec: ElfSpec): Entry => file('app', elfBytes(spec), { mode: 0o755 });

/** What cgo makes of a program that looks up names. */
const CGO: ElfSpec = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libc.so.6'],
  versionsNeeded: { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34'] },
};
const GLIBC = [
  file('lib64/ld-linux-x86-64.so.2', elfBytes({ type: 'shared' })),
  file(
    'lib64/libc.so.6',
    elfBytes({ type: 'shared', versionsDefined: ['GLIBC_2.2.5', 'GLIBC_2.34', 'GLIBC_2.36'] }),
  ),
];

describe('a program in an image', () => {
  it('that is static needs nothing', async () => {
    const image = await simpleImage([program({})]);
    expect(said(await elfRuns(image, '/app'))).toBe('pass');
    expect(said(await elfStatic(image, '/app'))).toBe('pass');
    expect(said(await elfDynamic(image, '/app'))).toBe('`/app` is static');
  });

  it('that is a static PIE is static', async () => {
    const image = await simpleImage([program({ type: 'shared', pie: true })]);
    expect(said(await elfRuns(image, '/app'))).toBe('pass');
    expect(said(await elfStatic(image, '/app'))).toBe('pass');
  });

  it('that is dynamic needs its interpreter and libraries', async () => {
    const image = await simpleImage([program(CGO), ...GLIBC]);
    expect(said(await elfRuns(image, '/app'))).toBe('pass');
    expect(said(await elfDynamic(image, 'app'))).toBe('pass');
    expect(said(await elfStatic(image, '/app'))).toBe(
      '`/app` is dynamic: it asks for `/lib64/ld-linux-x86-64.so.2`, `libc.so.6`, `GLIBC_2.34`',
    );
  });

  it('is found behind links', async () => {
    const image = await simpleImage([symlink('run', 'bin/app'), file('bin/app', elfBytes({}))]);
    expect(said(await elfStatic(image, '/run'))).toBe('pass');
    expect(await elfAt(image, '/run')).toMatchObject({ architecture: 'amd64' });
    expect(await elfAt(image, '/nope')).toBeUndefined();
  });

  it.each<[string, readonly Entry[], string]>([
    ['is not there', [], '`/app` is not in the image'],
    ['is no ELF file', [file('app', '#!/bin/sh\n')], '`/app` is no ELF file'],
    [
      'is for another processor',
      [program({ machine: 183 })],
      '`/app` is for `arm64`, and the image is `amd64`',
    ],
    [
      'lacks its interpreter',
      [program(CGO)],
      '`/app` is dynamic and asks for the interpreter `/lib64/ld-linux-x86-64.so.2`: `/lib64/ld-linux-x86-64.so.2` is not in the image',
    ],
    [
      'lacks a library',
      [program({ ...CGO, needed: ['libssl.so.3'] }), ...GLIBC],
      '`/app` asks for the library `libssl.so.3`, which the loader does not find in the image',
    ],
    [
      'wants a newer glibc',
      [program({ ...CGO, versionsNeeded: { 'libc.so.6': ['GLIBC_2.38', 'GLIBC_2.9'] } }), ...GLIBC],
      "`/app` asks for `GLIBC_2.38`, which the image's `/lib64/libc.so.6` does not have: it goes up to `GLIBC_2.36`",
    ],
  ])('does not run when it %s', async (_, entries, found) => {
    const verdict = await elfRuns(await simpleImage(entries), '/app');
    expect(said(verdict)).toBe(found);
    expect(verdict).toMatchObject({ where: { path: '/app' } });
  });

  it('finds libraries in LD_LIBRARY_PATH of the image', async () => {
    const entries = [
      program({ ...CGO, needed: ['libx.so'] }),
      ...GLIBC,
      file('x/libx.so', elfBytes({ type: 'shared' })),
    ];
    const env = { Env: ['LD_LIBRARY_PATH=/y:/x'] };
    expect(said(await elfRuns(await simpleImage(entries, env), '/app'))).toBe('pass');
    expect(said(await elfRuns(await simpleImage(entries), '/app'))).toContain('`libx.so`');
  });

  it('of 32 bits runs on amd64, and not the other way', async () => {
    const small = program({ bits: 32, machine: 3 });
    expect(said(await elfRuns(await simpleImage([small]), '/app'))).toBe('pass');
    const large = await simpleImage([program({})], {}, '386');
    expect(said(await elfRuns(large, '/app'))).toBe(
      '`/app` is for `amd64`, and the image is `386`',
    );
  });
});

describe.skipIf(NO_PANTRY !== undefined)(
  `on Google's images (${NO_PANTRY ?? 'the pantry is here'})`,
  () => {
    const on = async (name: string, spec: ElfSpec): Promise<Image> =>
      portImage({
        on: await pantryImage(`gcr.io/distroless/${name}-debian13`, 'amd64'),
        rows: [{ by: 'COPY app /app', entries: [program(spec)] }],
      });
    const cpp = { ...CGO, needed: ['libstdc++.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libc.so.6'] };
    const tls = { ...CGO, needed: ['libssl.so.3', 'libcrypto.so.3', 'libc.so.6'] };
    const newer = { ...CGO, versionsNeeded: { 'libc.so.6': ['GLIBC_2.99'] } };

    it.each<[string, string, ElfSpec, string]>([
      ['a static program', 'static', {}, 'pass'],
      ['a cgo program', 'static', CGO, 'asks for the interpreter'],
      ['a cgo program', 'base-nossl', CGO, 'pass'],
      ['a program with TLS', 'base-nossl', tls, '`libssl.so.3`'],
      ['a program with TLS', 'base', tls, 'pass'],
      ['a program in C++', 'base', cpp, '`libstdc++.so.6`'],
      ['a program in C++', 'cc', cpp, 'pass'],
      ['a program for a newer glibc', 'cc', newer, 'does not have: it goes up to `GLIBC_2.41`'],
    ])('%s on %s', async (_, name, spec, expected) => {
      expect(said(await elfRuns(await on(name, spec), '/app'))).toContain(expected);
    });
  },
);
