import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { dir, file, symlink } from '../../testing/entries.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { collect, once, utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { digestOf, hexOf } from '../oci/digest.ts';
import { writeTar } from '../tar/writer.ts';
import { listImages } from './catalog.ts';
import { loadImages } from './load.ts';
import { openImage } from './open.ts';
import { saveImages } from './save.ts';

const NEVER = new AbortController().signal;
const scratch = mkdtempSync(join(tmpdir(), 'images-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const layer = [dir('a'), file('a/b', 'hello'), symlink('c', 'a/b')];

async function tar(entries: readonly Entry[]): Promise<Uint8Array> {
  return collect(writeTar(entries));
}

async function load(engine: Engine, archive: Uint8Array): Promise<readonly string[]> {
  const loaded = await loadImages(engine, once(archive), NEVER);
  return loaded.flatMap(({ names }) => names);
}

async function saved(engine: Engine): Promise<Uint8Array> {
  const images = await listImages(engine);
  return collect(
    await saveImages(
      engine,
      images.map((record) => ({ record, names: record.names })),
    ),
  );
}

async function oneImage(): Promise<Engine> {
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
async function legacy(
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

async function blobsOf(engine: Engine): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { digest } of engine.store.blobs.list()) found.push(digest);
  return found.sort();
}

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

describe('hostile archives register nothing and leave nothing behind', () => {
  const oci = async (
    make: (add: (content: string | Uint8Array, mediaType?: string) => object) => object,
    drop: (path: string) => boolean = () => false,
  ): Promise<readonly Entry[]> => {
    const { platform } = emptyEngine();
    const blobs: Entry[] = [];
    const add = (content: string | Uint8Array, mediaType = ''): object => {
      const bytes = typeof content === 'string' ? utf8(content) : content;
      const digest = digestOf(platform, bytes);
      blobs.push(file(`blobs/sha256/${hexOf(digest)}`, bytes));
      return { mediaType, digest, size: bytes.length };
    };
    const index = make(add);
    return [...blobs.filter(({ path }) => !drop(path)), file('index.json', JSON.stringify(index))];
  };
  const INDEX = 'application/vnd.oci.image.index.v1+json';
  const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
  const ZERO = `sha256:${'0'.repeat(64)}`;
  const wrongDiffId = {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [ZERO] },
    history: [],
  };

  const CASES: readonly (readonly [
    name: string,
    code: string,
    message: RegExp,
    archive: () => Promise<readonly Entry[]> | readonly Entry[],
  ])[] = [
    ['neither manifest.json nor index.json', 'archive-invalid', /neither/, () => [file('a', 'b')]],
    ['a path out of the archive', 'path-escape', /outside/, () => [file('../a', 'b')]],
    [
      'an absolute path is only odd',
      'archive-invalid',
      /neither/,
      () => [file('/etc/passwd', 'b')],
    ],
    [
      'a link out of the archive',
      'path-escape',
      /outside/,
      () => [symlink('a', '../../etc/passwd')],
    ],
    ['the same file twice', 'archive-invalid', /twice/, () => [file('a', 'b'), file('a', 'c')]],
    [
      'a file and a link of one name',
      'archive-invalid',
      /twice/,
      () => [file('a'), symlink('a', 'b')],
    ],
    [
      'a device',
      'archive-invalid',
      /neither a file nor a link/,
      () => [{ ...dir('a'), type: 'char', device: { major: 1, minor: 3 } }],
    ],
    [
      'a blob that is not what it is called',
      'blob-mismatch',
      /./,
      () => [file(`blobs/sha256/${'0'.repeat(64)}`, 'b')],
    ],
    [
      'a huge manifest.json',
      'archive-invalid',
      /bytes/,
      () => [file('manifest.json', new Uint8Array(5_000_000).fill(32))],
    ],
    [
      'a manifest.json that is no JSON',
      'archive-invalid',
      /JSON/,
      () => [file('manifest.json', '[')],
    ],
    [
      'a manifest.json that is no list',
      'archive-invalid',
      /array/,
      () => [file('manifest.json', '{}')],
    ],
    [
      'a manifest.json with numbers for names',
      'archive-invalid',
      /string/,
      () => legacy({ manifest: [{ Config: 1 }] }),
    ],
    [
      'a config that is not there',
      'archive-invalid',
      /no "nope"/,
      () => legacy({ manifest: [{ Config: 'nope', Layers: [] }] }),
    ],
    [
      'a config that leads out',
      'path-escape',
      /outside/,
      () => legacy({ manifest: [{ Config: '../../etc/passwd', Layers: [] }] }),
    ],
    [
      'a layer that is not there',
      'archive-invalid',
      /no "gone"/,
      async () => {
        const members = await legacy();
        const name = members[3]?.path;
        return legacy({ manifest: [{ Config: name, Layers: ['gone'] }] });
      },
    ],
    [
      'links in a circle',
      'archive-invalid',
      /leads nowhere/,
      () => [
        symlink('a', 'b'),
        symlink('b', 'a'),
        file('manifest.json', '[{"Config":"a","Layers":[]}]'),
      ],
    ],
    [
      'a layer that is not the diff ID',
      'diff-id-mismatch',
      /layer 0: expected "sha256:000/,
      async () => {
        const members = await legacy({ config: wrongDiffId });
        return members;
      },
    ],
    [
      'fewer layers than diff IDs',
      'archive-invalid',
      /mismatch/,
      async () => {
        const members = await legacy();
        return legacy({ manifest: [{ Config: members[3]?.path, Layers: [] }] });
      },
    ],
    ['a config that is no config', 'config-invalid', /rootfs/, () => legacy({ config: { a: 1 } })],
    [
      'a tag that is no tag',
      'reference-invalid',
      /invalid reference/,
      async () => {
        const members = await legacy();
        return legacy({
          manifest: [{ Config: members[3]?.path, RepoTags: ['A B'], Layers: ['layer1/layer.tar'] }],
        });
      },
    ],
    [
      'an index that names no image',
      'archive-invalid',
      /no image/,
      () => oci(() => ({ schemaVersion: 2, manifests: [] })),
    ],
    [
      'an index whose manifest is missing',
      'archive-invalid',
      /it has no/,
      () => oci(() => ({ manifests: [{ mediaType: MANIFEST, digest: ZERO, size: 3 }] })),
    ],
    [
      'a size that is not the blob’s',
      'archive-invalid',
      /descriptor says 1/,
      () => oci((add) => ({ manifests: [{ ...add('{}', MANIFEST), size: 1 }] })),
    ],
    [
      'indexes nested without end',
      'archive-invalid',
      /nested deeper/,
      () =>
        oci((add) => {
          let inner = add('{"manifests":[]}', INDEX);
          for (let depth = 0; depth < 10; depth++) {
            inner = add(JSON.stringify({ manifests: [inner] }), INDEX);
          }
          return { manifests: [inner] };
        }),
    ],
    [
      'a manifest that is an index in disguise',
      'manifest-invalid',
      /layers/,
      () => oci((add) => ({ manifests: [add('{"manifests":[]}', MANIFEST)] })),
    ],
  ];

  test.each(CASES)('%s', async (_, code, message, make) => {
    const engine = await oneImage();
    const before = await blobsOf(engine);
    const archive = await tar(await make());
    const error = await load(engine, archive).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code });
    expect(error instanceof EngineError ? error.message : '').toMatch(message);
    expect((await listImages(engine)).map(({ names }) => names)).toEqual([
      ['docker.io/library/one:1'],
    ]);
    expect(await blobsOf(engine)).toEqual(before);
  });

  test('the well-formed twin of these loads', async () => {
    const engine = emptyEngine();
    expect(await load(engine, await tar(await legacy()))).toEqual(['docker.io/library/old:1']);
  });

  test.each([
    ['nothing', new Uint8Array(), 'archive-invalid'],
    ['no archive', utf8('junk'.repeat(500)), 'tar-corrupt'],
    ['a truncated one', new Uint8Array(700), 'tar-truncated'],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0), 'archive-unsupported'],
    ['broken gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), 'gzip-corrupt'],
  ])('%s', async (_, bytes, code) => {
    await expect(load(emptyEngine(), bytes)).rejects.toMatchObject({ code });
  });

  test('an archive cut off anywhere registers nothing', async () => {
    const whole = await saved(await oneImage());
    for (let at = 1; at < whole.length - 1024; at += 1777) {
      const engine = emptyEngine();
      await expect(load(engine, whole.subarray(0, at))).rejects.toBeInstanceOf(EngineError);
      expect(await blobsOf(engine)).toEqual([]);
    }
  });

  test('an interrupted load registers nothing', async () => {
    const stop = new AbortController();
    const engine = emptyEngine();
    const bytes = await saved(await oneImage());
    const pieces = (async function* () {
      for (let at = 0; at < bytes.length; at += 1000) {
        if (at > 3000) stop.abort();
        yield bytes.subarray(at, at + 1000);
      }
    })();
    await expect(loadImages(engine, pieces, stop.signal)).rejects.toThrow('aborted');
    expect(await blobsOf(engine)).toEqual([]);
  });
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
