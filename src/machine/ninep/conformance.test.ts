import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder } from '../../cli/engine-home.ts';
import { collect, once, utf8 } from '../../engine/bytes.ts';
import { contentOf } from '../../engine/layer/content.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import { entriesOfTar } from '../../engine/layer/from-tar.ts';
import type { WritableTree } from '../../engine/process/host.ts';
import { dir, file } from '../../testing/entries.ts';
import { FILE_SYSTEM_TABLE } from '../../testing/file-system-table.ts';
import { randomData, randomNames } from '../../testing/file-system-walks.ts';
import { hasMachine, NO_MACHINE, testMachine } from '../../testing/machine.ts';

const RUNS = Number(process.env['SEMDISTRO_FUZZ_RUNS'] ?? 4);
const CAPABILITIES = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'MKNOD', 'SETUID', 'SETGID', 'SYS_ADMIN'],
].map((name) => `CAP_${name}`);

/** The program that asks, as the set-up compiled it. */
async function findProgram(): Promise<Uint8Array | undefined> {
  const folder = join(cacheFolder(process.env), 'machine', 'programs');
  for (const name of await readdir(folder).catch(() => [])) {
    const archive = contentOf(new Uint8Array(await readFile(join(folder, name))));
    const found = (await entriesOfTar(archive)).find(({ path }) => path === 'conformance');
    if (found?.content) return collect(found.content.stream());
  }
  return undefined;
}

const program = await findProgram();
const missing = !hasMachine
  ? NO_MACHINE
  : program
    ? undefined
    : 'needs conformance.c among the compiled programs: run `npm start` again';

let started = 0;

/** The answers, one per operation, asked in `/nine` (9P) or in `/ref` (tmpfs) of a container. */
async function ask(
  where: '/nine' | '/ref',
  ops: readonly string[],
  tree?: WritableTree,
): Promise<readonly string[]> {
  const { host } = testMachine();
  const content = program ?? new Uint8Array(0);
  const root = tree ?? host.writable(emptyTree.apply([dir('nine'), dir('ref'), dir('tmp')]));
  let [out, err] = ['', ''];
  const decoder = new TextDecoder();
  const container = await host.start(
    {
      id: (0xc0de00 + ++started).toString(16),
      ...{ root, readOnlyRoot: false, hostname: 'h', init: false, privileged: true },
      process: {
        ...{ argv: ['/conformance', where], env: [], cwd: '/', noNewPrivileges: false },
        ...{ user: { uid: 0, gid: 0, groups: [] }, capabilities: CAPABILITIES, ulimits: [] },
      },
      mounts: [
        { kind: 'tmpfs', target: '/ref', mode: 0o755, options: ['exec', 'dev'] },
        {
          ...{ kind: 'file', target: '/conformance', content, mode: 0o755 },
          ...{ uid: 0, gid: 0, readOnly: true },
        },
      ],
      ...{ pid: 'private', ipc: 'private', network: 'private', limits: {} },
    },
    {
      stdin: once(utf8(ops.map((op) => `${op}\n`).join(''))),
      stdout: (bytes) => void (out += decoder.decode(bytes, { stream: true })),
      stderr: (bytes) => void (err += decoder.decode(bytes)),
    },
  );
  expect([await container.exit, err]).toEqual([{ code: 0, outOfMemory: false }, '']);
  return out.split('\n').slice(0, -1);
}

/** Each row in a directory of its own, files closed afterwards. */
const rows = FILE_SYSTEM_TABLE.map((row, index) => ({
  row,
  before: [`mkdir r${index} 0755`, `chdir r${index}`, 'umask 022'],
  after: ['close 1', 'close 2', 'close 3', 'chdir ..'],
}));

describe('9P in the guest is the file system that tmpfs is', () => {
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing);
  });

  let answers: Readonly<Record<'/nine' | '/ref', readonly string[]>>;

  beforeAll(async () => {
    if (missing !== undefined) return;
    const all = rows.flatMap(({ row, before, after }) => [...before, ...row.ops, ...after]);
    answers = { '/nine': await ask('/nine', all), '/ref': await ask('/ref', all) };
  }, 300_000);

  test.each(rows.map(({ row }, index) => [row.name, index] as const))('%s', (_, index) => {
    const row = rows[index];
    if (!row) throw new Error('no such row');
    const lines = (given: (typeof rows)[number]) =>
      given.before.length + given.row.ops.length + given.after.length;
    const start =
      rows.slice(0, index).reduce((sum, one) => sum + lines(one), 0) + row.before.length;
    const part = (where: '/nine' | '/ref') =>
      answers[where].slice(start, start + row.row.ops.length);
    const reference = part('/ref');
    const expected = reference.map((answer, at) => row.row.differs?.answers[at] ?? answer);
    const told = (given: readonly string[]) =>
      row.row.ops.map((op, at) => `${op}: ${given[at] ?? ''}`);
    expect(told(part('/nine'))).toEqual(told(expected));
    // A difference that is none any more is to be struck off.
    if (row.row.differs) expect(told(part('/nine'))).not.toEqual(told(reference));
    expect(reference).not.toContain('what?');
  });

  test('in walks that nobody foresaw: names', async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const ops = randomNames(seed, 150);
      const [nine, reference] = [await ask('/nine', ops), await ask('/ref', ops)];
      expect(
        nine.map((answer, at) => `${ops[at] ?? ''}: ${answer}`),
        `seed ${seed}`,
      ).toEqual(reference.map((answer, at) => `${ops[at] ?? ''}: ${answer}`));
    }
  }, 3_600_000);

  test('in walks that nobody foresaw: contents, of new files and of files of a layer', async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const { below, ops } = randomData(seed, 200);
      const lower = emptyTree.apply([dir('nine'), dir('ref'), file('nine/base', below)]);
      const open = 'open 2 base rw 0';
      const nine = await ask('/nine', [open, ...ops], testMachine().host.writable(lower));
      const same = ['open 2 base rwc 0644', `pwrite 2 0 ${below.length} 77`];
      const reference = await ask('/ref', [...same, ...ops]);
      expect(
        nine.slice(1).map((answer, at) => `${ops[at] ?? ''}: ${answer}`),
        `seed ${seed}`,
      ).toEqual(reference.slice(2).map((answer, at) => `${ops[at] ?? ''}: ${answer}`));
    }
  }, 3_600_000);
});
