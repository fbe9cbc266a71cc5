import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publishMachine, publishPantry } from './published.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'semdistro-published-'));
});
afterEach(() => rm(root, { recursive: true }));

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

async function put(path: string, content: unknown): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), JSON.stringify(content));
}

it('of the pantry, images of the machine in the page, as links', async () => {
  await put('pantry/index.json', {
    schemaVersion: 2,
    manifests: [
      { digest: digest('a'), platform: { os: 'linux', architecture: '386' } },
      { digest: digest('b'), platform: { os: 'linux', architecture: 'amd64' } },
    ],
  });
  for (const [manifest, config, layer] of ['acd', 'bef']) {
    await put(`pantry/blobs/sha256/${(manifest ?? '').repeat(64)}`, {
      config: { digest: digest(config ?? '') },
      layers: [{ digest: digest(layer ?? '') }],
    });
    for (const name of [config, layer])
      await put(`pantry/blobs/sha256/${(name ?? '').repeat(64)}`, 1);
  }
  await put(`pantry/sources/${'a'.repeat(64)}.json`, {});
  await put('pantry/oci-layout', {});
  await publishPantry(join(root, 'pantry'), join(root, 'dist'));

  const blobs = (await readdir(join(root, 'dist', 'blobs', 'sha256'))).map((name) => name[0]);
  expect(blobs.sort()).toEqual(['a', 'c', 'd']);
  expect((await stat(join(root, 'dist', 'blobs', 'sha256', 'd'.repeat(64)))).nlink).toBe(2);
  expect(await readdir(join(root, 'dist', 'sources'))).toEqual([`${'a'.repeat(64)}.json`]);
  const index: unknown = JSON.parse(await readFile(join(root, 'dist', 'index.json'), 'utf8'));
  expect(index).toMatchObject({ schemaVersion: 2, manifests: [{ digest: digest('a') }] });
});

it('of the machine, the snapshot that its record names', async () => {
  await put('machine/machine.json', { snapshot: 'new.zst' });
  await put('machine/new.zst', 1);
  await put('machine/old.zst', 1);
  await publishMachine(join(root, 'machine'), join(root, 'dist'));
  expect((await readdir(join(root, 'dist'))).sort()).toEqual(['machine.json', 'new.zst']);
});
