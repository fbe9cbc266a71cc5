import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePlatform } from '../cli/node-platform.ts';
import { parseConfig, parseManifest } from '../engine/images/documents.ts';
import { contentOf } from '../engine/layer/content.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import { entriesOfTar } from '../engine/layer/from-tar.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import { gunzipSync } from 'node:zlib';
import { buildPantry, type BuildReport } from './build.ts';
import { bytesOf, textOf } from './entries.ts';
import { exportPantry } from './export.ts';
import { openLayout } from './layout.ts';
import { loadRecipes } from './load-recipes.ts';
import { lacking } from './packages/fixtures.ts';
import { pantryHome } from './pantry-home.ts';
import { EngineError } from '../engine/errors.ts';

/**
 * Google's family for linux/amd64 from real packages, in the repository's own .cache, so that only
 * the first run downloads and builds. Sizes are those of research/distroless.md, section 5.1.
 */
const CACHE = join(import.meta.dirname, '../../.cache');
const IMAGES = ['static', 'base-nossl', 'base', 'cc', 'python3'];
const LIMIT = 180_000;
const run = promisify(execFile);

let report: BuildReport | undefined;
const reason = lacking('apt-get') ?? (await built());

/** Why the images cannot be had, undefined when they are there. */
async function built(): Promise<string | undefined> {
  try {
    report = await buildPantry({
      cacheDir: CACHE,
      platform: nodePlatform(),
      architectures: ['amd64'],
      images: IMAGES.map((name) => `distroless/${name}`),
    });
    return undefined;
  } catch (error) {
    if (error instanceof EngineError && error.code.startsWith('packages-')) return error.message;
    throw error;
  }
}

const layout = openLayout(pantryHome(CACHE).layout);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semdistro-real-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function builtImage(name: string) {
  const found = report?.images.find(({ image }) => image.name === name);
  if (!found) throw new Error(`${name} is not built`);
  return found.built;
}

async function treeOf(name: string): Promise<FileTree> {
  const manifest = parseManifest(await layout.read(builtImage(name).manifest.digest));
  let tree: FileTree = emptyTree;
  for (const { digest } of manifest.layers) {
    tree = tree.apply(await entriesOfTar(contentOf(gunzipSync(await layout.read(digest)))));
  }
  return tree;
}

async function textIn(tree: FileTree, path: string): Promise<string> {
  const node = tree.get(path);
  if (!node) throw new Error(`${path} is missing`);
  return textOf(node.entry);
}

