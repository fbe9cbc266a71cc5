import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodePlatform } from '../cli/node-platform.ts';
import { parseConfig, parseManifest } from '../engine/images/documents.ts';
import { contentOf } from '../engine/layer/content.ts';
import { entriesOfTar } from '../engine/layer/from-tar.ts';
import { parseReference } from '../engine/oci/reference.ts';
import { buildPantry, type BuildReport } from './build.ts';
import { bytesOf } from './entries.ts';
import { FAKE_PACKAGES, FAKE_RECIPE, fakeArchive } from './fake-packages.ts';
import { openLayout } from './layout.ts';
import { listPantry } from './list.ts';
import { parseRecipe } from './load-recipes.ts';
import { pantryHome } from './pantry-home.ts';
import { pantrySource } from './source.ts';
import { sourcesPath } from './sources.ts';
import { verifyPantry } from './verify.ts';

const HERE = import.meta.dirname;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semdistro-build-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function build(
  name = 'cache',
  images: readonly string[] = [],
  recipe = FAKE_RECIPE,
): Promise<BuildReport & { readonly fetched: readonly string[]; readonly layout: string }> {
  const archive = fakeArchive(FAKE_PACKAGES);
  const locks = join(folder, 'locks');
  await mkdir(locks, { recursive: true });
  await mkdir(join(folder, name, 'packages'), { recursive: true });
  await archive.writeLock(locks);
  const cacheDir = join(folder, name);
  const report = await buildPantry({
    ...{ cacheDir, locks, images, source: archive.source },
    platform: nodePlatform(),
    architectures: ['amd64'],
    recipes: [parseRecipe(recipe, 'fake.yaml')],
  });
  return { ...report, fetched: archive.fetched, layout: pantryHome(cacheDir).layout };
}

async function open(directory: string, reference: string) {
  const source = pantrySource(directory);
  const image = await source.resolve(parseReference(reference), {
    os: 'linux',
    architecture: 'amd64',
  });
  if (!image) throw new Error(`no ${reference}`);
  const layout = openLayout(directory);
  const manifest = parseManifest(await layout.read(image.manifest.digest));
  const config = parseConfig(await layout.read(manifest.config.digest));
  const layers = await Promise.all(
    manifest.layers.map(async ({ digest }) =>
      entriesOfTar(contentOf(gunzipSync(await layout.read(digest)))),
    ),
  );
  return { image, manifest, config, layers };
}

describe('an image of the pantry', () => {
  it('has layers, history and configuration as the recipe says', async () => {
    const { layout } = await build();
    const { config, layers, manifest } = await open(layout, 'example.org/large');
    expect(config.history.map((row) => [row.created_by, row.empty_layer ?? false])).toEqual([
      ['make one', false],
      ['make files', false],
      ['ENV PATH=/bin', true],
      ['make two', false],
    ]);
    expect(config.created).toBe('1970-01-01T00:00:00Z');
    expect(config.config).toEqual({
      User: '0',
      Env: ['PATH=/bin', 'VERSION=2.5'],
      Entrypoint: ['/usr/two'],
      Labels: {
        'dev.semdistro.stand-in':
          'Stands in for example.org/large:latest: rebuilt from Debian 13 packages by Sem Distro, not the original',
      },
    });
    expect(config.rootfs.diff_ids).toHaveLength(3);
    expect(manifest.annotations).toMatchObject({
      'dev.semdistro.stands-in-for': 'example.org/large:latest',
      'dev.semdistro.differs': '["Everything about it is made up."]',
    });
    expect(layers.map((entries) => entries.map(({ path }) => path))).toEqual([
      [
        '',
        'usr',
        'usr/one',
        'var',
        'var/lib',
        'var/lib/dpkg',
        'var/lib/dpkg/status.d',
        'var/lib/dpkg/status.d/one',
      ],
      ['etc/hello', 'etc/hi', 'tmp', 'usr/copy'],
      [
        '',
        'opt/two',
        'opt/two/config',
        'usr',
        'usr/lib',
        'usr/share',
        'usr/share/doc',
        'usr/share/doc/two',
        'usr/share/doc/two/copyright',
      ],
    ]);
    const edited = layers[2]?.find(({ path }) => path === 'opt/two/config');
    if (!edited) throw new Error('the edited file is missing');
    expect(new TextDecoder().decode(await bytesOf(edited))).toBe('new new\n');
  });

  it('has per variant what only that variant has, also by way of its parent', async () => {
    const { layout } = await build();
    const latest = await open(layout, 'example.org/large:latest');
    const debug = await open(layout, 'example.org/large:debug');
    expect([latest.layers.length, debug.layers.length]).toEqual([3, 4]);
    expect(debug.config.config.Env).toEqual(['PATH=/bin', 'MORE=/bin:/more', 'VERSION=2.5']);
  });

  it('names the source packages beside it', async () => {
    const { layout } = await build();
    const { image } = await open(layout, 'example.org/large');
    const record: unknown = JSON.parse(
      await readFile(sourcesPath(layout, image.manifest.digest), 'utf8'),
    );
    expect(record).toMatchObject({
      packages: [
        { package: 'one', version: '1.0-1', source: 'one-source', sourceVersion: '1.0-1' },
        { package: 'two', version: '2:2.5-3', source: 'two-source', sourceVersion: '2:2.5-3' },
      ],
    });
  });
});

