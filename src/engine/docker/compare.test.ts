import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dir, file, hardlink, symlink, whiteout } from '../../testing/entries.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { runDocker } from '../../testing/session.ts';
import { once, utf8 } from '../bytes.ts';
import { addImage, listImages } from '../images/catalog.ts';
import { readArchive } from '../images/archive.ts';
import { openImage } from '../images/open.ts';
import { digestOf } from '../oci/digest.ts';
import type { ContainerConfig } from '../oci/image.ts';

// The same images in this engine and in a real Docker, the same words to both.
const real = realDocker();
const engine = emptyEngine();
const A = 'semdistro.test/compare-a';
const B = 'semdistro.test/compare/b';
const NEVER = new AbortController().signal;

const FULL: ContainerConfig = {
  User: '1000:1000',
  ExposedPorts: { '80/tcp': {}, '53/udp': {} },
  Env: ['PATH=/bin', 'QUOTED="a b"', 'TAB=a\tb'],
  Entrypoint: ['/bin/a', '-c'],
  Cmd: ["it's <b> & c", 'é'],
  Volumes: { '/data': {} },
  WorkingDir: '/srv',
  Labels: { z: '1', a: 'two words', 'dotted.name': '<3' },
  StopSignal: 'SIGINT',
  Healthcheck: { Test: ['CMD', '/bin/check'], Interval: 30_000_000_000, Retries: 3 },
  OnBuild: ['RUN x'],
  Shell: ['/bin/sh', '-c'],
};

async function sameImages(): Promise<void> {
  const big = new Uint8Array(1_234_567).map((_, index) => index % 251);
  const full = await addTestImage(engine, `${A}:full`, {
    config: FULL,
    rows: [
      {
        by: 'first row, with files',
        entries: [
          dir('bin'),
          file('bin/a', big, { mode: 0o4755 }),
          hardlink('bin/b', 'bin/a'),
          symlink('bin/link', '../bin/a'),
          file('empty'),
          file('with ü', 'x', { uid: 1000, gid: 1000, mtime: 1e9 }),
        ],
      },
      { by: 'ENV PATH=/bin' },
      {
        by: `COPY ${'long '.repeat(20)}# buildkit`,
        entries: [whiteout('empty'), file('etc/x', 'y')],
      },
      { by: 'a\ttab and "quotes" <angle> & ampersand' },
      { by: 'RUN two\nlines' },
    ],
  });
  await addTestImage(engine, `${A}:plain`, {
    rows: [{ by: 'only', entries: [file('a', 'b')] }],
  });
  // One with dates, comments and authors, which the helper has not.
  const { config, manifest } = await openImage(engine, full);
  const dated = {
    ...config,
    created: '2020-02-03T04:05:06.700800900Z',
    author: 'somebody',
    docker_version: '1.2',
    variant: 'v3',
    history: config.history.map((row, index) => ({
      ...row,
      comment: `comment ${index}`,
      ...(index > 0 && { created: index === 1 ? '1970-01-01T00:00:00Z' : '2020-02-03T04:05:06Z' }),
    })),
  };
  const bytes = utf8(JSON.stringify(dated));
  await addImage(engine, {
    manifest: {
      ...manifest,
      config: { ...manifest.config, digest: digestOf(engine.platform, bytes), size: bytes.length },
    },
    config: bytes,
    names: [`${B}:1`, `${B}:2`],
  });
}

/** A row of a table: how it is called, and its words. */
function line(words: readonly string[]): [name: string, words: readonly string[]] {
  return [words.join(' '), words];
}

interface Result {
  readonly code: number;
  readonly text: string;
  readonly stderr: string;
}

async function both(args: readonly string[]): Promise<readonly [ours: Result, theirs: Result]> {
  if (!real) throw new Error(NO_DOCKER);
  const ours = await runDocker(engine, args);
  const theirs = await real.run(args);
  return [pick(ours), pick(theirs)];
}

function pick({ code, text, stderr }: Result): Result {
  return { code, text, stderr };
}

/** What a hint adds is ours alone. */
function firstLine({ code, text, stderr }: Result): Result {
  return { code, text, stderr: `${stderr.split('\n')[0] ?? ''}\n` };
}

