import type { ByteStream } from './bytes.ts';

/**
 * Port: the few things the engine needs from where it runs. `portable.ts` answers it in plain
 * TypeScript anywhere; Node has faster ones. The engine never reads a clock, an environment or a
 * random source but through this.
 */
export interface Platform {
  /** Incremental SHA-256. */
  sha256(): Hasher;
  /**
   * Decompresses gzip, all members of it. Rejects with EngineError `gzip-corrupt` on a bad
   * header, checksum or length, on truncation and on trailing garbage that is not zero padding.
   */
  gunzip(compressed: ByteStream): ByteStream;
  /** Compresses to one gzip member. The bytes may differ between platforms; never hash them into a name. */
  gzip(plain: ByteStream): ByteStream;
  /** Now, in milliseconds since 1970. */
  now(): number;
  /** Lower-case hexadecimal digits from a random source. */
  randomHex(digits: number): string;
}

export interface Hasher {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. The hasher is spent afterwards. */
  hex(): string;
}