describe.skipIf(reason !== undefined)(
  `Google's images from real packages (${reason ?? 'there are some'})`,
  () => {
    it.each([
      ['static', 13, 2.37],
      ['base-nossl', 14, 15.4],
      ['base', 17, 24.4],
      ['cc', 21, 27.7],
      ['python3', 48, 59.9],
    ])('%s has %i layers and %f MB, within five percent', async (name, layers, megabytes) => {
      const { manifest, unpacked } = builtImage(`distroless/${name}:latest`);
      expect(parseManifest(await layout.read(manifest.digest)).layers).toHaveLength(layers);
      expect(Math.abs(unpacked / 1e6 / megabytes - 1)).toBeLessThan(0.05);
      const debug = builtImage(`distroless/${name}:debug`);
      expect(parseManifest(await layout.read(debug.manifest.digest)).layers).toHaveLength(
        layers + 1,
      );
    });

    it.each([
      ['latest', '0', '/', undefined, ''],
      ['nonroot', '65532', '/home/nonroot', undefined, ''],
      ['debug', '0', '/', ['/busybox/sh'], ':/busybox'],
      ['debug-nonroot', '65532', '/home/nonroot', ['/busybox/sh'], ':/busybox'],
    ])('%s is configured as upstream', async (tag, user, workdir, entrypoint, path) => {
      for (const name of ['static', 'base', 'cc']) {
        const { manifest } = builtImage(`distroless/${name}:${tag}`);
        const { config } = parseManifest(await layout.read(manifest.digest));
        const document = parseConfig(await layout.read(config.digest));
        expect(document.created).toBe('1970-01-01T00:00:00Z');
        expect(document.config).toMatchObject({ User: user, WorkingDir: workdir });
        expect(document.config.Entrypoint).toEqual(entrypoint);
        expect(document.config.Cmd).toBeUndefined();
        expect(document.config.Env).toEqual([
          `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${path}`,
          'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
        ]);
        expect(document.history.every((row) => row.created_by?.startsWith('bazel build '))).toBe(
          true,
        );
      }
    });

    it('have users, records of packages, and no shell but where there is debug', async () => {
      const tree = await treeOf('distroless/base:latest');
      expect(await textIn(tree, 'etc/passwd')).toBe(
        'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
      );
      expect(await textIn(tree, 'etc/group')).toBe(
        'root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n',
      );
      expect(tree.get('tmp')?.entry.mode).toBe(0o1777);
      expect(tree.list('var/lib/dpkg')).toEqual(['status.d']);
      expect(tree.list('var/lib/dpkg/status.d')).toContain('libc6.md5sums');
      expect(tree.list('var/lib/dpkg/status.d')).toContain('libssl3t64');
      expect(tree.resolve('bin/sh')).toBeUndefined();
      expect(tree.resolve('busybox/sh')).toBeUndefined();
      const debug = await treeOf('distroless/base:debug');
      expect(debug.resolve('bin/sh')).toBeUndefined();
      expect(debug.resolve('busybox/sh')).toBe('busybox/busybox');
    });

    it("find their libraries in a cache that is the same to glibc's own ldconfig", async () => {
      const tree = await treeOf('distroless/python3:latest');
      const root = join(folder, 'root');
      await unpack(tree, root);
      const ours = await printed(join(root, 'etc/ld.so.cache'));
      await rm(join(root, 'etc/ld.so.cache'));
      await run('ldconfig', ['-X', '-r', root, '-C', '/etc/ld.so.cache']);
      expect(ours).toEqual(await printed(join(root, 'etc/ld.so.cache')));
      expect(ours.length).toBeGreaterThan(50);
    });

    it('have the names of certificates that OpenSSL looks for', async (context) => {
      const missing = spawnSync('openssl', ['version']).error;
      if (missing) context.skip('there is no openssl here');
      const { subjectHash } = await import('./generated/subject-hash.ts');
      const tree = await treeOf('distroless/static:latest');
      const bundle = await textIn(tree, 'etc/ssl/certs/ca-certificates.crt');
      const all = bundle.match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n/g) ?? [];
      expect(all.length).toBeGreaterThan(100);
      const file = join(folder, 'one.pem');
      for (const pem of all) {
        await writeFile(file, pem);
        const { stdout } = await run('openssl', ['x509', '-noout', '-subject_hash', '-in', file]);
        const der = Buffer.from(pem.replaceAll(/-----.*-----|\n/g, ''), 'base64');
        expect(subjectHash(der)).toBe(stdout.trim());
      }
    });
  },
  LIMIT,
);

/** What `ldconfig -p` says of a cache, without its order among equals. */
async function printed(cache: string): Promise<readonly string[]> {
  const { stdout } = await run('ldconfig', ['-p', '-C', cache]);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .map((line) => line.replace(/, OS ABI:[^)]*/, ''))
    .sort();
}

/** Directories, files and links of a tree, enough for a linker. */
async function unpack(tree: FileTree, root: string): Promise<void> {
  const { symlink } = await import('node:fs/promises');
  await mkdir(root, { recursive: true });
  for (const { entry } of tree.walk()) {
    const path = join(root, entry.path);
    if (entry.type === 'dir') await mkdir(path, { recursive: true });
    if (entry.type === 'file') await writeFile(path, await bytesOf(entry), { mode: 0o755 });
    if (entry.type === 'symlink') await symlink(entry.target ?? '', path);
  }
}

