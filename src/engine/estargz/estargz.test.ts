import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { concat, utf8 } from '../bytes.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { entriesOfTar } from '../layer/from-tar.ts';
import { portablePlatform } from '../portable.ts';
import { writeTar } from '../tar/writer.ts';
import { footerFor, readFooter } from './format.ts';
import { writeEstargz, type EstargzResult } from './write.ts';

const platform = portablePlatform({ now: () => 0, randomHex: () => '0' });

async function estargz(
  entries: readonly Entry[],
  chunkSize = 1000,
): Promise<EstargzResult & { readonly blob: Uint8Array }> {
  const pieces: Uint8Array[] = [];
  const result = await writeEstargz(entries, {
    platform,
    chunkSize,
    gzip: (bytes) => new Uint8Array(gzipSync(bytes)),
    write: (bytes) => void pieces.push(bytes),
  });
  return { ...result, blob: concat(pieces) };
}

const sha256 = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** 2500 bytes that do not compress to nothing. */
const large = utf8(
  Array.from({ length: 500 }, (_, i) => String(10000 + ((i * 7919) % 89999))).join(''),
);

const entries: readonly Entry[] = [
  dir('etc', { mtime: 1580702706 }),
  file('etc/passwd', 'root', { mode: 0o640, uid: 1, gid: 2 }),
  file('etc/empty'),
  file('large', large, { xattrs: { 'user.x': Uint8Array.of(0, 255) } }),
  symlink('link', '/etc'),
  hardlink('hard', 'large'),
  { ...dir('null'), type: 'char', device: { major: 1, minor: 3 } },
  whiteout('gone'),
  opaque('etc'),
  file('last', '!'),
];

interface Toc {
  readonly version: number;
  readonly entries: readonly Readonly<Record<string, unknown>>[];
}

/** The table as the specification says to find it, by nothing of this project. */
function tocOf(blob: Uint8Array): { readonly toc: Toc; readonly json: Uint8Array } {
  const footer = Buffer.from(blob.subarray(-51));
  const offset = Number.parseInt(footer.toString('latin1', 16, 32), 16);
  const archive = gunzipSync(blob.subarray(offset));
  expect(archive.toString('latin1', 0, 18)).toBe('stargz.index.json\0');
  const size = Number.parseInt(archive.toString('latin1', 124, 135), 8);
  const json = archive.subarray(512, 512 + size);
  // Cast: a test's own data; every use compares it with what is expected.
  return { toc: JSON.parse(json.toString()) as Toc, json };
}

describe('the footer', () => {
  test('is an empty gzip member of 51 bytes with the offset in its extra field', () => {
    const footer = footerFor(0x12ab);
    expect(footer).toHaveLength(51);
    expect(gunzipSync(footer)).toHaveLength(0);
    expect(Buffer.from(footer).toString('latin1', 10, 38)).toBe(
      '\x1a\0SG\x16\x0000000000000012abSTARGZ',
    );
    expect(readFooter(footer)).toBe(0x12ab);
  });

  test.each([
    ['of another length', (footer: Uint8Array) => footer.subarray(1)],
    ['with letters that are no digits', (footer: Uint8Array) => footer.with(16, 0x78)],
    ['with another subfield', (footer: Uint8Array) => footer.with(12, 0x54)],
    ['that is not empty', (footer: Uint8Array) => footer.with(39, 1)],
    ['with an offset no file has', (footer: Uint8Array) => footer.with(16, 0x66)],
    ['of the first stargz', () => new Uint8Array(gzipSync(new Uint8Array(0)))],
  ])('%s is none', (_, change) => {
    expect(readFooter(change(footerFor(99)))).toBeUndefined();
  });

  test('of Go, whose operating system byte and compression flags may differ, is one', () => {
    expect(readFooter(footerFor(99).with(8, 4).with(9, 3))).toBe(99);
  });
});

