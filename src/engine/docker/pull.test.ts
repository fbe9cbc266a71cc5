import { describe, expect, test } from 'vitest';
import { runLine, withPantry } from '../../testing/docker-line.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { runDocker } from '../../testing/session.ts';
import { once } from '../bytes.ts';
import { listImages } from '../images/catalog.ts';

describe('docker pull', () => {
  test('registers the image, and says at once what it really is', async () => {
    const engine = await withPantry();
    const { code, out, err } = await runLine(engine, 'pull gcr.io/distroless/static');
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
    await runLine(engine, 'pull node:24');
    const { out } = await runLine(engine, 'pull node:24');
    expect(out).toContain('Status: Image is up to date for node:24\n');
    expect(out).not.toContain('Pull complete');
    expect(await listImages(engine)).toHaveLength(1);
  });

  test('-q prints the reference only', async () => {
    expect((await runLine(await withPantry(), 'pull -q node:24')).out).toBe(
      'docker.io/library/node:24\n',
    );
  });

  test('layers stay in the source and are found there', async () => {
    const engine = await withPantry();
    await runLine(engine, 'pull node:24');
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
    expect(await runLine(await withPantry(), line)).toMatchObject({ code: 1, err });
  });
});

test('docker images says below the list which images are not what they are called', async () => {
  const engine = await withPantry();
  for (const name of ['node:24', 'gcr.io/distroless/static', 'gcr.io/distroless/static:debug']) {
    await runLine(engine, `pull -q ${name}`);
  }
  const { out, err } = await runLine(engine, 'images');
  expect(out.split('\n')).toHaveLength(5);
  expect(err.split('\n').sort()).toEqual([
    '',
    expect.stringMatching(/^gcr.io\/distroless\/static:\w+, gcr.io.* are stand-ins: It is older.$/),
    'node:24 is a stand-in: Node is 20, and not 24.',
  ]);
  expect((await runLine(engine, 'images -q')).err).toBe('');
});

test('docker images shows digests after a pull, and <none> for what lost its name', async () => {
  const engine = await withPantry();
  await runLine(engine, 'pull -q node:24');
  await addTestImage(engine, 'b:1', { rows: [{ by: 'x' }] });
  await addTestImage(engine, 'b:1', { rows: [{ by: 'y' }] });
  const { out } = await runLine(
    engine,
    'images --digests --format {{.Repository}}|{{.Tag}}|{{.Digest}}',
  );
  const [node] = (await listImages(engine)).filter(({ digests }) => digests.length > 0);
  expect(out.trim().split('\n').sort()).toEqual([
    '<none>|<none>|<none>',
    'b|1|<none>',
    `node|24|${node?.manifest.digest ?? ''}`,
  ]);
  expect((await runLine(engine, 'images -f dangling=true --format {{.Repository}}')).out).toBe(
    '<none>\n',
  );
});