describe.skipIf(reason !== undefined)(
  `the same lock (${reason ?? 'there are packages'})`,
  () => {
    it('gives the same digests of static and base in two other folders', async () => {
      const digests: (readonly string[])[] = [];
      for (const name of ['first', 'second']) {
        const cacheDir = join(folder, name);
        await mkdir(cacheDir, { recursive: true });
        // Only the packages are shared: nothing that was built.
        await cp(pantryHome(CACHE).packages, pantryHome(cacheDir).packages, {
          recursive: true,
          filter: (path) => isOf(path),
        });
        const again = await buildPantry({
          cacheDir,
          platform: nodePlatform(),
          architectures: ['amd64'],
          images: ['distroless/static', 'distroless/base'],
        });
        expect(again.images.every(({ cached }) => !cached)).toBe(true);
        digests.push(
          again.images.map(({ image, built }) => `${image.name} ${built.manifest.digest}`),
        );
      }
      expect(digests[1]).toEqual(digests[0]);
      expect(digests[0]).toEqual(
        report?.images
          .filter(({ image }) => /^distroless\/(?:static|base):/.test(image.name))
          .map(({ image, built }) => `${image.name} ${built.manifest.digest}`),
      );
    });
  },
  LIMIT,
);

const wanted = new Set(
  report?.images.length === undefined ? [] : await packageFiles(['static', 'base']),
);

function isOf(path: string): boolean {
  return !path.endsWith('.deb') || wanted.has(path);
}

/** The package files of some images, by their hash in the lock. */
async function packageFiles(names: readonly string[]): Promise<readonly string[]> {
  const { readLock } = await import('./packages/lock.ts');
  const { LOCKS } = await import('./pantry-home.ts');
  const lock = await readLock(LOCKS, 'amd64');
  const packages = names.flatMap((name) =>
    (report?.images ?? [])
      .filter(({ image }) => image.name.startsWith(`distroless/${name}:`))
      .flatMap(({ built }) => built.sources.map((row) => row.package)),
  );
  return [...new Set(packages)].map((name) =>
    join(pantryHome(CACHE).packages, `${lock?.packages.get(name)?.sha256 ?? ''}.deb`),
  );
}

const tools = reason ?? lacking('skopeo', 'umoci');

describe.skipIf(tools !== undefined)(
  `other tools (${tools ?? 'found'})`,
  () => {
    it.each(IMAGES)('accept %s: skopeo inspects and copies, umoci unpacks', async (name) => {
      const archives = join(folder, 'archives');
      const [archive] = await exportPantry({
        layout: layout.directory,
        recipes: await loadRecipes(),
        ids: [`distroless/${name}`],
        architectures: ['amd64'],
        output: archives,
      });
      if (!archive) throw new Error('nothing was exported');
      const from = `oci-archive:${archive.file}:gcr.io/distroless/${name}:nonroot`;
      const { stdout } = await run('skopeo', ['inspect', from], { maxBuffer: 1e7 });
      const { manifest } = builtImage(`distroless/${name}:nonroot`);
      expect(JSON.parse(stdout)).toMatchObject({ Digest: manifest.digest, Architecture: 'amd64' });
      const copy = join(folder, `oci-${name}`);
      await run('skopeo', ['copy', '-q', from, `oci:${copy}:nonroot`]);
      const bundle = join(folder, `bundle-${name}`);
      await run('umoci', ['unpack', '--rootless', '--image', `${copy}:nonroot`, bundle]);
      const tree = await treeOf(`distroless/${name}:nonroot`);
      const listed = await run('find', ['rootfs', '-mindepth', '1', '-printf', '%P\\n'], {
        cwd: bundle,
        maxBuffer: 1e8,
      });
      const theirs = listed.stdout.split('\n').filter((path) => path !== '');
      expect(theirs.sort()).toEqual([...tree.walk()].map(({ entry }) => entry.path).sort());
      expect(await readFile(join(bundle, 'rootfs/usr/lib/os-release'), 'utf8')).toBe(
        await textIn(tree, 'usr/lib/os-release'),
      );
      await rm(bundle, { recursive: true });
      await rm(archive.file);
    });
  },
  LIMIT,
);
