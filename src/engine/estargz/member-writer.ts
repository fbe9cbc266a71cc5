import { concat } from '../bytes.ts';
import { type Digest, digestBy } from '../oci/digest.ts';
import type { Platform } from '../platform.ts';

/** Cuts one stream of plain bytes into gzip members, and hashes both sides. */
export interface MemberWriter {
  /** Plain bytes into the current member. */
  add(bytes: Uint8Array): void;
  /** Ends the current member, if there is anything in it. */
  flush(): Promise<void>;
  /** Bytes for the blob that are gzip already. */
  raw(bytes: Uint8Array): Promise<void>;
  /** Plain bytes in the current member. */
  pending(): number;
  /** Where in the blob the next member begins. Only true between members. */
  written(): number;
  /** Once, at the end. */
  totals(): Totals;
}

export interface Totals {
  readonly digest: Digest;
  readonly size: number;
  readonly diffId: Digest;
  readonly uncompressedSize: number;
}

export interface MemberOptions {
  /** One complete gzip member of the bytes. The blob is as deterministic as this is. */
  readonly gzip: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  readonly platform: Platform;
  /** Takes the blob, piece by piece, in order. */
  readonly write: (bytes: Uint8Array) => void | Promise<void>;
}

export function memberWriter(options: MemberOptions): MemberWriter {
  const blob = options.platform.sha256();
  const plain = options.platform.sha256();
  let member: Uint8Array[] = [];
  let pending = 0;
  let written = 0;
  let uncompressedSize = 0;

  async function raw(bytes: Uint8Array): Promise<void> {
    blob.update(bytes);
    written += bytes.length;
    await options.write(bytes);
  }

  return {
    raw,
    add(bytes) {
      plain.update(bytes);
      member.push(bytes);
      pending += bytes.length;
      uncompressedSize += bytes.length;
    },
    async flush() {
      if (pending === 0) return;
      const bytes = concat(member, pending);
      member = [];
      pending = 0;
      await raw(await options.gzip(bytes));
    },
    pending: () => pending,
    written: () => written,
    totals: () => ({
      digest: digestBy(blob),
      size: written,
      diffId: digestBy(plain),
      uncompressedSize,
    }),
  };
}