describe('building', () => {
  it('gives the same digests in another folder', async () => {
    const first = await build('first');
    const second = await build('second');
    const digests = ({ images }: BuildReport) => images.map(({ built }) => built.manifest.digest);
    expect(digests(second)).toEqual(digests(first));
  });

  /**
   * The bytes that a recipe makes may only change together with BUILDER_VERSION: otherwise what was
   * built before is taken for what would be built now. When this fails on purpose, raise the
   * version and put the new digest here.
   */
  it('makes the bytes that this version of the builder makes', async () => {
    const { layout } = await build();
    const { manifest } = await open(layout, 'example.org/large:debug');
    expect(manifest.layers.map(({ digest }) => digest.slice(7, 19))).toMatchInlineSnapshot(`
      [
        "57258c16da6e",
        "e994cfaad7c7",
        "a5201c8e8ad4",
        "85bfcce8da5d",
      ]
    `);
  });

  it('makes only what is not there yet', async () => {
    const first = await build('cache', ['example.org/small']);
    expect(first.images.map(({ image, cached }) => [image.name, cached])).toEqual([
      ['fake/small:latest', false],
      ['fake/small:debug', false],
    ]);
    expect(first.fetched).toEqual(['one']);
    const second = await build('cache');
    expect(second.images.map(({ image, cached }) => [image.name, cached])).toEqual([
      ['fake/small:latest', true],
      ['fake/small:debug', true],
      ['fake/large:latest', false],
      ['fake/large:debug', false],
    ]);
    expect(second.fetched).toEqual(['two']);
    const third = await build('cache');
    expect(third.images.every(({ cached }) => cached)).toBe(true);
    expect(third.fetched).toEqual([]);
  });

  it('makes again what is gone or was cut off, and puts names back into a lost index', async () => {
    const { layout } = await build();
    const { manifest } = await open(layout, 'example.org/large');
    const [first, second] = manifest.layers.map(({ digest }) =>
      openLayout(layout).blobPath(digest),
    );
    await rm(first ?? '');
    await truncate(second ?? '', 10);
    await rm(join(layout, 'index.json'));
    await build();
    expect((await verifyPantry(layout)).faults).toEqual([]);
    expect(await listPantry(layout)).toHaveLength(4);
  });

  it.each([1, 2, 3])('goes on after a kill when %i layers were made', async (count) => {
    const script = `
      import { join } from 'node:path';
      import { nodePlatform } from ${JSON.stringify(join(HERE, '../cli/node-platform.ts'))};
      import { buildPantry } from ${JSON.stringify(join(HERE, 'build.ts'))};
      import { FAKE_PACKAGES, FAKE_RECIPE, fakeArchive } from ${JSON.stringify(join(HERE, 'fake-packages.ts'))};
      import { parseRecipe } from ${JSON.stringify(join(HERE, 'load-recipes.ts'))};
      const folder = ${JSON.stringify(folder)};
      const archive = fakeArchive(FAKE_PACKAGES);
      await archive.writeLock(join(folder, 'locks'));
      let made = 0;
      await buildPantry({
        cacheDir: join(folder, 'cache'),
        locks: join(folder, 'locks'),
        source: archive.source,
        platform: nodePlatform(),
        architectures: ['amd64'],
        recipes: [parseRecipe(FAKE_RECIPE, 'fake.yaml')],
        onMade: () => { if (++made === ${count}) process.kill(process.pid, 'SIGKILL'); },
      });
    `;
    await mkdir(join(folder, 'locks'), { recursive: true });
    await mkdir(join(folder, 'cache', 'packages'), { recursive: true });
    const child = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script]);
    expect([child.signal, child.stderr.toString()]).toEqual(['SIGKILL', '']);
    const { layout, fetched } = await build();
    // The packages were fetched before the first layer, and are not fetched again.
    expect(fetched).toEqual([]);
    expect((await verifyPantry(layout)).faults).toEqual([]);
    expect(await listPantry(layout)).toHaveLength(4);
    expect(await readdir(join(layout, 'blobs'))).toEqual(['sha256']);
  });

  it('says what in a recipe no longer fits its package', async () => {
    const stale = FAKE_RECIPE.replace('find: old', 'find: older');
    await expect(build('cache', [], stale)).rejects.toMatchObject({
      code: 'recipe-stale',
      message: 'edit: /opt/two/config has no "older"',
    });
    const moved = FAKE_RECIPE.replace('/usr/lib/two-*', '/usr/lib/three-*');
    await expect(build('cache', [], moved)).rejects.toMatchObject({
      code: 'recipe-stale',
      message: 'move: nothing lies at /usr/lib/three-*',
    });
  });

  it('says that an image is not known, and which is meant', async () => {
    await expect(build('cache', ['example.org/smal'])).rejects.toMatchObject({
      code: 'pantry-no-image',
      message: 'the pantry has no image example.org/smal (did you mean example.org/small?)',
    });
  });
});

describe('verify', () => {
  it('finds a byte that has changed, and names the images that have it', async () => {
    const { layout } = await build();
    const { manifest } = await open(layout, 'example.org/large');
    const [layer] = manifest.layers;
    const path = openLayout(layout).blobPath(layer?.digest ?? manifest.config.digest);
    const bytes = await readFile(path);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const { faults } = await verifyPantry(layout);
    expect(faults).toEqual([
      {
        digest: layer?.digest,
        why: 'does not have the digest it is named by',
        images: [
          'example.org/large:debug (amd64)',
          'example.org/large:latest (amd64)',
          'example.org/small:debug (amd64)',
          'example.org/small:latest (amd64)',
        ],
      },
    ]);
    const source = pantrySource(layout);
    const blob = await source.blobs.open(layer?.digest ?? manifest.config.digest);
    await expect(blob?.read(0, 4)).rejects.toMatchObject({ code: 'blob-corrupt' });
  });
});
