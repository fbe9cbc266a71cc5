import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/errors.ts';
import { fuzzRuns } from '../../testing/hostile.ts';
import { readDeb } from './deb.ts';
import { ar, CONTROL_TAR, DATA_TAR, VERSION_MEMBER } from './fixtures.ts';

const runs = fuzzRuns(300);

const plain = ar(VERSION_MEMBER, ['control.tar', CONTROL_TAR], ['data.tar', DATA_TAR]);
const packed = ar(
  VERSION_MEMBER,
  ['control.tar.gz', gzipSync(CONTROL_TAR)],
  ['data.tar.gz', gzipSync(DATA_TAR)],
);

const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
const damage = fc.record({
  packed: fc.boolean(),
  changes: fc.array(change, { maxLength: 8 }),
  length: fc.option(fc.nat()),
});

describe('readDeb on damaged packages', () => {
  it(
    'reads them or says deb-corrupt, and nothing else',
    { timeout: 60_000 + runs * 20 },
    async () => {
      const seen = { read: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(damage, async (how) => {
          const bytes = Uint8Array.from(how.packed ? packed : plain);
          for (const { at, byte } of how.changes) bytes[at % bytes.length] = byte;
          const cut = how.length === null ? bytes : bytes.subarray(0, how.length % bytes.length);
          try {
            await readDeb(cut, 'x.deb');
            seen.read += 1;
          } catch (error) {
            if (!(error instanceof EngineError) || error.code !== 'deb-corrupt') throw error;
            seen.refused += 1;
          }
        }),
        { numRuns: runs, examples: [[{ packed: false, changes: [], length: null }]] },
      );
      expect(seen.read).toBeGreaterThan(0);
      expect(seen.refused).toBeGreaterThan(0);
    },
  );
});
