/** What the dynamic linker's cache must know of a shared library. */
export interface SharedLibrary {
  readonly soname: string | undefined;
  /** 32 or 64. */
  readonly bits: number;
  /** ELF's number: 3 is i386, 62 x86-64, 183 AArch64. */
  readonly machine: number;
}

/** Undefined for anything but a little-endian shared library. */
export function readSharedLibrary(file: Uint8Array): SharedLibrary | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46 || file[5] !== 1) return undefined;
  const wide = file[4] === 2;
  if (view.getUint16(16, true) !== 3) return undefined;
  const word = (at: number): number =>
    wide ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
  const headers = word(wide ? 32 : 28);
  const size = view.getUint16(wide ? 54 : 42, true);
  const count = view.getUint16(wide ? 56 : 44, true);
  const segments = Array.from({ length: count }, (_, i) => {
    const at = headers + i * size;
    return {
      type: view.getUint32(at, true),
      offset: word(at + (wide ? 8 : 4)),
      address: word(at + (wide ? 16 : 8)),
      size: word(at + (wide ? 32 : 16)),
    };
  });
  const dynamic = segments.find(({ type }) => type === 2);
  if (!dynamic) return undefined;
  const step = wide ? 16 : 8;
  let names: number | undefined;
  let soname: number | undefined;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += step) {
    const tag = word(at);
    const value = word(at + step / 2);
    if (tag === 0) break;
    if (tag === 5) names = value;
    if (tag === 14) soname = value;
  }
  const loaded = segments.find(
    ({ type, address, size: length }) =>
      type === 1 && names !== undefined && address <= names && names < address + length,
  );
  const machine = view.getUint16(18, true);
  const bits = wide ? 64 : 32;
  if (soname === undefined || names === undefined || !loaded) {
    return { soname: undefined, bits, machine };
  }
  const start = names - loaded.address + loaded.offset + soname;
  const end = file.indexOf(0, start);
  return { soname: new TextDecoder().decode(file.subarray(start, end)), bits, machine };
}
