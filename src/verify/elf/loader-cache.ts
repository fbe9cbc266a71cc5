/**
 * `/etc/ld.so.cache` in the format of glibc 2.2 and newer, also behind the older one that some
 * `ldconfig` write in front of it: names and paths, in order. Empty for anything else.
 */
export function readLoaderCache(bytes: Uint8Array): readonly CachedLibrary[] {
  const start = startOf(bytes);
  if (start === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  // The second bit pair of the flags tells the byte order; 0 is from before it was told.
  const little = view.byteLength < HEADER || (view.getUint8(28) & 3) !== 3;
  const u32 = (at: number): number => (at + 4 <= view.byteLength ? view.getUint32(at, little) : 0);
  const count = Math.min(u32(20), MOST);
  const text = (at: number): string => {
    const piece = bytes.subarray(start + at, start + at + LONGEST);
    const end = piece.indexOf(0);
    return end < 0 ? '' : decoder.decode(piece.subarray(0, end));
  };
  const found: CachedLibrary[] = [];
  for (let at = HEADER; at < HEADER + count * ENTRY && at < view.byteLength; at += ENTRY) {
    const [name, path] = [text(u32(at + 4)), text(u32(at + 8))];
    if (name !== '' && path !== '') found.push({ name, path });
  }
  return found;
}

export interface CachedLibrary {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

const decoder = new TextDecoder('latin1');
const NEW = 'glibc-ld.so.cache1.1';
const OLD = 'ld.so-1.7.0';
const [HEADER, ENTRY, OLD_HEADER, OLD_ENTRY] = [48, 24, 16, 12];
const [MOST, LONGEST] = [100_000, 4096];

function startOf(bytes: Uint8Array): number | undefined {
  const begins = (at: number, magic: string): boolean =>
    decoder.decode(bytes.subarray(at, at + magic.length)) === magic;
  if (begins(0, NEW)) return 0;
  if (!begins(0, OLD) || bytes.length < OLD_HEADER) return undefined;
  const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  const end = OLD_HEADER + count * OLD_ENTRY;
  const aligned = Math.ceil(end / 8) * 8;
  return begins(aligned, NEW) ? aligned : undefined;
}
