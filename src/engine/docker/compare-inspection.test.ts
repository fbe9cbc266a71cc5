import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../cli/node-platform.ts';
import { amd64Engine } from '../../testing/differential/engine.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { type RuncHost, runcHost, runcMissing } from '../../testing/runc-host.ts';
import { runDocker } from '../../testing/session.ts';
import type { Engine } from '../engine.ts';
import { memoryStore } from '../store/memory.ts';

// The same containers in this engine and in a real Docker, the same words to both. Processes run
// natively on both sides: what is compared is not the machine.
const real = realDocker();
const missing = real ? runcMissing() : NO_DOCKER;
const native: RuncHost | undefined = missing === undefined ? runcHost() : undefined;

/** Of this run: another may use the same Docker. */
const RUN = `semd${process.pid}`;
const IMAGE = `semdistro.test/${RUN}:1`;
const [CREATED, EXITED, RUNNING, READ_ONLY] = ['created', 'exited', 'running', 'read-only'].map(
  (name) => `${RUN}-${name}`,
);
const NAMES = [CREATED, EXITED, RUNNING, READ_ONLY].map((name) => name ?? '');
const VOLUME = `${RUN}-volume`;
const SCRIPT =
  'echo out; echo err >&2; echo x > /etc/new; mkdir -p /var/q/r; touch /var/q/r/s; ' +
  'rm /bin/wget; chmod 700 /tmp; ln -s ../../../../etc/passwd /var/q/up; ln -s /etc /var/q/etc; ' +
  'ln -s /nowhere /var/q/broken; ln -s r /var/q/link; exit 3';

const MAKING: readonly (readonly string[])[] = [
  ['volume', 'create', '--label', 'a=b', VOLUME],
  [
    'create',
    '--name',
    NAMES[0] ?? '',
    '-v',
    `${VOLUME}:/data`,
    '--label',
    'x=1',
    '-e',
    'A=b',
    '-w',
    '/srv',
    IMAGE,
    'echo',
    'hi there',
  ],
  ['run', '--name', NAMES[1] ?? '', IMAGE, 'sh', '-c', SCRIPT],
  ['run', '-d', '--name', NAMES[2] ?? '', '--memory', '64m', IMAGE, 'sleep', '1000'],
  ['create', '--name', NAMES[3] ?? '', '--read-only', '-v', `${VOLUME}:/data:ro`, IMAGE, 'sh'],
];

let engine: Engine;
let folder: string;
const ids = { ours: new Map<string, string>(), theirs: new Map<string, string>() };

interface Result {
  readonly code: number;
  readonly text: string;
  readonly stderr: string;
}

async function both(
  args: readonly string[],
  where: readonly [ours: string, theirs: string] = [folder, folder],
): Promise<readonly [ours: Result, theirs: Result]> {
  if (!real) throw new Error(NO_DOCKER);
  const ours = await runDocker(engine, args, { cwd: where[0] });
  const theirs = await real.run(args, { cwd: where[1] });
  return [neutral(ours, ids.ours, where[0]), neutral(theirs, ids.theirs, where[1])];
}

/** Without what differs between any two runs: IDs, ages, paths; and how wide columns are for it. */
function neutral(
  { code, text, stderr }: Result,
  known: ReadonlyMap<string, string>,
  cwd: string,
): Result {
  const clean = (output: string): string => {
    let cleaned = output.replaceAll(`${cwd}/`, '');
    for (const [id, name] of known) {
      cleaned = cleaned.replaceAll(id, `<${name}>`).replaceAll(id.slice(0, 12), `<${name}>`);
    }
    return cleaned
      .replaceAll(/(?:Less than a|About a|\d+) (?:second|minute)s?/g, '<age>')
      .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z| \+0000 UTC)/g, '<time>')
      .replaceAll(/\b[0-9a-f]{64}\b/g, '<hex>')
      .replaceAll(/ {2,}/g, '  ');
  };
  return { code, text: clean(text), stderr: clean(stderr) };
}

/** What a hint adds is ours alone; Docker's order of changed paths is chance. */
function comparable({ code, text, stderr }: Result, sorts = false): Result {
  const first = stderr.split('\n')[0] ?? '';
  return { code, text: sorts ? text.split('\n').sort().join('\n') : text, stderr: first };
}

/**
 * Paths that Docker makes when a container is created, or looked into, and this engine when it is
 * started: the working directory and the places of its volumes.
 */
