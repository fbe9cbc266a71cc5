import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { blobsOf, layer, legacy, load, oneImage, saved, tar } from '../../testing/archives.ts';
import { file, symlink } from '../../testing/entries.ts';
import { emptyEngine } from '../../testing/images.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { collect } from '../bytes.ts';
import { listImages } from './catalog.ts';
import { openImage } from './open.ts';
import { saveImages } from './save.ts';

const scratch = mkdtempSync(join(tmpdir(), 'images-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

describe('what is saved', () => {
  test('loads again: same IDs, same manifests, same blobs, and saves to the same bytes', async () => {
    const first = await oneImage();
    const archive = await saved(first);
    const second = emptyEngine();
    expect(await load(second, archive)).toEqual(['docker.io/library/one:1']);
    const [before] = await listImages(first);
    const [after] = await listImages(second);
    expect(after).toEqual({ ...before, tagged: after?.tagged });
    expect(await blobsOf(second)).toEqual(await blobsOf(first));
    expect(await saved(second)).toEqual(archive);
  });

  test('loads as gzip too', async () => {
    const engine = emptyEngine();
    expect(await load(engine, gzipSync(await saved(await oneImage())))).toEqual([
      'docker.io/library/one:1',
    ]);
  });

  test.skipIf(spawnSync('skopeo', ['--version']).status !== 0)(
    'is a docker-archive and an OCI layout to skopeo (left out without skopeo)',
    async () => {
      const path = join(scratch, 'saved.tar');
      writeFileSync(path, await saved(await oneImage()));
      for (const reference of [`docker-archive:${path}:one:1`, `oci-archive:${path}:1`]) {
        const config = execFileSync('skopeo', ['inspect', '--config', reference]);
        expect(JSON.parse(config.toString())).toMatchObject({ config: { Cmd: ['a'] } });
        const manifest: unknown = JSON.parse(
          execFileSync('skopeo', ['inspect', reference]).toString(),
        );
        expect(manifest).toMatchObject({ Architecture: 'amd64' });
      }
      const copied = join(scratch, 'copied.tar');
      const policy = join(scratch, 'policy.json');
      writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
      for (const kind of ['oci-archive', 'docker-archive']) {
        rmSync(copied, { force: true });
        execFileSync('skopeo', [
          '--policy',
          policy,
          'copy',
          `docker-archive:${path}:one:1`,
          `${kind}:${copied}:back:2`,
        ]);
        const engine = emptyEngine();
        await load(engine, readFileSync(copied));
        const [image] = await listImages(engine);
        const config = image && (await openImage(engine, image)).config;
        expect(config?.config.Cmd).toEqual(['a']);
        // skopeo compresses layers of an OCI archive; their content stays.
        const [original] = await listImages(await oneImage());
        expect(image?.id).toBe(original?.id);
      }
    },
  );
});

test('an archive of an old Docker loads, its layer being a link to another', async () => {
  const engine = emptyEngine();
  const [, , layerTar, config] = await legacy();
  if (!layerTar || !config) throw new Error('legacy() has five members');
  const archive = await tar([
    { ...layerTar, path: 'real/layer.tar' },
    symlink('layer1/layer.tar', '../real/layer.tar'),
    config,
    file(
      'manifest.json',
      JSON.stringify([{ Config: config.path, RepoTags: null, Layers: ['layer1/layer.tar'] }]),
    ),
  ]);
  expect(await load(engine, archive)).toEqual([]);
  const [image] = await listImages(engine);
  expect(image).toMatchObject({ names: [], size: 5 + 'a/b'.length });
});

test('what an archive has besides its images does not stay in the store', async () => {
  const engine = emptyEngine();
  await load(engine, await tar(await legacy()));
  // Layer, config, and the manifest that was written for it.
  expect(await blobsOf(engine)).toHaveLength(3);
});

const real = realDocker();
describe.skipIf(!real)(`a real Docker (${real ? 'found' : NO_DOCKER})`, () => {
  test('loads layers that are gzip', async () => {
    const engine = emptyEngine();
    const bytes = await tar(layer);
    const members = await legacy();
    const archive = await tar(
      members.map((member) =>
        member.path === 'layer1/layer.tar' ? file('layer1/layer.tar', gzipSync(bytes)) : member,
      ),
    );
    await load(engine, archive);
    const [image] = await listImages(engine);
    if (!image || !real) throw new Error('the image was loaded');
    const name = 'semdistro.test/gzip:1';
    const stream = await saveImages(engine, [{ record: image, names: [name] }]);
    const output = await real.ok(['load'], { stdin: await collect(stream) });
    expect(output.text).toBe(`Loaded image: ${name}\n`);
    const id = await real.ok(['inspect', '-f', '{{.Id}}', name]);
    expect(id.text.trim()).toBe(image.id);
    await real.ok(['rmi', name]);
  });
});
