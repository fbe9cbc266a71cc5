import type { ByteStream } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import type { Hasher, Platform } from '../platform.ts';

/** `sha256:` and 64 lower-case hexadecimal digits, checked. Made by `parseDigest` and the hashing functions only. */
export type Digest = `sha256:${string}` & { readonly __digest: true };

const SHAPE = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return SHAPE.test(text);
}

/** Throws EngineError `digest-invalid`. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new EngineError('digest-invalid', `invalid digest ${JSON.stringify(text.slice(0, 100))}`, {
    hint: 'A digest is "sha256:" followed by 64 lower-case hexadecimal digits.',
  });
}

/** The 64 digits without the algorithm. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** Twelve digits, as `docker images` prints them. */
export function shortId(digest: Digest): string {
  return hexOf(digest).slice(0, 12);
}

/** The digest of what a hasher was given; the hasher is spent afterwards. */
export function digestBy(hasher: Hasher): Digest {
  return parseDigest(`sha256:${hasher.hex()}`);
}

/** The digest of bytes that are in memory. */
export function digestOf(platform: Platform, bytes: Uint8Array): Digest {
  const hasher = platform.sha256();
  hasher.update(bytes);
  return digestBy(hasher);
}

/** Reads a stream to its end. */
export async function digestOfStream(platform: Platform, stream: ByteStream): Promise<Digest> {
  const hasher = platform.sha256();
  for await (const chunk of stream) hasher.update(chunk);
  return digestBy(hasher);
}
