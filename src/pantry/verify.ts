import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parseConfig, parseManifest } from '../engine/images/documents.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import { type Digest, hexOf } from '../engine/oci/digest.ts';
import { openLayout } from './layout.ts';

/** What is wrong with a blob, and which images that breaks. */
export interface Fault {
  readonly digest: Digest;
  readonly why: string;
  readonly images: readonly string[];
}

export interface Verification {
  readonly images: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly faults: readonly Fault[];
  /** Blobs that no image needs: left by older recipes or locks. Not a fault. */
  readonly unused: readonly string[];
}

/**
 * Hashes every blob again, and of every layer what it unpacks to. Reads all of the layout: about a
 * second per 200 MB.
 */
export async function verifyPantry(
  directory: string,
  onProgress?: (done: number, total: number) => void,
): Promise<Verification> {
  const layout = openLayout(directory);
  const manifests = await layout.manifests();
  const users = new Map<Digest, Set<string>>();
  const expected = new Map<Digest, { size: number; diffId?: Digest }>();
  const faults: Fault[] = [];
  const use = (image: string, digest: Digest, size: number, diffId?: Digest): void => {
    users.set(digest, (users.get(digest) ?? new Set()).add(image));
    expected.set(digest, { size, ...(diffId && { diffId }) });
  };
  for (const { digest, size, annotations, platform } of manifests) {
    const image = `${annotations?.[ANNOTATION.refName] ?? digest} (${platform?.architecture ?? '?'})`;
    use(image, digest, size);
    try {
      const manifest = parseManifest(await layout.read(digest));
      use(image, manifest.config.digest, manifest.config.size);
      const config = parseConfig(await layout.read(manifest.config.digest));
      manifest.layers.forEach((layer, i) => {
        use(image, layer.digest, layer.size, config.rootfs.diff_ids[i]);
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      faults.push({ digest, why: `its documents cannot be read: ${why}`, images: [image] });
    }
  }
  let done = 0;
  let bytes = 0;
  for (const [digest, { size, diffId }] of expected) {
    const why = await check(layout.blobPath(digest), digest, size, diffId);
    if (why !== undefined) {
      faults.push({ digest, why, images: [...(users.get(digest) ?? [])].sort() });
    }
    bytes += size;
    onProgress?.(++done, expected.size);
  }
  const names = await readdir(join(directory, 'blobs', 'sha256')).catch(() => []);
  const known = new Set([...expected.keys()].map(hexOf));
  const unused = names.filter((name) => !known.has(name)).sort();
  return { images: manifests.length, blobs: expected.size, bytes, faults, unused };
}

/** What is wrong with a file, or undefined. */
async function check(
  path: string,
  digest: Digest,
  size: number,
  diffId: Digest | undefined,
): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 'missing';
  if (found.size !== size) return `${found.size} bytes long instead of ${size}`;
  if ((await hash(createReadStream(path))) !== digest)
    return 'does not have the digest it is named by';
  if (diffId === undefined) return undefined;
  const plain = createReadStream(path).pipe(createGunzip());
  const actual = await hash(plain).catch(() => 'nothing: it is not gzip');
  return actual === diffId ? undefined : `unpacks to ${actual} instead of ${diffId}`;
}

async function hash(stream: AsyncIterable<unknown>): Promise<string> {
  const hasher = createHash('sha256');
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a file yields bytes');
    hasher.update(chunk);
  }
  return `sha256:${hasher.digest('hex')}`;
}