describe('the table of contents', () => {
  test('describes every entry and chunk', async () => {
    const { blob } = await estargz(entries);
    const { toc } = tocOf(blob);
    expect(toc.version).toBe(1);
    const owned = { mode: 0o644, uid: 0, gid: 0 };
    const passwd = sha256(utf8('root'));
    expect(toc.entries).toMatchObject([
      { name: 'etc/', type: 'dir', mode: 0o755, modtime: '2020-02-03T04:05:06Z' },
      {
        name: 'etc/passwd',
        type: 'reg',
        size: 4,
        mode: 0o640,
        uid: 1,
        gid: 2,
        digest: passwd,
        chunkDigest: passwd,
      },
      { name: 'etc/empty', type: 'reg', ...owned, digest: sha256(new Uint8Array(0)) },
      {
        name: 'large',
        type: 'reg',
        size: 2500,
        chunkSize: 1000,
        digest: sha256(large),
        chunkDigest: sha256(large.subarray(0, 1000)),
        xattrs: { 'user.x': 'AP8=' },
      },
      {
        name: 'large',
        type: 'chunk',
        chunkOffset: 1000,
        chunkSize: 1000,
        chunkDigest: sha256(large.subarray(1000, 2000)),
      },
      {
        name: 'large',
        type: 'chunk',
        chunkOffset: 2000,
        chunkDigest: sha256(large.subarray(2000)),
      },
      { name: 'link', type: 'symlink', linkName: '/etc' },
      { name: 'hard', type: 'hardlink', linkName: 'large' },
      { name: 'null', type: 'char', devMajor: 1, devMinor: 3 },
      { name: '.wh.gone', type: 'reg' },
      { name: 'etc/.wh..wh..opq', type: 'reg' },
      { name: 'last', type: 'reg', size: 1 },
      {
        name: '.no.prefetch.landmark',
        type: 'reg',
        size: 1,
        chunkDigest: sha256(Uint8Array.of(0xf)),
      },
    ]);
    expect(toc.entries[2]).not.toHaveProperty('offset');
    expect(toc.entries[5]).not.toHaveProperty('chunkSize');
  });

  test('has the digest that the annotation says, and offsets where gzip members begin with the chunk', async () => {
    const { blob, annotations, tocDigest } = await estargz(entries);
    const { toc, json } = tocOf(blob);
    expect(tocDigest).toBe(sha256(json));
    expect(annotations['containerd.io/snapshot/stargz/toc.digest']).toBe(tocDigest);
    const chunks = toc.entries.filter((entry) => entry['offset'] !== undefined);
    expect(chunks).toHaveLength(6);
    for (const chunk of chunks) {
      const plain = gunzipSync(blob.subarray(Number(chunk['offset'])));
      const file = toc.entries.find((entry) => entry['name'] === chunk['name']);
      const at = Number(chunk['chunkOffset'] ?? 0);
      const size = Number(chunk['chunkSize'] ?? Number(file?.['size']) - at);
      expect(sha256(plain.subarray(0, size))).toBe(chunk['chunkDigest']);
    }
  });
});

describe('the blob', () => {
  test('is what its digests and sizes say', async () => {
    const { blob, digest, size, diffId, uncompressedSize, annotations } = await estargz(entries);
    const plain = gunzipSync(blob);
    expect([sha256(blob), blob.length]).toEqual([digest, size]);
    expect([sha256(plain), plain.length]).toEqual([diffId, uncompressedSize]);
    expect(annotations['io.containers.estargz.uncompressed-size']).toBe(String(plain.length));
  });

  test('is the same each time', async () => {
    expect((await estargz(entries)).blob).toEqual((await estargz(entries)).blob);
  });

  test('of nothing is an empty archive', async () => {
    const { blob } = await estargz([]);
    expect(gunzipSync(blob).subarray(0, 1024)).toEqual(Buffer.alloc(1024));
    expect(tocOf(blob).toc.entries.map((entry) => entry['name'])).toEqual([
      '.no.prefetch.landmark',
    ]);
  });

  test('does not gather headers without end', async () => {
    const links = Array.from({ length: 50 }, (_, i) => symlink(`l${i}`, 'x'));
    const sizes: number[] = [];
    await writeEstargz(links, {
      platform,
      chunkSize: 4096,
      gzip: (bytes) => {
        sizes.push(bytes.length);
        return new Uint8Array(gzipSync(bytes));
      },
      write: () => undefined,
    });
    // The table itself is last and as long as it is.
    expect(Math.max(...sizes.slice(0, -1))).toBeLessThan(8192);
  });

  test.each(['stargz.index.json', '.no.prefetch.landmark', '.prefetch.landmark'])(
    'cannot hold a file with the name %s',
    async (name) => {
      await expect(estargz([file(name)])).rejects.toThrow('is a name of the eStargz format');
      expect((await estargz([file(`d/${name}`)])).size).toBeGreaterThan(0);
    },
  );
});

