import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFile,
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ByteStream, collect, utf8 } from '../engine/bytes.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import { type Digest, digestOf, hexOf } from '../engine/oci/digest.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import { describeStore } from '../engine/store/contract.ts';
import { asNobody, testFolder } from './files/testing.ts';
import { openFolderStore } from './folder-store.ts';
import { nodePlatform } from './node-platform.ts';

const platform = nodePlatform();
const { root } = testFolder('store');
afterAll(() => rm(root, { recursive: true, force: true }));

let count = 0;
const fresh = (): string => join(root, String(count++));

describeStore('the store in a folder', async () => {
  const dir = fresh();
  return {
    store: await openFolderStore(dir, platform),
    reopen: () => openFolderStore(dir, platform),
  };
});

const hasher = (bytes: Uint8Array): Digest => digestOf(platform, bytes);

describe('bytes damaged on disk', () => {
  const small = utf8('ten bytes!');
  const large = new Uint8Array(randomBytes(2_500_000));

  const damages: readonly (readonly [string, (path: string, size: number) => Promise<void>])[] = [
    ['a changed byte', (path, size) => overwrite(path, size - 1)],
    ['a missing end', (path, size) => truncate(path, size - 1)],
    ['nothing left', (path) => truncate(path, 0)],
    ['one byte more', (path) => appendFile(path, 'x')],
  ];
  describe.each([
    ['a small blob', small],
    ['a large blob', large],
  ])('of %s', (_, bytes) => {
    it.each(damages)('are found at the first read: %s', async (_name, damage) => {
      const dir = fresh();
      const writer = await openFolderStore(dir, platform);
      const { digest } = await writer.blobs.put(bytes);
      const path = join(dir, 'blobs', 'sha256', hexOf(digest));
      await damage(path, bytes.length);
      const error = { code: 'blob-corrupt', message: expect.stringContaining(digest) as unknown };

      const store = await openFolderStore(dir, platform);
      const blob = await store.blobs.open(digest);
      if (!blob) throw new Error('the blob is not there');
      await expect(blob.read(0, 1)).rejects.toMatchObject(error);
      const taken: Uint8Array[] = [];
      const reading = (async () => {
        for await (const chunk of blob.stream()) taken.push(chunk);
      })();
      await expect(reading).rejects.toMatchObject(error);
      expect(taken).toEqual([]);
      // All readers at once are told, not only the first.
      const all = await Promise.allSettled([blob.read(0, 1), blob.read(1, 1), blob.read(2, 1)]);
      expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);

      await store.blobs.put(bytes);
      const mended = await store.blobs.open(digest);
      expect(mended && hasher(await collect(mended.stream()))).toBe(digest);
    });
  });

  it('are found when a file becomes shorter after it was checked', async () => {
    const dir = fresh();
    const store = await openFolderStore(dir, platform);
    const { digest } = await store.blobs.put(large);
    const blob = await store.blobs.open(digest);
    if (!blob) throw new Error('the blob is not there');
    expect(await blob.read(2_499_999, 1)).toEqual(large.slice(-1));
    await truncate(join(dir, 'blobs', 'sha256', hexOf(digest)), 1000);
    await expect(blob.read(2_499_999, 1)).rejects.toMatchObject({ code: 'blob-corrupt' });
    await rm(join(dir, 'blobs', 'sha256', hexOf(digest)));
    await expect(blob.read(0, 1)).rejects.toMatchObject({ code: 'blob-missing' });
  });

  it('of a record are named with their file', async () => {
    const dir = fresh();
    const store = await openFolderStore(dir, platform);
    await store.records.update('images', 'index', () => 1);
    const path = join(dir, 'records', 'images', 'index.json');
    await writeFile(path, '{"half":');
    const error = { code: 'record-corrupt', message: expect.stringContaining(path) as unknown };
    await expect(store.records.get('images', 'index')).rejects.toMatchObject(error);
    await expect(store.records.update('images', 'index', () => 2)).rejects.toMatchObject(error);
  });
});

