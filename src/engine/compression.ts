/** What an archive may be compressed with. */
export type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** As many bytes from its beginning tell an archive's compression. */
export const MAGIC_LENGTH = 4;

const MAGIC: readonly (readonly [name: Compression, magic: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

/** The compression of what begins with these bytes; undefined when it is none of these. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return MAGIC.find(([, magic]) => magic.every((byte, at) => head[at] === byte))?.[0];
}