describe.skipIf(!real)(`beside a real Docker (${real ? 'found' : NO_DOCKER})`, () => {
  const names = [`${A}:full`, `${A}:plain`, `${B}:1`, `${B}:2`];

  beforeAll(async () => {
    await sameImages();
    const saved = await runDocker(engine, ['save', ...names]);
    expect(saved.stderr).toBe('');
    await real?.ok(['load'], { stdin: saved.stdout });
  });

  afterAll(async () => {
    await real?.run(['rmi', '-f', ...names]);
  });

  const TEMPLATES = [
    '{{.ID}}|{{.CreatedAt}}|{{.CreatedBy}}|{{.Size}}|{{.Comment}}',
    'table {{.CreatedBy}}\\t{{.Size}}',
    'json',
    '{{json .}}',
    '{{.Nope}}',
    '{{.ID',
    'table {{upper .Comment}}\\t{{.CreatedSince}}',
  ];

  test.each(
    [
      ...[`${A}:full`, `${B}:1`].flatMap((name) => [
        ['history', name],
        ['history', '--no-trunc', name],
        ['history', '-q', name],
        ['history', '-q', '--no-trunc', name],
        ['history', '-H=false', name],
        ['history', '--human=false', '--no-trunc', name],
        ...TEMPLATES.map((format) => ['history', '--format', format, name]),
      ]),
      ['images', `${A}:plain`],
      ['images', B],
      ['images', '--digests', B],
      ['images', '--no-trunc', B],
      ['images', '-q', B],
      ['images', '--format', 'json', B],
      [
        'images',
        '--format',
        '{{.Repository}}:{{.Tag}} {{.ID}} {{.CreatedAt}} {{.Size}} {{.VirtualSize}}',
        B,
      ],
      ['images', '--format', 'table {{.Tag}}\\t{{.Size}}', '--digests', B],
      ['images', '--format', 'table', B],
      ['images', '--format', '{{.Nope}}', B],
      ['images', '--filter', 'reference=semdistro.test/compare/*', '-q'],
      ['images', '--filter', 'reference=semdistro.test/*:full', '--format', '{{.Tag}}'],
      ['images', '--filter', 'label=dotted.name=<3', '--filter', `reference=${B}`],
      ['images', '--filter', 'label=nope', '--filter', `reference=${B}`],
      ['images', '--filter', `since=${A}:full`, '--filter', `reference=${B}`],
      [
        'images',
        '--filter',
        `before=${B}:1`,
        '--filter',
        'reference=semdistro.test/compare-a:full',
        '-q',
      ],
      ['images', 'semdistro.test/nothing'],
    ].map(line),
  )('docker %s', async (_, words) => {
    const [ours, theirs] = await both(words);
    expect(ours).toEqual(theirs);
  });

  test.each(names)('docker inspect %s', async (name) => {
    const [ours, theirs] = await both(['inspect', name]);
    const comparable = (text: string): unknown =>
      JSON.parse(text, (key, value: unknown) =>
        // Where files are, and when it was tagged, is each engine's own.
        key === 'GraphDriver' || key === 'LastTagTime' ? null : value,
      );
    expect(comparable(ours.text)).toEqual(comparable(theirs.text));
    const keys = (text: string): readonly string[] =>
      text.split('\n').flatMap((line) => /^ {0,12}"([^"]+)":/.exec(line)?.[1] ?? []);
    const ignored = new Set(['MergedDir', 'UpperDir', 'WorkDir', 'LowerDir']);
    expect(keys(ours.text)).toEqual(keys(theirs.text).filter((key) => !ignored.has(key)));
  });

  test.each([
    '{{.ID}} {{.Os}}/{{.Architecture}} {{.Size}} {{.Created}} {{.Author}}',
    '{{.Id}} {{.Os}}/{{.Architecture}} {{.Size}} {{.Created}} {{.Author}}',
    '{{.Id}} {{.Config}} {{.Size}} {{len .Size}}',
    '{{.Id}} {{eq .Size 3}}',
    '{{.Config.Env}} {{.Config.Cmd}} {{.Config.Volumes}} {{.Config.ExposedPorts}} {{.Config.Labels}}',
    '{{json .Config}}',
    '{{json .Config.Labels}} {{json .RootFS}} {{json .Config.Volumes}} {{json .RepoTags}}',
    '{{.Config.Healthcheck}} {{json .Config.Healthcheck}}',
    '{{range $k, $v := .Config.Labels}}{{$k}}={{$v}};{{end}}',
    '{{range $p, $_ := .Config.ExposedPorts}}{{$p}} {{end}}',
    '{{len .RootFS.Layers}} {{index .RootFS.Layers 0}} {{slice .Id 7 19}}',
    '{{join .Config.Env ","}} {{split .Id ":"}}',
    '{{join .Config.Cmd ","}}',
    '{{index .Config.Labels "z"}} {{index .Config.Labels "nope"}} {{.Config.Labels.z}} {{.Config.Labels.nope}}',
    '{{printf "%q %-10s|%5d|%x" .Config.User .Os .Size 255}}',
    '{{with .Config.Healthcheck}}{{.Retries}} {{.Interval}}{{end}}',
    '{{if and .Config.User (eq .Os "linux")}}yes{{else}}no{{end}}',
    '{{.Config.StopSignal}} {{.Config.Shell}} {{.Config.OnBuild}} {{.Config.StopTimeout}}',
    '{{.Nope}}',
    '{{.Config.Nope}}',
    '{{.Id.x}}',
    '{{.Config.Env.x}}',
    '{{index .RootFS.Layers 99}}',
    '{{index .Config.Env "a"}}',
    '{{len .Size}}',
    '{{.Id 1}}',
    '{{nope}}',
    '{{.Id}} {{end}}',
    '{{if .Id}}',
    '{{.Id | 3}}',
    '{{upper 3}}',
    '{{eq 1 "a"}}',
    '{{lt .Config.Env 1}}',
    '{{range .Size}}{{break}}{{end}}ok',
    '{{range .Config.User}}{{end}}',
    '{{$x := .Id}}{{$x}} {{$y}}',
    '{{pad "a" 2 3}}|{{title "the end"}}|{{truncate "abcdef" 3}}|{{lower "ABC"}}',
    '{{.Config.User}}{{/* c */}}{{- " x" -}}   y',
    '{{print 1 "a" 2 3 nil}}|{{println .Os 1}}|{{printf "%v %s %d" .Config.Env 1 "a"}}',
    '{{not .Config.User}} {{or "" .Os}} {{and .Os ""}} {{ne 1 2}} {{le 1 1}} {{gt "b" "a"}}',
    '{{eq .Config.Env .Config.Env}}',
    '{{1e3}} {{0x1f}} {{0b11}} {{1_000}} {{-7}} {{+7}} {{1.50}} {{100000000000000000000000.0}} {{0.00001}}',
    '{{\'a\'}} {{"\\u00e9\\x41\\n"}} {{`raw\\n`}}',
  ])('docker inspect -f %s', async (format) => {
    const [ours, theirs] = await both(['inspect', '-f', format, `${A}:full`]);
    expect(ours).toEqual(theirs);
  });

  test.each(
    [
      ['history', 'semdistro.test/nope'],
      ['history', 'semdistro.test/NOPE'],
      ['history'],
      ['history', 'a', 'b'],
      ['inspect', 'semdistro.test/nope'],
      ['inspect', '--type', 'container', `${A}:full`],
      ['inspect', '--type', 'image', 'semdistro.test/nope'],
      ['inspect', '--type', 'nonsense', 'x'],
      ['inspect', '--type', 'volume', 'x'],
      ['inspect', '--type', 'network', 'x'],
      ['inspect', '-s', 'semdistro.test/nope'],
      ['inspect', '!!'],
      ['inspect'],
      ['image', 'inspect', 'semdistro.test/nope'],
      ['image', 'inspect', 'X'],
      ['image', 'inspect', '-f', '{{.Id}}', 'semdistro.test/nope', `${A}:plain`],
      ['images', '--foo'],
      ['images', '-Z'],
      ['images', '-qx'],
      ['images', '--format'],
      ['images', '-f'],
      ['images', '-f', 'foo'],
      ['images', '-f', 'foo=bar'],
      ['images', '-f', 'dangling=x'],
      ['images', '-f', 'before=semdistro.test/nope'],
      ['images', '-f', 'reference=['],
      ['images', '--no-trunc=x'],
      ['images', '--=x'],
      ['images', 'a', 'b'],
      ['images', '--format', '{{'],
      ['images', '--', '--foo'],
      ['image', 'ls', '--foo'],
      ['image', 'rm'],
      ['rmi'],
      ['rmi', '-f=x', 'x'],
      ['rmi', 'semdistro.test/nope'],
      ['rmi', 'semdistro.test/nope', 'semdistro.test/nope2'],
      ['rmi', '-f', 'semdistro.test/nope'],
      ['rmi', 'X'],
      ['tag'],
      ['tag', 'semdistro.test/nope', 'x'],
      ['tag', `${A}:full`, 'X'],
      ['tag', `${A}:full`, ''],
      ['tag', 'a b', 'c'],
      ['save'],
      ['save', 'semdistro.test/nope'],
      ['save', 'semdistro.test/nope:1'],
      ['save', '-o', '/nonexistent/x', `${A}:full`],
      ['load', 'x'],
      ['load', '-i', '/nonexistent'],
      ['import'],
      ['import', '/nonexistent'],
      ['import', '/dev/null', 'X'],
      ['import', '-c', 'FOO bar', '/dev/null'],
      ['pull'],
      ['pull', 'a', 'b'],
      ['pull', 'X'],
      ['image', 'prune', '-f', '--filter', 'foo=bar'],
      ['image', 'prune', '-f', '--filter', 'until=x'],
      ['system', 'df', 'x'],
      ['version', 'x'],
      ['version', '--format', '{{.Foo}}'],
      ['info', '--format', '{{.Foo}}'],
      ['info', '--format', '{{'],
      ['foo'],
      ['help', 'foo'],
    ].map(line),
  )('the mistake docker %s', async (_, words) => {
    const [ours, theirs] = await both(words);
    const hinted = /\nA reference looks|\nThe pantry|\nClose every|\nRemove|\n\d+ images/.test(
      ours.stderr,
    );
    if (hinted) expect(firstLine(ours)).toEqual(firstLine(theirs));
    else expect(ours).toEqual(theirs);
  });

  test.each([
    'history',
    'images',
    'inspect',
    'load',
    'rmi',
    'save',
    'tag',
    'info',
    'version',
    'image ls',
    'image rm',
    'image inspect',
    'image history',
    'image prune',
    'image tag',
    'image save',
    'image load',
    'system df',
  ])('docker %s --help is the same but for the examples', async (command) => {
    const [ours, theirs] = await both([...command.split(' '), '--help']);
    expect(ours.text).toContain('\nExamples:\n  docker ');
    const without = ours.text.replace(/\nExamples:\n(?: {2}.*\n)+/, '');
    expect(without.trimEnd()).toBe(theirs.text.trimEnd());
  });

  test('what Docker saves has the same blobs as what this engine saves of it', async () => {
    if (!real) throw new Error(NO_DOCKER);
    const theirs = await real.ok(['save', ...names]);
    const other = emptyEngine();
    const loaded = await runDocker(other, ['load'], { stdin: once(theirs.stdout) });
    expect(loaded.text.trim().split('\n').sort()).toEqual(
      names.map((name) => `Loaded image: ${name}`),
    );
    const saved = await runDocker(other, ['save', ...names]);
    const blobs = async (archive: Uint8Array): Promise<ReadonlySet<string>> => {
      const scratch = emptyEngine();
      await readArchive(scratch, once(archive), NEVER);
      const found = new Set<string>();
      for await (const { digest } of scratch.store.blobs.list()) found.add(digest);
      return found;
    };
    const [before, after] = [await blobs(theirs.stdout), await blobs(saved.stdout)];
    // Docker adds configs of the first image format, to which nothing refers any more.
    expect([...after].filter((digest) => !before.has(digest))).toEqual([]);
    for (const record of await listImages(other)) {
      const { manifest } = await openImage(other, record);
      for (const { digest } of [record.manifest, manifest.config, ...manifest.layers]) {
        expect(after.has(digest) && before.has(digest)).toBe(true);
      }
    }
    const again = emptyEngine();
    await runDocker(again, ['load'], { stdin: once(saved.stdout) });
    expect((await runDocker(again, ['save', ...names])).stdout).toEqual(saved.stdout);
  });

  test('rmi by name, by ID of two names, and forced, says what Docker says', async () => {
    for (const args of [
      ['tag', `${A}:plain`, `${A}:other`],
      ['rmi', `${A}:other`],
      ['tag', `${B}:1`, `${A}:third`],
    ]) {
      const [ours, theirs] = await both(args);
      expect(ours).toEqual(theirs);
    }
    const id = (await runDocker(engine, ['images', '-q', '--no-trunc', `${B}:1`])).text.trim();
    const [ours, theirs] = await both(['rmi', id.slice(7, 19)]);
    expect(firstLine(ours)).toEqual(firstLine(theirs));
    const [forced, theirForced] = await both(['rmi', '-f', id.slice(7, 19)]);
    const sorted = ({ text }: Result): readonly string[] => text.split('\n').sort();
    expect(sorted(forced)).toEqual(sorted(theirForced));
  });
});