describe('a folder that cannot be a store', () => {
  it('has a file in its place', async () => {
    const path = fresh();
    await writeFile(path, '');
    for (const dir of [path, join(path, 'below')]) {
      await expect(openFolderStore(dir, platform)).rejects.toMatchObject({ code: 'store-path' });
    }
  });

  it('may not be written', async () => {
    const dir = fresh();
    const { digest } = await (await openFolderStore(dir, platform)).blobs.put(utf8('there'));
    const parts = ['tmp', 'locks', 'blobs/sha256'].map((name) => join(dir, name));
    await rm(join(dir, 'locks', 'tmp'));
    for (const part of parts) await chmod(part, 0o555);
    await asNobody(async () => {
      // It can be read all the same.
      const store = await openFolderStore(dir, platform);
      expect((await store.blobs.open(digest))?.size).toBe(5);
      await expect(store.blobs.put(utf8('one'))).rejects.toMatchObject({
        code: 'store-permission',
        message: expect.stringMatching(/^permission denied on the store in /) as unknown,
        hint: expect.stringContaining('SEMDISTRO_HOME') as unknown,
      });
    });
    for (const part of parts) await chmod(part, 0o777);
    await asNobody(async () => {
      const store = await openFolderStore(dir, platform);
      expect((await store.blobs.put(utf8('one'))).size).toBe(3);
    });
  });

  it('lies on a full disk: says so, and is as it was', async (context) => {
    const dir = fresh();
    await mkdir(dir);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir], { stdio: 'pipe' });
    } catch {
      console.log('left out: a full disk, since this user may not mount a small one');
      context.skip('needs the right to mount');
      return;
    }
    try {
      const store = await openFolderStore(dir, platform);
      const kept = await store.blobs.put(utf8('kept'));
      await store.records.update('images', 'index', () => 'kept');
      const full = {
        code: 'store-full',
        message: `no space left for the store in ${dir}`,
        hint: expect.stringContaining('Free some disk space') as unknown,
      };
      await expect(store.blobs.put(randomBytes(3 << 20))).rejects.toMatchObject(full);
      await expect(
        store.records.update('images', 'index', () => 'x'.repeat(3 << 20)),
      ).rejects.toMatchObject(full);
      // The half-written files are gone: there is room again.
      await store.blobs.put(randomBytes(1 << 20));
      expect(await store.records.get('images', 'index')).toBe('kept');
      const again = await openFolderStore(dir, platform);
      expect(await (await again.blobs.open(kept.digest))?.read(0, 4)).toEqual(utf8('kept'));
    } finally {
      execFileSync('umount', ['-l', dir]);
    }
  });
});

describe('a large blob', () => {
  it('goes to disk as it comes: 100 MB pass through with little of it in memory', async () => {
    const dir = fresh();
    const store = await openFolderStore(dir, platform);
    const chunk = new Uint8Array(randomBytes(64 * 1024));
    let produced = 0;
    let largestLead = 0;
    let memory = 0;
    const source = (async function* (): ByteStream {
      const before = process.memoryUsage().arrayBuffers;
      for (let at = 0; at < 1600; at++) {
        produced += chunk.length;
        yield chunk;
        if (at % 50 !== 0) continue;
        largestLead = Math.max(largestLead, produced - (await written(join(dir, 'tmp'))));
        memory = Math.max(memory, process.memoryUsage().arrayBuffers - before);
      }
    })();
    const { digest, size } = await store.blobs.put(source);
    expect(size).toBe(1600 * 65_536);
    expect(largestLead).toBeLessThanOrEqual(1 << 20);
    expect(memory).toBeLessThan(40 << 20);

    const blob = await (await openFolderStore(dir, platform)).blobs.open(digest);
    let largest = 0;
    let read = 0;
    for await (const part of blob?.stream() ?? []) {
      largest = Math.max(largest, part.length);
      read += part.length;
    }
    expect(read).toBe(size);
    expect(largest).toBeLessThanOrEqual(1 << 20);
  }, 60_000);
});

describe('the folder, as others see it', () => {
  it('is an OCI image layout', async () => {
    const dir = fresh();
    const store = await openFolderStore(dir, platform);
    await store.blobs.put(utf8('x'));
    expect(JSON.parse(await readFile(join(dir, 'oci-layout'), 'utf8'))).toEqual({
      imageLayoutVersion: '1.0.0',
    });
    const names = await readdir(join(dir, 'blobs', 'sha256'));
    expect(names).toEqual(['2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881']);
  });

  it('shows an image to skopeo, once an index names it', async (context) => {
    if (spawnSync('skopeo', ['--version']).status !== 0) {
      console.log('left out: a look at the store with skopeo, which is not installed');
      context.skip('needs skopeo');
      return;
    }
    const dir = fresh();
    const store = await openFolderStore(dir, platform);
    const json = (document: unknown): Uint8Array => utf8(JSON.stringify(document));
    const layer = await store.blobs.put(new Uint8Array(1024));
    const config = await store.blobs.put(
      json({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [layer.digest] },
      }),
    );
    const manifest = await store.blobs.put(
      json({
        schemaVersion: 2,
        mediaType: MEDIA.ociManifest,
        config: { mediaType: MEDIA.ociConfig, ...config },
        layers: [{ mediaType: MEDIA.ociLayer, ...layer }],
      }),
    );
    const index = {
      schemaVersion: 2,
      manifests: [
        { mediaType: MEDIA.ociManifest, ...manifest, annotations: { [ANNOTATION.refName]: 'it' } },
      ],
    };
    await writeFile(join(dir, 'index.json'), JSON.stringify(index));
    const seen: unknown = JSON.parse(
      execFileSync('skopeo', ['inspect', `oci:${dir}:it`], { encoding: 'utf8' }),
    );
    expect(seen).toMatchObject({ Digest: manifest.digest, Layers: [layer.digest] });
    await openFolderStore(dir, platform);
    expect(JSON.parse(await readFile(join(dir, 'index.json'), 'utf8'))).toEqual(index);
  });
});

async function overwrite(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { buffer } = await file.read(new Uint8Array(1), 0, 1, at);
    await file.write(Uint8Array.of((buffer[0] ?? 0) ^ 1), 0, 1, at);
  } finally {
    await file.close();
  }
}

/** Bytes in the temporary files below a folder. */
async function written(tmp: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(tmp, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return sum;
}