describe('to others an ordinary layer', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'semdistro-estargz-'));
  afterAll(() => {
    rmSync(scratch, { recursive: true });
  });
  const missing = (program: string): string | undefined =>
    spawnSync(program, ['--version']).error ? `${program} is not installed` : undefined;

  test('tar lists and unpacks the entries and nothing else', async () => {
    const { blob } = await estargz(entries.filter((entry) => entry.type !== 'char'));
    const run = spawnSync('tar', ['-tzf', '-'], {
      input: blob,
      env: { ...process.env, LC_ALL: 'C' },
    });
    expect([run.stderr.toString(), run.status]).toEqual(['', 0]);
    expect(run.stdout.toString().trim().split('\n')).toEqual([
      'etc/',
      'etc/passwd',
      'etc/empty',
      'large',
      'link',
      'hard',
      '.wh.gone',
      'etc/.wh..wh..opq',
      'last',
    ]);
    const target = join(scratch, 'tar');
    mkdirSync(target);
    execFileSync('tar', ['-C', target, '--no-same-owner', '-xzf', '-'], { input: blob });
    expect(readFileSync(join(target, 'large'))).toEqual(Buffer.from(large));
    expect(readFileSync(join(target, 'hard'))).toEqual(Buffer.from(large));
  });

  async function layout(): Promise<string> {
    const folder = join(scratch, 'layout');
    const blobs = join(folder, 'blobs/sha256');
    mkdirSync(blobs, { recursive: true });
    const put = (bytes: Uint8Array): { digest: string; size: number } => {
      const digest = sha256(bytes);
      writeFileSync(join(blobs, digest.slice(7)), bytes);
      return { digest, size: bytes.length };
    };
    const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
    const { blob, diffId, annotations } = await estargz([
      dir('etc'),
      file('etc/passwd', 'root'),
      file('large', large),
      symlink('link', '/etc'),
      hardlink('hard', 'large'),
    ]);
    const config = put(
      json({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [diffId] },
      }),
    );
    const oci = 'application/vnd.oci.image';
    const manifest = put(
      json({
        schemaVersion: 2,
        mediaType: `${oci}.manifest.v1+json`,
        config: { mediaType: `${oci}.config.v1+json`, ...config },
        layers: [{ mediaType: `${oci}.layer.v1.tar+gzip`, ...put(blob), annotations }],
      }),
    );
    const ref = { 'org.opencontainers.image.ref.name': 'test' };
    const index = {
      schemaVersion: 2,
      manifests: [{ mediaType: `${oci}.manifest.v1+json`, ...manifest, annotations: ref }],
    };
    writeFileSync(join(folder, 'index.json'), json(index));
    writeFileSync(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
    return folder;
  }

  test('skopeo copies it, diff ID checked', async ({ skip }) => {
    const why = missing('skopeo');
    if (why) skip(why);
    const source = `oci:${await layout()}:test`;
    // Into docker-archive the layer is decompressed and checked.
    const target = `docker-archive:${join(scratch, 'copy.tar')}:test:latest`;
    const run = spawnSync('skopeo', ['copy', '--insecure-policy', source, target]);
    expect([run.stderr.toString(), run.status]).toEqual(['', 0]);
  });

  test('a real Docker loads it, and saves it with the same diff ID', async ({ skip }) => {
    const docker = realDocker();
    if (!docker) return skip(NO_DOCKER);
    const tag = `semdistro-estargz-${process.pid}:test`;
    const { blob, diffId } = await estargz([file('a', 'text'), file('large', large)]);
    const config = {
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['x'] },
      rootfs: { type: 'layers', diff_ids: [diffId] },
    };
    const manifest = [{ Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar.gz'] }];
    const archive = writeTar([
      file('config.json', JSON.stringify(config)),
      file('layer.tar.gz', blob),
      file('manifest.json', JSON.stringify(manifest)),
    ]);
    await docker.ok(['load', '-q'], { stdin: archive });
    try {
      const { text } = await docker.ok(['inspect', '-f', '{{.RootFS.Layers}} {{.Size}}', tag]);
      expect(text.trim()).toBe(`[${diffId}] 2504`);
      const saved = await docker.ok(['save', tag]);
      const names = (await entriesOfTar(contentOf(new Uint8Array(saved.stdout)))).map(
        ({ path }) => path,
      );
      expect(names).toContain(`blobs/sha256/${diffId.slice(7)}`);
    } finally {
      await docker.ok(['rmi', tag]);
    }
  });

  test('umoci unpacks it', async ({ skip }) => {
    const why = missing('umoci');
    if (why) skip(why);
    const bundle = join(scratch, 'bundle');
    const image = `${await layout()}:test`;
    const run = spawnSync('umoci', ['unpack', '--rootless', '--image', image, bundle]);
    expect([run.stderr.toString(), run.status]).toEqual([expect.not.stringContaining('error'), 0]);
    const root = join(bundle, 'rootfs');
    expect(readFileSync(join(root, 'hard'))).toEqual(Buffer.from(large));
    const listing = execFileSync('find', [root, '-mindepth', '1', '-printf', '%P\n']).toString();
    expect(listing.trim().split('\n').sort()).toEqual([
      'etc',
      'etc/passwd',
      'hard',
      'large',
      'link',
    ]);
  });
});
