import { describe, expect, test } from 'vitest';
import { blobsOf, legacy, load, oneImage, saved, tar } from '../../testing/archives.ts';
import { dir, file, symlink } from '../../testing/entries.ts';
import { emptyEngine } from '../../testing/images.ts';
import { utf8 } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../layer/entry.ts';
import { digestOf, hexOf } from '../oci/digest.ts';
import { listImages } from './catalog.ts';
import { loadImages } from './load.ts';

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
