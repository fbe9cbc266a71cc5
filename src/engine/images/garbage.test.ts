import { describe, expect, test } from 'vitest';
import { file } from '../../testing/entries.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import type { Digest } from '../oci/digest.ts';
import { MEDIA } from '../oci/media-types.ts';
import { layerTar } from '../layer/write.ts';
import { addImage, listImages } from './catalog.ts';
import { collectGarbage, keepingBlobs } from './garbage.ts';
import { openImage } from './open.ts';
import { removeImage } from './remove.ts';

async function blobs(engine: Engine): Promise<readonly Digest[]> {
  const found: Digest[] = [];
  for await (const { digest } of engine.store.blobs.list()) found.push(digest);
  return found;
}

async function engineWithImage(): Promise<Engine> {
  const engine = emptyEngine();
  await addTestImage(engine, 'a:1', { rows: [{ by: 'x', entries: [file('a', 'b')] }] });
  return engine;
}

/** The same engine with a clock of its own. */
function clocked(engine: Engine): {
  readonly engine: Engine;
  readonly advance: (ms: number) => void;
} {
  let now = 1e12;
  return {
    engine: { ...engine, platform: { ...engine.platform, now: () => now } },
    advance(ms) {
      now += ms;
    },
  };
}

test('blobs of images stay, all others go', async () => {
  const engine = await engineWithImage();
  const kept = await blobs(engine);
  await engine.store.blobs.put(utf8('nobody wants this'));
  expect(await collectGarbage(engine)).toEqual({ bytes: 17 });
  expect(await blobs(engine)).toEqual(kept);
});

test('what the build cache names stays, wherever in its records it does', async () => {
  const engine = emptyEngine();
  const { digest } = await engine.store.blobs.put(utf8('cached'));
  const other = await engine.store.blobs.put(utf8('not cached'));
  await engine.store.records.update('cache', 'key', () => ({ deep: [{ layer: { digest } }] }));
  await collectGarbage(engine);
  expect(await blobs(engine)).toEqual([digest]);
  expect(await engine.store.blobs.open(other.digest)).toBeUndefined();
});

test('after its image is removed a layer goes, unless another image has it too', async () => {
  const engine = await engineWithImage();
  await addTestImage(engine, 'b:1', {
    rows: [
      { by: 'other', entries: [file('a', 'b')] },
      { by: 'more', entries: [file('c', 'd')] },
    ],
  });
  expect((await blobs(engine)).length).toBe(6);
  await removeImage(engine, 'b:1');
  await collectGarbage(engine);
  // Layer, config and manifest of a:1.
  expect((await blobs(engine)).length).toBe(3);
});

describe('while somebody stores blobs', () => {
  test('nothing is collected; afterwards it is', async () => {
    const engine = emptyEngine();
    await keepingBlobs(engine, async () => {
      await engine.store.blobs.put(utf8('not referred to yet'));
      expect(await collectGarbage(engine)).toBeUndefined();
      await keepingBlobs(engine, async () => {
        expect(await collectGarbage(engine)).toBeUndefined();
      });
      expect(await collectGarbage(engine)).toBeUndefined();
      expect(await blobs(engine)).toHaveLength(1);
    });
    expect(await collectGarbage(engine)).toEqual({ bytes: 19 });
  });

  test('a failure gives the lease back', async () => {
    const engine = emptyEngine();
    const work = keepingBlobs(engine, () => Promise.reject(new Error('no')));
    await expect(work).rejects.toThrow('no');
    expect(await collectGarbage(engine)).toEqual({ bytes: 0 });
  });

  test('a lease of a process that was killed runs out', async () => {
    const { engine, advance } = clocked(emptyEngine());
    await engine.store.records.update('leases', 'blobs', () => ({
      writers: { dead: engine.platform.now() + 5 * 60_000 },
    }));
    expect(await collectGarbage(engine)).toBeUndefined();
    advance(5 * 60_000 + 1);
    expect(await collectGarbage(engine)).toEqual({ bytes: 0 });
  });
});

describe('while garbage is collected', () => {
  test('who wants to store waits, and finds that nothing of theirs was deleted', async () => {
    const engine = emptyEngine();
    for (let index = 0; index < 50; index++) await engine.store.blobs.put(utf8(`garbage ${index}`));
    const collecting = collectGarbage(engine);
    const storing = keepingBlobs(engine, async () => {
      // The same bytes as some garbage: they must not be taken for it.
      const { digest } = await engine.store.blobs.put(utf8('garbage 49'));
      await Promise.resolve();
      return engine.store.blobs.open(digest);
    });
    expect(await collecting).toBeDefined();
    expect(await storing).toBeDefined();
  });

  test('a second collection does not begin', async () => {
    const engine = emptyEngine();
    await engine.store.blobs.put(utf8('x'));
    const both = await Promise.all([collectGarbage(engine), collectGarbage(engine)]);
    expect(both.filter((done) => done !== undefined)).toEqual([{ bytes: 1 }]);
  });

  test('a collection that was killed lets others in after a minute', async () => {
    const { engine, advance } = clocked(emptyEngine());
    await engine.store.records.update('leases', 'blobs', () => ({
      writers: {},
      collector: { id: 'dead', until: engine.platform.now() + 60_000 },
    }));
    advance(60_001);
    expect(await keepingBlobs(engine, async () => 'in')).toBe('in');
  });
});

test('a damaged lease record holds nobody up', async () => {
  const engine = emptyEngine();
  await engine.store.records.update('leases', 'blobs', () => ['nonsense']);
  expect(await keepingBlobs(engine, async () => 'in')).toBe('in');
  expect(await collectGarbage(engine)).toEqual({ bytes: 0 });
});

test('an image whose layers are gone is whole again when it is added anew', async () => {
  const engine = await engineWithImage();
  const [image] = await listImages(engine);
  const manifest = image && (await openImage(engine, image)).manifest;
  const [layer] = manifest?.layers ?? [];
  if (!image || !layer) throw new Error('the image has a layer');
  await engine.store.blobs.delete(layer.digest);
  const again = { ...engine };
  // The same files compressed: the same config, another manifest.
  const gzip = await engine.store.blobs.put(engine.platform.gzip(layerTar([file('a', 'b')])));
  const { configBytes } = await openImage(again, image);
  const added = await addImage(again, {
    manifest: {
      schemaVersion: 2,
      mediaType: MEDIA.ociManifest,
      config: { mediaType: MEDIA.ociConfig, digest: image.id, size: configBytes.length },
      layers: [{ mediaType: MEDIA.ociLayerGzip, ...gzip }],
    },
    config: configBytes,
    names: [],
  });
  expect(added.id).toBe(image.id);
  expect(added.names).toEqual(image.names);
  expect((await (await openImage(again, added)).layers()).map(({ size }) => size)).toEqual([1]);
});
