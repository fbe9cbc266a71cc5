import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { lacking } from './fixtures.ts';
import { unxz, unxzByWasm } from './xz.ts';

/** `printf 'Sem Distro' | xz -9` */
const XZ = new Uint8Array(
  Buffer.from(
    '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAJU2VtIERpc3RybwAAAC83nldzAmGNAAEiChUa4WcftvN9AQAAAAAEWVo=',
    'base64',
  ),
);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const noXz = lacking('xz');

const decoders: readonly (readonly [string, typeof unxzByWasm, string | undefined])[] = [
  ['WebAssembly', unxzByWasm, undefined],
  ['the program xz', (bytes, limit) => unxz(bytes, limit), noXz],
];

for (const [name, decode, missing] of decoders) {
  describe.skipIf(missing !== undefined)(`xz by ${name}${missing ? ` (${missing})` : ''}`, () => {
    it('decompresses', async () => {
      expect(text(await decode(XZ, 100))).toBe('Sem Distro');
    });

    it('gives exactly as much as the limit allows and not a byte more', async () => {
      expect(await decode(XZ, 10)).toHaveLength(10);
      await expect(decode(XZ, 9)).rejects.toMatchObject({ code: 'xz-corrupt' });
    });

    it.each([
      ['nothing', new Uint8Array(0)],
      ['another format', new TextEncoder().encode('no xz at all, just text')],
      ['half of it', XZ.subarray(0, XZ.length / 2)],
      ['all but the footer', XZ.subarray(0, XZ.length - 12)],
      ['a flipped bit in the data', XZ.map((byte, at) => (at === 30 ? byte ^ 1 : byte))],
      ['garbage behind', Uint8Array.from([...XZ, 1, 2, 3, 4])],
    ])('refuses %s', async (_, bytes) => {
      await expect(decode(bytes, 100)).rejects.toMatchObject({ code: 'xz-corrupt' });
    });
  });
}

describe('unxz', () => {
  it('does without the program', async () => {
    expect(text(await unxz(XZ, 100, 'there-is-no-such-program'))).toBe('Sem Distro');
  });

  const title = `agrees with xz about five megabytes${noXz ? ` (${noXz})` : ''}`;
  it.skipIf(noXz !== undefined)(title, async () => {
    const plain = new Uint8Array(5_000_000).map((_, at) => (at * at) >> 7);
    const packed = new Uint8Array(
      spawnSync('xz', ['-0c'], { input: plain, maxBuffer: 2 ** 30 }).stdout,
    );
    expect(Buffer.compare(await unxz(packed, 2 ** 30), plain)).toBe(0);
    expect(Buffer.compare(await unxzByWasm(packed, 2 ** 30), plain)).toBe(0);
  });
});
