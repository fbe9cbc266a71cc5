import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePlatform } from '../cli/node-platform.ts';
import { NO_DOCKER, realDocker } from '../testing/real-docker.ts';
import { oneAtATime, standInsLoaded } from '../testing/stand-ins.ts';
import { buildPantry } from './build.ts';
import { exportPantry } from './export.ts';
import { loadRecipes } from './load-recipes.ts';
import { pantryHome } from './pantry-home.ts';
import type { Family } from './recipe.ts';
import { publishedImages } from './resolve.ts';
import { selectImages } from './select.ts';

/**
 * Every linux/amd64 image, loaded into a real Docker and run there. The first run builds them all
 * into the repository's .cache, which takes minutes; later ones only export.
 */
const docker = realDocker();

const CACHE = join(import.meta.dirname, '../../.cache');
const FIRST = 900_000;
const EACH = 120_000;

/** Image, arguments after it, and what they print. */
const RUNS: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['gcr.io/distroless/python3', ['--version'], /^Python 3\.13\.\d+\n$/],
  [
    'gcr.io/distroless/python3-debian13:nonroot',
    ['-c', 'import os, ssl, sqlite3, ctypes; print(os.getuid())'],
    /^65532\n$/,
  ],
  ['gcr.io/distroless/nodejs24', ['-p', 'process.version'], /^v24\.21\.0\n$/],
  ['gcr.io/distroless/static:debug', ['-c', 'echo from the shell'], /^from the shell\n$/],
  ['gcr.io/distroless/base-nossl:debug-nonroot', ['-c', 'id -u'], /^65532\n$/],
  ['gcr.io/distroless/cc:debug', ['-c', 'pwd'], /^\/\n$/],
  ['debian:trixie-slim', ['bash', '-c', 'dpkg --audit && dpkg -l | grep -c ^ii'], /^\d\d\n$/],
  ['busybox', ['sh', '-c', 'busybox | head -1'], /^BusyBox v1\.37\.0 /],
  [
    'python:3.13-slim',
    ['python', '-c', 'import sys, site; print(sys.prefix, *site.getsitepackages())'],
    /^\/usr\/local \/usr\/local\/lib\/python3\.13\/site-packages\n$/,
  ],
  [
    'python:3.13-slim-trixie',
    ['pip', '--version'],
    /^pip \S+ from \/usr\/local\/lib\/python3\.13\/site-packages\/pip /,
  ],
  [
    'golang:1.24',
    [
      'sh',
      '-c',
      'printf "package main\\nfunc main() { println(1 + 1) }\\n" > /tmp/a.go && go env GOROOT GOPATH && go run /tmp/a.go 2>&1',
    ],
    /^\/usr\/local\/go\n\/go\n2\n$/,
  ],
  [
    'golang:1.24-trixie',
    [
      'sh',
      '-c',
      'printf "package main\\n// int two() { return 2; }\\nimport \\"C\\"\\nfunc main() { println(C.two()) }\\n" > /tmp/a.go && go run /tmp/a.go 2>&1',
    ],
    /^2\n$/,
  ],
  ['node:24-slim', ['-p', 'process.version'], /^v24\.21\.0\n$/],
  ['node:24-trixie-slim', ['npm', '--version'], /^11\./],
  [
    'eclipse-temurin:21',
    [
      'sh',
      '-c',
      'printf "class A { public static void main(String[] a) { System.out.println(Runtime.version().feature()); } }" > /tmp/A.java && java /tmp/A.java && keytool -list -cacerts -storepass changeit | grep -c trustedCertEntry',
    ],
    /^21\n1\d\d\n$/,
  ],
  ['redis:8', ['redis-server', '--version'], /^Redis server v=8\.0\./],
  ['cgr.dev/chainguard/python', ['-c', 'import os; print(os.getuid())'], /^65532\n$/],
];

/** No shell and no pip: the entrypoint given does not exist. */
const WITHOUT: readonly (readonly [string, string])[] = [
  ['gcr.io/distroless/static', 'sh'],
  ['gcr.io/distroless/base', '/bin/sh'],
  ['gcr.io/distroless/cc:nonroot', 'sh'],
  ['gcr.io/distroless/python3', 'pip'],
  ['gcr.io/distroless/nodejs24', 'npm'],
  ['gcr.io/distroless/java21', '/bin/sh'],
  ['gcr.io/distroless/static:debug', '/bin/sh'],
  ['cgr.dev/chainguard/static', 'sh'],
  ['cgr.dev/chainguard/python', '/bin/sh'],
  ['cgr.dev/chainguard/python', 'pip'],
];

const WITH_PIP = ['python/python', 'chainguard/python-dev'];

/** The machine's own programs are for its processor only. */
const forDocker = ({ audience }: Family): boolean => audience !== 'machine';

