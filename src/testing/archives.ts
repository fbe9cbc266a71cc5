import { collect, once, utf8 } from '../engine/bytes.ts';
import type { Engine } from '../engine/engine.ts';
import { listImages } from '../engine/images/catalog.ts';
import { loadImages } from '../engine/images/load.ts';
import { saveImages } from '../engine/images/save.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { digestOf, hexOf } from '../engine/oci/digest.ts';
import { writeTar } from '../engine/tar/writer.ts';
import { dir, file, symlink } from './entries.ts';
import { addTestImage, emptyEngine } from './images.ts';

const NEVER = new AbortController().signal;

/** A layer of three entries. */
export const layer = [dir('a'), file('a/b', 'hello'), symlink('c', 'a/b')];

export async function tar(entries: readonly Entry[]): Promise<Uint8Array> {
  return collect(writeTar(entries));
}

/** Loads an archive; resolves to the names it gave. */
export async function load(engine: Engine, archive: Uint8Array): Promise<readonly string[]> {
  const loaded = await loadImages(engine, once(archive), NEVER);
  return loaded.flatMap(({ names }) => names);
}

/** All images of an engine, saved. */
export async function saved(engine: Engine): Promise<Uint8Array> {
  const images = await listImages(engine);
  return collect(
    await saveImages(
      engine,
      images.map((record) => ({ record, names: record.names })),
    ),
  );
}

export async function oneImage(): Promise<Engine> {
  const engine = emptyEngine();
  await addTestImage(engine, 'one:1', {
    config: { Cmd: ['a'] },
    rows: [
      { by: 'first', entries: layer },
      { by: 'ENV' },
      { by: 'second', entries: [file('d', 'e')] },
    ],
  });
  return engine;
}

/** Members of a docker-archive as Docker before version 25 wrote it. */
export async function legacy(
  change: Partial<Record<'config' | 'manifest', unknown>> = {},
): Promise<Entry[]> {
  const { platform } = emptyEngine();
  const bytes = await tar(layer);
  const config = change.config ?? {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(platform, bytes)] },
    history: [{ created_by: 'x' }],
  };
  const text = JSON.stringify(config);
  const name = `${hexOf(digestOf(platform, utf8(text)))}.json`;
  return [
    file('layer1/VERSION', '1.0'),
    file('layer1/json', '{}'),
    file('layer1/layer.tar', bytes),
    file(name, text),
    file(
      'manifest.json',
      JSON.stringify(
        change.manifest ?? [{ Config: name, RepoTags: ['old:1'], Layers: ['layer1/layer.tar'] }],
      ),
    ),
  ];
}

export async function blobsOf(engine: Engine): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { digest } of engine.store.blobs.list()) found.push(digest);
  return found.sort();
}