function withoutPlaces({ code, text, stderr }: Result): Result {
  return { code, text: text.replaceAll(/^A \/(?:srv|data)$\n?/gm, ''), stderr };
}

function line(words: readonly string[]): [name: string, words: readonly string[]] {
  return [words.join(' ').replaceAll(RUN, 'RUN').replaceAll('\n', ' '), words];
}

const [created = '', exited = '', running = '', readOnly = ''] = NAMES;
const own = ['--filter', `name=${RUN}`];

describe.skipIf(missing !== undefined)(
  `containers beside a real Docker (${missing ?? 'found'})`,
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      engine = {
        ...(await amd64Engine(memoryStore(nodePlatform()))),
        ...(native && { processHost: native.host }),
      };
      folder = mkdtempSync(join(tmpdir(), 'semdistro-inspection-'));
      await runDocker(engine, ['pull', 'busybox:1']);
      await runDocker(engine, ['tag', 'busybox:1', IMAGE]);
      const saved = await runDocker(engine, ['save', IMAGE]);
      expect(saved.stderr).toBe('');
      await real?.ok(['load'], { stdin: saved.stdout });
      for (const args of MAKING) {
        const mine = await runDocker(engine, args);
        const theirs = await real?.run(args);
        expect([mine.code, mine.stderr]).toEqual([theirs?.code, theirs?.stderr]);
      }
      for (const name of NAMES) {
        const id = ['inspect', '-f', '{{.Id}}', name];
        ids.ours.set((await runDocker(engine, id)).text.trim(), name);
        ids.theirs.set((await real?.ok(id))?.text.trim() ?? '', name);
      }
    }, 120_000);

    afterAll(async () => {
      await runDocker(engine, ['rm', '-f', ...NAMES]);
      await native?.close();
      await real?.run(['rm', '-f', ...NAMES]);
      await real?.run(['volume', 'rm', '-f', VOLUME]);
      const built = await real?.run([
        'images',
        '-q',
        '--filter',
        `reference=semdistro.test/${RUN}*`,
      ]);
      await real?.run(['rmi', '-f', ...(built?.text.trim().split('\n') ?? [])]);
      rmSync(folder, { recursive: true });
    });

    test.each(
      [
        ['ps', ...own],
        ['ps', '-a', ...own],
        ['ps', '-a', '--no-trunc', ...own],
        ['ps', '-aq', ...own],
        ['ps', '-a', '-s', ...own, '--format', '{{.Names}} {{.Size}}'],
        ['ps', '-n', '2', ...own],
        ['ps', '-l', ...own],
        ['ps', '-a', ...own, '--format', 'table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.State}}'],
        [
          'ps',
          '-a',
          ...own,
          '--format',
          '{{.Names}}|{{.Mounts}}|{{.LocalVolumes}}|{{.Networks}}|{{.Ports}}|{{.CreatedAt}}|{{.RunningFor}}',
        ],
        ['ps', '-a', ...own, '--format', '{{.Nope}}'],
        ['ps', '-a', ...own, '--format', '{{.ID'],
        ['ps', '-aq', ...own, '--format', '{{.ID}}'],
        ['ps', '-a', ...own, '--format', '{{.Label "x"}}|{{.Label "nope"}}'],
        ['ps', '-a', ...own, '--format', 'table {{.Names}}\\t{{.Label "com.x.y-z"}}'],
        ['ps', ...own, '--filter', 'status=exited', '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', 'exited=3', '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', 'label=x', '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', 'label=x=2', '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', `volume=${VOLUME}`, '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', 'volume=/data', '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', `before=${exited}`, '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', `since=${exited}`, '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', `ancestor=${IMAGE}`, '--format', '{{.Names}}'],
        ['ps', '-a', '--filter', `name=^/${exited}$`, '--format', '{{.Names}}'],
        ['ps', '-a', '--filter', `name=^${exited}$`, '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', 'health=none', '--format', '{{.Names}}'],
        ['ps', '-a', ...own, '--filter', 'network=bridge', '--format', '{{.Names}}'],
        ['ps', '--filter', 'foo=bar'],
        ['ps', '--filter', 'status=nope'],
        ['ps', '--filter', 'exited=x'],
        ['ps', '--filter', 'health=x'],
        ['ps', '--filter', 'before=semdistro-nope'],
        ['ps', 'x'],
        ['logs', exited],
        ['logs', '--tail', '0', exited],
        ['logs', '-n', 'x', exited],
        ['logs', '--details', exited],
        ['logs', '-t', '--until', '2000-01-01', exited],
        ['logs', '-f', '--since', '2000-01-01T00:00:00', exited],
        ['logs', '--since', 'x', exited],
        ['logs', created],
        ['logs', 'semdistro-nope'],
        ['logs'],
        ['port', running],
        ['port', running, '80'],
        ['port', 'semdistro-nope'],
        ['top', created],
        ['top', 'semdistro-nope'],
        ['stats', '--no-stream', created],
        ['stats', '--no-stream', '--format', '{{.Nope}}'],
        ['stats', '--no-stream', 'semdistro-nope'],
        ['diff', running],
        ['diff', 'semdistro-nope'],
        ['export', 'semdistro-nope'],
        ['export', '-o', '/nonexistent/x', created],
        ['commit', 'semdistro-nope'],
        ['commit', created, 'BAD'],
        ['commit', '-c', 'FOO x', created],
        ['volume', 'ls', ...own],
        ['volume', 'ls', '-q', ...own],
        [
          'volume',
          'ls',
          ...own,
          '--format',
          '{{.Name}} {{.Driver}} {{.Labels}} {{.Scope}} {{.Size}}',
        ],
        ['volume', 'ls', ...own, '--filter', 'dangling=true'],
        ['volume', 'ls', ...own, '--filter', 'dangling=false', '-q'],
        ['volume', 'ls', '--filter', 'dangling=x'],
        ['volume', 'ls', '--filter', 'foo=x'],
        ['volume', 'rm', VOLUME],
        ['volume', 'rm', 'semdistro-nope'],
        ['volume', 'rm', '-f', 'semdistro-nope'],
        ['volume', 'create', VOLUME],
        ['volume', 'create', 'a'],
        ['volume', 'create', 'a b'],
        ['volume', 'create', '-d', 'foo', 'semdistro-v'],
        ['volume', 'create', '-o', 'foo=bar', 'semdistro-v'],
        ['volume', 'create', '--name', 'x', 'y'],
        ['volume', 'inspect', 'semdistro-nope'],
        ['volume', 'inspect', '-f', '{{.Name}} {{.Labels}} {{.Driver}} {{.Options}}', VOLUME],
        ['volume', 'prune', '-f', '--filter', 'foo=bar'],
        ['volume', 'prune', '-a', '--filter', 'all=1'],
        ['container', 'prune', '-f', '--filter', 'foo=bar'],
        ['system', 'prune', '-f', '--filter', 'foo=bar'],
        ['system', 'prune', '--volumes', '--filter', 'until=1h'],
        ['container', 'inspect', 'semdistro-nope'],
        ['inspect', '--type', 'container', 'semdistro-nope'],
        ['inspect', '--type', 'volume', 'semdistro-nope'],
        [
          'inspect',
          '-f',
          '{{.State.Status}} {{.State.ExitCode}} {{.State.Running}} {{.Path}} {{.Args}}',
          ...NAMES,
        ],
        ['inspect', '-f', '{{json .Config}}', ...NAMES],
        [
          'inspect',
          '-f',
          '{{.Name}} {{.Image}} {{.RestartCount}} {{.Platform}} {{.ExecIDs}} {{.HostConfig.Memory}} {{.HostConfig.RestartPolicy}}',
          ...NAMES,
        ],
        [
          'inspect',
          '-f',
          '{{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}} {{.Driver}} {{.RW}}{{end}}',
          ...NAMES,
        ],
        ['inspect', '-s', '-f', '{{.SizeRw}} {{.SizeRootFs}}', exited],
        ['inspect', '-f', '{{.Nope}}', exited],
        ['inspect', '-s', '-f', '{{.Id}}', IMAGE],
        ['rmi', IMAGE],
      ].map(line),
    )('docker %s', async (_, words) => {
      const [ours, theirs] = await both(words);
      expect(comparable(ours)).toEqual(comparable(theirs));
    });

    test('docker diff', async () => {
      const [ours, theirs] = await both(['diff', exited]);
      expect(comparable(ours, true)).toEqual(comparable(theirs, true));
    });

    test.each(NAMES)('docker inspect %s has the same fields', async (name) => {
      const [ours, theirs] = await both(['inspect', name]);
      const keys = (text: string): readonly string[] =>
        text.split('\n').flatMap((row) => /^ {0,2}"([^"]+)":/.exec(row)?.[1] ?? []);
      const ignored = new Set(['MergedDir', 'UpperDir', 'WorkDir', 'LowerDir']);
      expect(keys(ours.text)).toEqual(keys(theirs.text).filter((key) => !ignored.has(key)));
    });

    test('docker commit makes the same config and history, and the same layer', async () => {
      const names = [1, 2].map((index) => `semdistro.test/${RUN}-commit:${index}`);
      await both([
        'commit',
        '-m',
        'why',
        '-a',
        'me',
        '-c',
        'CMD ["x"]',
        '-c',
        'ENV Q=1',
        '-c',
        'EXPOSE 80',
        exited,
        names[0] ?? '',
      ]);
      await both(['commit', running, names[1] ?? '']);
      for (const name of names) {
        const format = '{{json .Config}} {{.Author}} {{.Comment}} {{len .RootFS.Layers}} {{.Size}}';
        const [ours, theirs] = await both(['inspect', '-f', format, name]);
        expect(ours).toEqual(theirs);
        const rows = '{{.CreatedBy}}|{{.Size}}|{{.Comment}}';
        const [mine, their] = await both(['history', '--no-trunc', '--format', rows, name]);
        expect(mine).toEqual(their);
      }
    });

    test('docker export writes the same files', async () => {
      if (!real) throw new Error(NO_DOCKER);
      const list = (archive: Uint8Array): readonly string[] =>
        execFileSync('tar', ['-tv', '--numeric-owner'], { input: archive })
          .toString()
          .trim()
          .split('\n')
          // Times of what Docker itself puts there are of the moment.
          .map((row) => row.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, '').replaceAll(/ +/g, ' '))
          .sort();
      const ours = await runDocker(engine, ['export', exited]);
      const theirs = await real.ok(['export', exited]);
      expect(list(ours.stdout)).toEqual(list(theirs.stdout));
    });

    describe('docker cp', () => {
      const folders = (): readonly [string, string] => {
        const make = (side: string): string => {
          const path = join(folder, side);
          rmSync(path, { recursive: true, force: true });
          mkdirSync(join(path, 'dir/sub'), { recursive: true });
          mkdirSync(join(path, 'conflict/passwd'), { recursive: true });
          mkdirSync(join(path, 'other'));
          writeFileSync(join(path, 'a.txt'), 'one\n', { mode: 0o600 });
          writeFileSync(join(path, 'dir/b.txt'), 'two\n');
          writeFileSync(join(path, 'other/network'), 'a file\n');
          symlinkSync('b.txt', join(path, 'dir/l'));
          symlinkSync('/nonexistent', join(path, 'broken'));
          symlinkSync('dir', join(path, 'dirlink'));
          return path;
        };
        return [make('ours'), make('theirs')];
      };
      const listing = (path: string): string =>
        execFileSync('find', ['.', '-printf', '%P %y %m %s %l\n'], { cwd: path })
          .toString()
          .split('\n')
          // How large a directory is says the disk.
          .map((row) => row.replace(/ d (\d+) \d+/, ' d $1'))
          .sort()
          .join('\n');

      test.each(
        [
          ['a.txt', `${created}:/etc/`],
          ['a.txt', `${created}:/etc/new.txt`],
          ['a.txt', `${created}:/nodir/`],
          ['a.txt', `${created}:/nodir/x`],
          ['a.txt', `${created}:etc`],
          ['a.txt', `${created}:/data/file`],
          ['dir', `${created}:/newdir`],
          ['dir', `${created}:/newdir`],
          ['dir/.', `${created}:/newdir2`],
          ['dir', `${created}:/newdir3/`],
          ['dir', `${created}:/etc/new.txt`],
          ['a.txt', `${created}:/etc/new.txt/`],
          ['nope', `${created}:/`],
          ['a.txt/', `${created}:/`],
          ['broken', `${created}:/var/`],
          ['-L', 'broken', `${created}:/var/`],
          ['dirlink', `${created}:/dl`],
          ['dirlink/', `${created}:/dl2`],
          ['-L', 'dirlink', `${created}:/dl3`],
          ['conflict/.', `${created}:/etc`],
          ['other/.', `${created}:/etc`],
          ['-a', 'a.txt', `${created}:/archived`],
          ['a.txt', `${exited}:/var/q/link`],
          ['a.txt', `${exited}:/var/q/broken`],
          ['a.txt', `${readOnly}:/etc/`],
          ['a.txt', `${readOnly}:/data/`],
          ['a.txt', `${running}:/srv`],
          ['dir', `${running}:/srv/x`],
          ['', `${created}:/a`],
          ['a.txt', `${created}:`],
          ['a.txt', 'b.txt'],
          ['a.txt', 'semdistro-nope:/x'],
          [`${created}:/a`, `${created}:/b`],
          ['a'],
        ].map((words) => line(['cp', ...words])),
      )('docker %s', async (_, words) => {
        const [ours, theirs] = await both(words, folders());
        expect(comparable(ours)).toEqual(comparable(theirs));
      });

      test.each([created, exited, running])('leaves the same files in %s', async (name) => {
        const [ours, theirs] = await both(['diff', name]);
        expect(comparable(withoutPlaces(ours), true)).toEqual(
          comparable(withoutPlaces(theirs), true),
        );
      });

      test.each(
        [
          [`${created}:/etc/new.txt`, '.'],
          [`${created}:/etc/new.txt`, 'out.txt'],
          [`${created}:/etc/new.txt`, 'a.txt'],
          [`${created}:/etc/new.txt`, 'nodir/'],
          [`${created}:/etc/new.txt`, 'nodir/x'],
          [`${created}:/etc/new.txt/`, '.'],
          [`${created}:/data/file`, 'from-volume'],
          [`${created}:/newdir`, 'dir'],
          [`${created}:/newdir`, 'fresh'],
          [`${created}:/newdir/.`, 'dir'],
          [`${created}:/newdir/.`, 'fresh'],
          [`${created}:/newdir`, 'a.txt'],
          [`${created}:/nope`, '.'],
          [`${created}:`, 'x'],
          [`${exited}:/var/q/etc`, 'e1'],
          ['-L', `${exited}:/var/q/etc/network`, 'e2'],
          ['-L', `${exited}:/var/q/broken`, 'e3'],
          [`${exited}:/var/q/broken`, 'e4'],
          [`${exited}:/var/q/up`, 'e5'],
          ['-L', `${exited}:/var/q/up`, 'e6'],
          [`${exited}:/var/q/link/`, 'e7'],
          [`${exited}:/var/q/link`, 'e8'],
          ['semdistro-nope:/x', '.'],
        ].map((words) => line(['cp', ...words])),
      )('docker %s', async (_, words) => {
        const where = folders();
        const [ours, theirs] = await both(words, where);
        expect(comparable(ours)).toEqual(comparable(theirs));
        expect(listing(where[0])).toBe(listing(where[1]));
      });

      test('as a tar', async () => {
        if (!real) throw new Error(NO_DOCKER);
        const words = ['cp', `${created}:/newdir`, '-'];
        const list = (archive: Uint8Array): readonly string[] =>
          execFileSync('tar', ['-t'], { input: archive }).toString().split('\n').sort();
        const ours = await runDocker(engine, words);
        expect(list(ours.stdout)).toEqual(list((await real.ok(words)).stdout));
      });
    });

    test.each([
      ...['ps', 'logs', 'top', 'stats', 'port', 'cp', 'diff', 'commit', 'export', 'events'],
      ...['container prune', 'container inspect', 'container ls', 'system prune', 'system df'],
      ...['volume create', 'volume ls', 'volume inspect', 'volume prune', 'container cp'],
    ])('docker %s --help is the same but for the examples', async (command) => {
      const [ours, theirs] = await both([...command.split(' '), '--help']);
      expect(ours.text).toContain('\nExamples:\n  docker ');
      const without = ours.text.replace(/\nExamples:\n(?: {2}.*\n)+/, '');
      expect(without.trimEnd()).toBe(theirs.text.trimEnd());
    });

    test.each(['volume', 'container'])('docker %s --help', async (group) => {
      const [ours, theirs] = await both([group, '--help']);
      // What could be updated here is little: --memory and --cpus of a container that runs.
      const listed = theirs.text.replace(/^ {2}update .*\n/m, '');
      expect(ours.text.trimEnd()).toBe(listed.trimEnd());
    });
  },
);
