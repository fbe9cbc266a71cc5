import { describe, expect, test } from 'vitest';
import { dir, file } from '../../testing/entries.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { runDocker } from '../../testing/session.ts';
import { collect, once, utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { listImages } from '../images/catalog.ts';
import { findImage } from '../images/find.ts';
import type { ImageSource, SourcedImage } from '../images/source.ts';
import { shortId } from '../oci/digest.ts';
import type { OciPlatform } from '../oci/image.ts';
import { canonicalName } from '../oci/reference.ts';
import { writeTar } from '../tar/writer.ts';
import { docker } from './main.ts';

const LINUX: OciPlatform = { os: 'linux', architecture: 'amd64' };

async function run(
  engine: Engine,
  line: string,
): Promise<{ code: number; out: string; err: string }> {
  const { code, text, stderr } = await runDocker(engine, line.split(' '));
  return { code, out: text, err: stderr };
}

/** An engine that can pull what another one holds. */
async function withPantry(differs: readonly string[] = ['It is older.']): Promise<Engine> {
  const pantry = emptyEngine();
  const names = ['gcr.io/distroless/static:latest', 'gcr.io/distroless/static:debug', 'node:24'];
  const images: SourcedImage[] = [];
  for (const [index, name] of names.entries()) {
    const record = await addTestImage(pantry, name, {
      rows: [{ by: 'x', entries: [file('a', String(index))] }],
    });
    images.push({
      reference: record.names[0] ?? '',
      platform: LINUX,
      manifest: record.manifest,
      standIn: { standsInFor: name, differs: index === 2 ? ['Node is 20, and not 24.'] : differs },
    });
  }
  const source: ImageSource = {
    name: 'pantry',
    blobs: pantry.store.blobs,
    list: async () => images,
    resolve: async (ref, platform) =>
      images.find(
        (image) =>
          image.reference === canonicalName(ref) &&
          image.platform.architecture === platform.architecture,
      ),
  };
  return { ...emptyEngine(), sources: [source] };
}

describe('docker pull', () => {
  test('registers the image, and says at once what it really is', async () => {
    const engine = await withPantry();
    const { code, out, err } = await run(engine, 'pull gcr.io/distroless/static');
    const [image] = await listImages(engine);
    expect(code).toBe(0);
    expect(out.replace(/[0-9a-f]{64}/, 'D').replace(/^[0-9a-f]{12}/m, 'L')).toBe(
      `Using default tag: latest
latest: Pulling from distroless/static
L: Pull complete
Digest: sha256:D
Status: Downloaded newer image for gcr.io/distroless/static:latest
gcr.io/distroless/static:latest
`,
    );
    expect(err).toBe(
      'Note: gcr.io/distroless/static:latest is a stand-in for the upstream image, built from Debian packages.\n' +
        '  - It is older.\n',
    );
    expect(image?.digests).toEqual([`gcr.io/distroless/static@${image?.manifest.digest ?? ''}`]);
  });

  test('the second time says it is up to date', async () => {
    const engine = await withPantry();
    await run(engine, 'pull node:24');
    const { out } = await run(engine, 'pull node:24');
    expect(out).toContain('Status: Image is up to date for node:24\n');
    expect(out).not.toContain('Pull complete');
    expect(await listImages(engine)).toHaveLength(1);
  });

  test('-q prints the reference only', async () => {
    expect((await run(await withPantry(), 'pull -q node:24')).out).toBe(
      'docker.io/library/node:24\n',
    );
  });

  test('layers stay in the source and are found there', async () => {
    const engine = await withPantry();
    await run(engine, 'pull node:24');
    const saved = await runDocker(engine, ['save', 'node:24']);
    expect(saved.code).toBe(0);
    const other = emptyEngine();
    await runDocker(other, ['load'], { stdin: once(saved.stdout) });
    expect(
      (await listImages(other)).map(({ names, standIn }) => [names, standIn?.standsInFor]),
    ).toEqual([[['docker.io/library/node:24'], undefined]]);
  });

  test.each([
    [
      'pull gcr.io/distroless/static:nope',
      'Error response from daemon: manifest for gcr.io/distroless/static:nope not found: manifest unknown: manifest unknown\n' +
        'The pantry has gcr.io/distroless/static:debug, gcr.io/distroless/static:latest.\n',
    ],
    [
      'pull static:1',
      "Error response from daemon: pull access denied for static, repository does not exist or may require 'docker login': denied: requested access to the resource is denied\n" +
        'The pantry has gcr.io/distroless/static.\n',
    ],
    [
      'pull zzz:1',
      "Error response from daemon: pull access denied for zzz, repository does not exist or may require 'docker login': denied: requested access to the resource is denied\n" +
        'Only the images of the pantry can be pulled here: `semdistro pantry list` shows them.\n',
    ],
    [
      'pull node:7',
      'Error response from daemon: manifest for node:7 not found: manifest unknown: manifest unknown\n' +
        'The pantry has node:24.\n',
    ],
    [
      'pull --platform amd46 node:24',
      'Error response from daemon: "amd46": unknown operating system or architecture: invalid argument\n' +
        'A platform looks like linux/amd64 or linux/arm/v7.\n',
    ],
    [
      'history gcr.io/distroless/static',
      'Error response from daemon: No such image: gcr.io/distroless/static:latest\n' +
        'The pantry has it: docker pull gcr.io/distroless/static\n',
    ],
    ['history zzz', 'Error response from daemon: No such image: zzz:latest\n'],
    [
      'pull --platform linux/arm64 node:24',
      'Error response from daemon: no matching manifest for linux/arm64 in the manifest list entries\n' +
        'The pantry has node:24 for linux/amd64: add --platform.\n',
    ],
  ])('%s', async (line, err) => {
    expect(await run(await withPantry(), line)).toMatchObject({ code: 1, err });
  });
});

test('docker images says below the list which images are not what they are called', async () => {
  const engine = await withPantry();
  for (const name of ['node:24', 'gcr.io/distroless/static', 'gcr.io/distroless/static:debug']) {
    await run(engine, `pull -q ${name}`);
  }
  const { out, err } = await run(engine, 'images');
  expect(out.split('\n')).toHaveLength(5);
  expect(err.split('\n').sort()).toEqual([
    '',
    expect.stringMatching(/^gcr.io\/distroless\/static:\w+, gcr.io.* are stand-ins: It is older.$/),
    'node:24 is a stand-in: Node is 20, and not 24.',
  ]);
  expect((await run(engine, 'images -q')).err).toBe('');
});

test('docker images shows digests after a pull, and <none> for what lost its name', async () => {
  const engine = await withPantry();
  await run(engine, 'pull -q node:24');
  await addTestImage(engine, 'b:1', { rows: [{ by: 'x' }] });
  await addTestImage(engine, 'b:1', { rows: [{ by: 'y' }] });
  const { out } = await run(
    engine,
    'images --digests --format {{.Repository}}|{{.Tag}}|{{.Digest}}',
  );
  const [node] = (await listImages(engine)).filter(({ digests }) => digests.length > 0);
  expect(out.trim().split('\n').sort()).toEqual([
    '<none>|<none>|<none>',
    'b|1|<none>',
    `node|24|${node?.manifest.digest ?? ''}`,
  ]);
  expect((await run(engine, 'images -f dangling=true --format {{.Repository}}')).out).toBe(
    '<none>\n',
  );
});

describe('an image is found', () => {
  test('by name, by name and digest, by ID and by what an ID begins with', async () => {
    const engine = await withPantry();
    await run(engine, 'pull -q node:24');
    const [image] = await listImages(engine);
    if (!image) throw new Error('it was pulled');
    const ways = [
      'node:24',
      `node@${image.manifest.digest}`,
      image.id,
      image.id.slice(7),
      shortId(image.id),
    ];
    for (const way of ways) expect((await findImage(engine, way)).id).toBe(image.id);
    await expect(
      findImage(engine, 'node:24', { os: 'linux', architecture: 's390x' }),
    ).rejects.toMatchObject({
      code: 'image-platform',
      message:
        'image with reference node:24 was found but does not match the specified platform: ' +
        'wanted linux/s390x, actual: linux/amd64',
    });
  });

  test('but not by a beginning that several have', async () => {
    const engine = emptyEngine();
    for (let index = 0; index < 40; index++) {
      await addTestImage(engine, `n:${index}`, { rows: [{ by: String(index) }] });
    }
    const images = await listImages(engine);
    const digit = images[0]?.id.charAt(7) ?? '';
    const same = images.filter(({ id }) => id.charAt(7) === digit).length;
    expect(same).toBeGreaterThan(1);
    await expect(findImage(engine, digit)).rejects.toMatchObject({
      code: 'image-ambiguous',
      message: `No such image: ${digit}:latest`,
      hint: `${same} images have an ID that begins with "${digit}": write more of it.`,
    });
  });
});

describe('docker image prune', () => {
  async function engineWithDangling(): Promise<Engine> {
    const engine = emptyEngine();
    await addTestImage(engine, 'a:1', { rows: [{ by: 'old', entries: [file('a', 'four')] }] });
    await addTestImage(engine, 'a:1', { rows: [{ by: 'new' }] });
    return engine;
  }

  test('asks first, and takes anything but y for a no', async () => {
    const engine = await engineWithDangling();
    const asked = await runDocker(engine, ['image', 'prune'], { stdin: once(utf8('n\n')) });
    expect(asked.text).toBe(
      'WARNING! This will remove all dangling images.\nAre you sure you want to continue? [y/N] ',
    );
    expect(await listImages(engine)).toHaveLength(2);
    const yes = await runDocker(engine, ['image', 'prune'], { stdin: once(utf8('y\n')) });
    expect(yes.text).toMatch(
      /Deleted Images:\n(deleted: sha256:[0-9a-f]{64}\n){2}\nTotal reclaimed space: 4B\n$/,
    );
    expect(await listImages(engine)).toHaveLength(1);
  });

  test('-a takes those with names too', async () => {
    const engine = await engineWithDangling();
    const { out } = await run(engine, 'image prune -a -f');
    expect(out).toContain('untagged: a:1\n');
    expect(await listImages(engine)).toEqual([]);
  });
});

test('docker system df counts each layer once', async () => {
  const engine = emptyEngine();
  const shared = { by: 'shared', entries: [file('a', 'x'.repeat(1000))] };
  await addTestImage(engine, 'a:1', { rows: [shared] });
  await addTestImage(engine, 'b:1', {
    rows: [shared, { by: 'own', entries: [file('b', 'y'.repeat(500))] }],
  });
  expect((await run(engine, 'system df')).out).toBe(
    `TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE
Images          2         0         1.5kB     1.5kB (100%)
Containers      0         0         0B        0B
Local Volumes   0         0         0B        0B
Build Cache     0         0         0B        0B
`,
  );
  const { out } = await run(engine, 'system df -v');
  expect(out).toMatch(/^b +1 +\S+ +56 years ago +1\.5kB +1kB +500B +0$/m);
});

describe('docker import', () => {
  test('makes an image of a tar, with changes', async () => {
    const engine = emptyEngine();
    const archive = await collect(writeTar([dir('a'), file('a/b', 'hello')]));
    const args = [
      'import',
      '-m',
      'why',
      '-c',
      'CMD ["x"]',
      '-c',
      'ENV A=b',
      '-c',
      'WORKDIR /a',
      '-',
      'i:1',
    ];
    const { text, code } = await runDocker(engine, args, { stdin: once(archive) });
    expect(code).toBe(0);
    expect(text).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    const { out } = await run(
      engine,
      'inspect -f {{.ID}}|{{.Comment}}|{{.Config.Cmd}}|{{.Config.Env}}|{{.Config.WorkingDir}}|{{.Size}} i:1',
    );
    expect(out).toBe(`${text.trim()}|why|[x]|[A=b]|/a|5\n`);
  });

  test('refuses what is no tar, and keeps nothing', async () => {
    const engine = emptyEngine();
    const { code, stderr } = await runDocker(engine, ['import', '-'], {
      stdin: once(utf8('junk'.repeat(300))),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error response from daemon: /);
    expect(await listImages(engine)).toEqual([]);
  });
});

test('docker manifest inspect shows a manifest, and more with -v', async () => {
  const engine = await withPantry();
  const plain: unknown = JSON.parse((await run(engine, 'manifest inspect node:24')).out);
  expect(plain).toMatchObject({ schemaVersion: 2, layers: [{}] });
  const verbose: unknown = JSON.parse((await run(engine, 'manifest inspect -v node:24')).out);
  expect(verbose).toMatchObject({
    Ref: 'docker.io/library/node:24',
    Descriptor: { platform: LINUX },
  });
  expect(await run(engine, 'manifest inspect nope')).toMatchObject({
    code: 1,
    err: 'no such manifest: docker.io/library/nope:latest\n',
  });
});

test.each([
  ['run -it x', 'the input device is not a TTY\n'],
  ['compose up', "docker: 'compose' is not available here: it comes with the services.\n"],
  ['login', "docker: 'login' is not available here: there is no registry to log in to.\n"],
  ['nonsense', "docker: 'nonsense' is not a docker command.\nSee 'docker --help'\n"],
  [
    'biuld .',
    "docker: 'biuld' is not a docker command.\nSee 'docker --help' (did you mean build?)\n",
  ],
])('docker %s', async (line, err) => {
  expect(await run(emptyEngine(), line)).toEqual({ code: 1, out: '', err });
});

test.each([
  [
    'build --fiel x .',
    "unknown flag: --fiel\nSee 'docker buildx build --help' (did you mean --file?).\n",
  ],
  ['images --nonsense', "unknown flag: --nonsense\nSee 'docker images --help'.\n"],
])('docker %s', async (line, err) => {
  expect(await run(emptyEngine(), line)).toEqual({ code: 125, out: '', err });
});

test('docker alone, help and --help print the commands there are', async () => {
  const { text } = await runDocker(emptyEngine(), []);
  expect(text).toMatch(/\n {2}images +List images\n/);
  expect((await run(emptyEngine(), 'help')).out).toBe(text);
  expect((await run(emptyEngine(), '--help')).out).toBe(text);
  expect((await run(emptyEngine(), 'help image ls')).out).toContain('Usage:  docker image ls ');
});

test('version and info tell the truth about what this is', async () => {
  expect((await run(emptyEngine(), 'version --format {{.Server.Version}}')).out).toMatch(
    /semdistro/,
  );
  expect((await run(emptyEngine(), 'info --format {{.Images}}')).out).toBe('0\n');
  expect((await run(emptyEngine(), '-v')).out).toMatch(/^Docker version 26.*semdistro/);
});

test('save refuses a terminal', async () => {
  const engine = emptyEngine();
  await addTestImage(engine, 'a:1', { rows: [{ by: 'x' }] });
  let err = '';
  const code = await docker(['save', 'a:1'], {
    engine,
    stdin: once(utf8('')),
    stdout: { write: () => undefined, drain: async () => undefined, columns: 80 },
    stderr: {
      write: (data) => {
        err += typeof data === 'string' ? data : '';
      },
      drain: async () => undefined,
      columns: 80,
    },
    files: {
      open: async () => undefined,
      write: async () => undefined,
      kind: async () => 'none',
      context: () => Promise.reject(new Error('no context')),
      writeTree: async () => undefined,
    },
    env: {},
    signal: new AbortController().signal,
  });
  expect([code, err]).toEqual([
    1,
    'cowardly refusing to save to a terminal. Use the -o flag or redirect\n',
  ]);
});

test('200 images are listed, and one of them inspected, within 50 ms each', async () => {
  const engine = emptyEngine();
  for (let index = 0; index < 200; index++) {
    await addTestImage(engine, `many/n${index}:1`, {
      rows: [{ by: `row ${index}`, entries: [file('a', String(index))] }, { by: 'ENV A=b' }],
    });
  }
  for (const line of ['images', 'history many/n100:1', 'inspect many/n100:1']) {
    // The best of a few: what else this computer does is not measured.
    let best = Infinity;
    for (let turn = 0; turn < 5; turn++) {
      const began = performance.now();
      await run(engine, line);
      best = Math.min(best, performance.now() - began);
    }
    expect(best).toBeLessThan(50);
  }
});
