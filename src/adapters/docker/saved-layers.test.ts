import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import Dockerode from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, utf8 } from '../../engine/bytes.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { writeTar } from '../../engine/tar/writer.ts';
import type { Connection } from './connect.ts';
import { savedLayers } from './saved-layers.ts';

const common = { mode: 0o644, uid: 0, gid: 0, mtime: 0 };
const file = (path: string, content: string | Uint8Array): Entry => {
  const bytes = typeof content === 'string' ? utf8(content) : content;
  return { type: 'file', path, ...common, size: bytes.length, content: contentOf(bytes) };
};
const link = (path: string, target: string): Entry => ({
  ...{ type: 'symlink', path, ...common, size: 0, target },
});
const tar = (...entries: readonly Entry[]): Promise<Uint8Array> => collect(writeTar(entries));
const digest = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const manifest = (...layers: readonly string[]): Entry =>
  file('manifest.json', JSON.stringify([{ Config: 'c.json', RepoTags: null, Layers: layers }]));

describe('layers out of docker save', () => {
  const archives = new Map<string, Uint8Array>();
  let folder: string;
  let server: Server;
  let connection: Connection;
  let asked = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semdistro-saved-'));
    server = createServer((request, response) => {
      asked++;
      response.end(archives.get(request.url?.split('/')[2] ?? ''));
    });
    const socketPath = join(folder, 'socket');
    await new Promise<void>((resolve) => {
      server.listen(socketPath, resolve);
    });
    connection = {
      ...{
        docker: new Dockerode({ socketPath }),
        kind: 'docker',
        version: '0',
        apiVersion: '1.41',
      },
      ...{ platform: 'linux/amd64', endpoint: { url: '', from: 'test' } },
    };
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  async function reader() {
    const own = await mkdtemp(join(folder, 'layers-'));
    return { own, layers: savedLayers(connection, own) };
  }

  it.each([
    [
      'legacy',
      (one: Uint8Array, two: Uint8Array) => [
        file('a/layer.tar', one),
        file('b/layer.tar', two),
        link('c/layer.tar', '../a/layer.tar'),
        file('c.json', '{}'),
        manifest('a/layer.tar', 'b/layer.tar', 'c/layer.tar'),
      ],
    ],
    [
      'OCI',
      (one: Uint8Array, two: Uint8Array) => [
        file(blob(one), one),
        file(blob(two), two),
        file('index.json', '{}'),
        manifest(blob(one), blob(two), blob(one)),
      ],
    ],
    [
      'gzip',
      (one: Uint8Array, two: Uint8Array) => [
        file('blobs/sha256/1', gzipSync(one)),
        file('blobs/sha256/2', zstdCompressSync(two)),
        manifest('blobs/sha256/1', 'blobs/sha256/2', 'blobs/sha256/1'),
      ],
    ],
    [
      'Podman',
      (one: Uint8Array, two: Uint8Array) => [
        file('1.tar', one),
        file('2.tar', two),
        manifest('1.tar', '2.tar', '1.tar'),
      ],
    ],
  ])('in the layout %s', async (name, archive) => {
    const one = await tar(file('etc/one', 'one\n'), {
      type: 'whiteout',
      path: 'etc/gone',
      ...common,
      size: 0,
    });
    const two = await tar(file('etc/two', 'two\n'));
    archives.set(name, await tar(...archive(one, two)));
    const { own, layers } = await reader();
    const found = await layers.of(name, [digest(one), digest(two), digest(one)]);
    expect(found.map(({ entries }) => entries.map(({ type, path }) => `${type} ${path}`))).toEqual([
      ['file etc/one', 'whiteout etc/gone'],
      ['file etc/two'],
      ['file etc/one', 'whiteout etc/gone'],
    ]);
    const content = found[1]?.entries[0]?.content;
    expect(content && (await collect(content.stream()))).toEqual(utf8('two\n'));
    // What no layer needs does not stay on the disk.
    expect(await readdir(own)).toHaveLength(2);
  });

  it('are fetched once, whoever asks and however often', async () => {
    const one = await tar(file('x', '1'));
    archives.set('once', await tar(file(blob(one), one), manifest(blob(one))));
    const { layers } = await reader();
    const before = asked;
    const ids = [digest(one)];
    const [first, second] = await Promise.all([layers.of('once', ids), layers.of('once', ids)]);
    expect(first[0]).toBe(second[0]);
    expect((await layers.of('another image with it', ids))[0]).toBe(first[0]);
    expect(asked - before).toBe(1);
  });

  it('that are fewer than the image says are trouble', async () => {
    const one = await tar(file('x', '2'));
    archives.set('short', await tar(file(blob(one), one), manifest(blob(one))));
    const { layers } = await reader();
    const ids = [digest(one), `sha256:${'0'.repeat(64)}`];
    await expect(layers.of('short', ids)).rejects.toMatchObject({ code: 'engine-failed' });
  });
});

const blob = (bytes: Uint8Array): string => `blobs/${digest(bytes).replace(':', '/')}`;