describe.skipIf(!docker)(`every linux/amd64 image in a real Docker (${NO_DOCKER})`, () => {
  let folder: string;

  beforeAll(async () => {
    if (!docker) return;
    const recipes = await loadRecipes();
    await oneAtATime('stand-ins', () =>
      buildPantry({
        ...{ cacheDir: CACHE, platform: nodePlatform(), recipes },
        architectures: ['amd64'],
      }),
    );
    // Those with pip are loaded as the command does it: other tests want their wheels at the same time.
    await standInsLoaded(WITH_PIP);
    const pip = new Set(selectImages(recipes, WITH_PIP));
    folder = await mkdtemp(join(tmpdir(), 'semdistro-docker-'));
    for (const id of publishedImages(recipes.filter(forDocker))) {
      if (pip.has(id)) continue;
      const [archive] = await exportPantry({
        ...{ layout: pantryHome(CACHE).layout, recipes, ids: [id] },
        architectures: ['amd64'],
        output: folder,
      });
      if (!archive) throw new Error(`${id} was not exported`);
      await docker.ok(['load', '-i', archive.file]);
      await rm(archive.file);
    }
  }, FIRST);
  afterAll(() => rm(folder, { recursive: true, force: true }), EACH);

  it('is loaded under all its names', async () => {
    const recipes = await loadRecipes();
    const names = recipes
      .filter(forDocker)
      .flatMap((family) =>
        family.images.flatMap((image) =>
          image.repositories.flatMap((repository) =>
            (image.variants ?? family.variants)
              .flatMap(({ tags }) => tags)
              .map((tag) => `${repository}:${tag}`),
          ),
        ),
      );
    expect(names.length).toBeGreaterThan(80);
    // Another test takes an image away for a moment.
    const found = await oneAtATime('stand-ins', async () =>
      docker?.run(['image', 'inspect', '--format', '{{.Id}}', ...names]),
    );
    expect(found?.stderr).toBe('');
  });

  it.each(RUNS)(
    '%s runs',
    async (image, args, expected) => {
      const output = await docker?.ok(['run', '--rm', image, ...args]);
      expect(output?.text).toMatch(expected);
    },
    EACH,
  );

  it(
    'static runs a static binary that is copied into it',
    async () => {
      const container = await docker?.ok(['create', 'gcr.io/distroless/static:debug']);
      const id = container?.text.trim() ?? '';
      const copied = await docker?.ok(['cp', `${id}:/busybox/busybox`, '-']);
      await docker?.ok(['rm', id]);
      if (!copied) throw new Error('nothing was copied');
      const target =
        (
          await docker?.ok(['create', 'gcr.io/distroless/static', '/busybox', 'echo', 'static'])
        )?.text.trim() ?? '';
      await docker?.ok(['cp', '-', `${target}:/`], { stdin: copied.stdout });
      const output = await docker?.ok(['start', '-a', target]);
      expect(output?.text).toBe('static\n');
      await docker?.ok(['rm', target]);
    },
    EACH,
  );

  it(
    'java21 is Java 21, and its debug tag the whole JDK',
    async () => {
      const java = await docker?.ok([
        'run',
        '--rm',
        '--entrypoint',
        'java',
        'gcr.io/distroless/java21',
        '-version',
      ]);
      expect(java?.stderr).toMatch(/^openjdk version "21\./);
      const javac = ['--entrypoint', '/usr/lib/jvm/java-21-openjdk/bin/javac'];
      const debug = await docker?.ok([
        'run',
        '--rm',
        ...javac,
        'gcr.io/distroless/java21:debug',
        '-version',
      ]);
      expect(debug?.text).toMatch(/^javac 21\./);
      const plain = await docker?.run([
        'run',
        '--rm',
        ...javac,
        'gcr.io/distroless/java21',
        '-version',
      ]);
      expect(plain?.code).toBe(127);
    },
    EACH,
  );

  it(
    'latest-dev has a shell, BusyBox, pip and a compiler, and no apk',
    async () => {
      const script =
        'echo "int main(void) { return 7; }" > /tmp/a.c && gcc /tmp/a.c -o /tmp/a && /tmp/a; echo $?; pip --version | cut -d" " -f1; busybox true; bash -c "type -P apk" || echo no apk';
      const output = await docker?.ok([
        'run',
        '--rm',
        '--entrypoint',
        'sh',
        'cgr.dev/chainguard/python:latest-dev',
        '-c',
        script,
      ]);
      expect(output?.text).toBe('7\npip\nno apk\n');
    },
    EACH,
  );

  it.each(WITHOUT)(
    '%s has no %s',
    async (image, program) => {
      const output = await docker?.run(['run', '--rm', '--entrypoint', program, image]);
      expect(output?.code).toBe(127);
      expect(output?.stderr).toMatch(/no such file or directory|executable file not found/);
    },
    EACH,
  );

  it(
    'redis answers another container',
    async () => {
      const network = `semdistro-redis-${process.pid}`;
      await docker?.ok(['network', 'create', network]);
      try {
        await docker?.ok(['run', '-d', '--rm', '--name', network, '--network', network, 'redis:8']);
        const ask = 'until redis-cli -h "$1" set a 1; do sleep 0.1; done; redis-cli -h "$1" get a';
        const output = await docker?.ok([
          'run',
          '--rm',
          '--network',
          network,
          'redis:8',
          'sh',
          '-c',
          ask,
          'sh',
          network,
        ]);
        expect(output?.text.endsWith('OK\n1\n')).toBe(true);
      } finally {
        await docker?.run(['rm', '-f', network]);
        await docker?.run(['network', 'rm', network]);
      }
    },
    EACH,
  );
});
