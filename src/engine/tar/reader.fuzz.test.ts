import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dir, file, hardlink, symlink, whiteout } from '../../testing/entries.ts';
import { codeOf, fuzzRuns, inChunks } from '../../testing/hostile.ts';
import { block, END, octal, padded, readAll } from '../../testing/tar.ts';
import { collect, concat, utf8 } from '../bytes.ts';
import type { Entry } from '../layer/entry.ts';
import { BLOCK, checksums } from './format.ts';
import { writeTar } from './writer.ts';

describe('any archive', () => {
  const entries: readonly Entry[] = [
    dir('d'),
    file('d/é', 'text'),
    file('d/large', 'x'.repeat(3000), { xattrs: { 'user.x': utf8('v') } }),
    symlink('s', 't'.repeat(200)),
    hardlink('h', 'd/é'),
    whiteout('gone'),
  ];
  const archive = collect(writeTar(entries));

  test('reads the same however it is cut into chunks', async () => {
    const bytes = await archive;
    const expected = await readAll(bytes);
    expect(expected).toHaveLength(entries.length);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1 }),
        async (sizes) => {
          expect(await readAll(inChunks(bytes, ...sizes))).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('cut off anywhere, ends between entries or as truncated', async () => {
    const bytes = await archive;
    for (let length = 0; length < bytes.length; length += 64) {
      const code = await codeOf(() => readAll(bytes.subarray(0, length)));
      const known = ['no error', 'tar-truncated', 'tar-corrupt'];
      expect(known).toContain(code);
      if (length % BLOCK !== 0) expect(code).toBe('tar-truncated');
    }
  });

  test('damaged anyhow, gives entries or an error a user can act on', async () => {
    const bytes = await archive;
    const damage = fc.array(
      fc.tuple(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })),
      { minLength: 1, maxLength: 12 },
    );
    const mended = fc.boolean();
    await fc.assert(
      fc.asyncProperty(damage, mended, async (changes, mend) => {
        const copy = bytes.slice();
        for (const [at, value] of changes) copy[at] = value;
        // With checksums made good again the damage gets past the first check.
        if (mend)
          for (let at = 0; at < copy.length; at += BLOCK)
            mendChecksum(copy.subarray(at, at + BLOCK));
        await codeOf(() => readAll(copy));
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  test('of bytes at random', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc
        .constantFrom('x', 'g', 'L', 'K', '0', '5', 'S')
        .map((flag) => block({ flag, size: octal(20) })),
      fc.string({ maxLength: 40 }).map((text) => padded(text)),
      fc.constant(END),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        await codeOf(() => readAll(concat(pieces)));
      }),
      { numRuns: fuzzRuns(300) },
    );
  });
});

function mendChecksum(header: Uint8Array): void {
  if (header.length < BLOCK || header[257] !== 0x75) return;
  header.set(utf8(`${checksums(header).unsigned.toString(8).padStart(6, '0')}\0 `), 148);
}
