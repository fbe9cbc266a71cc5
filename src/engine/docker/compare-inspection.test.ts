import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../cli/node-platform.ts';
import { amd64Engine } from '../../testing/differential/engine.ts';
import { copyingIn, copyingOut, lookingAt } from '../../testing/inspection-words.ts';
import { NO_DOCKER, realDocker, removeNames } from '../../testing/real-docker.ts';
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
  // Docker names the containers that use a volume in any order.
  const first = (stderr.split('\n')[0] ?? '').replace(/(?<=volume is in use - \[)[^\]]*/, (users) =>
    users.split(', ').sort().join(', '),
  );
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

const [created = '', exited = '', running = ''] = NAMES;
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
      if (real) await removeNames(real, `semdistro.test/${RUN}*`);
      rmSync(folder, { recursive: true });
    });

    test.each(lookingAt(NAMES, { volume: VOLUME, image: IMAGE, own }).map(line))(
      'docker %s',
      async (_, words) => {
        const [ours, theirs] = await both(words);
        expect(comparable(ours)).toEqual(comparable(theirs));
      },
    );

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

      test.each(copyingIn(NAMES).map((words) => line(['cp', ...words])))(
        'docker %s',
        async (_, words) => {
          const [ours, theirs] = await both(words, folders());
          expect(comparable(ours)).toEqual(comparable(theirs));
        },
      );

      test.each([created, exited, running])('leaves the same files in %s', async (name) => {
        const [ours, theirs] = await both(['diff', name]);
        expect(comparable(withoutPlaces(ours), true)).toEqual(
          comparable(withoutPlaces(theirs), true),
        );
      });

      test.each(copyingOut(NAMES).map((words) => line(['cp', ...words])))(
        'docker %s',
        async (_, words) => {
          const where = folders();
          const [ours, theirs] = await both(words, where);
          expect(comparable(ours)).toEqual(comparable(theirs));
          expect(listing(where[0])).toBe(listing(where[1]));
        },
      );

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
