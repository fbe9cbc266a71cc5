import { once, utf8 } from '../engine/bytes.ts';
import { contentOf } from '../engine/layer/content.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import type { RunningContainer } from '../engine/process/host.ts';
import { collect } from '../engine/bytes.ts';
import { writeTar } from '../engine/tar/writer.ts';
import { contentCache } from '../machine/files/content-cache.ts';
import { writableTree } from '../machine/files/cow-tree.ts';
import { space } from '../machine/files/space.ts';
import type { Machine } from '../machine/machine.ts';
import type { Writer } from '../machine/ninep/codec.ts';
import { T } from '../machine/ninep/messages.ts';
import { ninepServer } from '../machine/ninep/server.ts';
import { GUEST_IMAGE } from '../pantry/machine/build-machine.ts';
import { guestTree } from '../pantry/machine/guest-tree.ts';
import { dir, file } from '../testing/entries.ts';
import { hasMachine, newMachine, NO_MACHINE, pantryEngine } from '../testing/machine.ts';
import { type NinepClient, ninepClient } from '../testing/ninep.ts';
import { timedEach } from './commands.ts';
import type { Group } from './group.ts';
import type { Measurement } from './row.ts';

const RUNS = 5;
const MB = 1024 * 1024;
/** What Linux asks for at once. */
const PIECE = 131_000 - 24;
/** Of requests: a page and its header. */
const ROOM = 4200;

/** The 9P server alone, in this process; and from within the guest, beside the guest's own tmpfs. */
export const ninep: Group = {
  name: 'ninep',
  about: 'file operations of the 9P server: alone, and as a guest sees them (compared with tmpfs)',
  measure: async function* () {
    yield* measureServer();
    yield* measureGuest();
  },
};

async function* measureServer(): AsyncGenerator<Measurement> {
  const content = contentOf(new Uint8Array(32 * MB).fill(1));
  const names = Array.from({ length: 1000 }, (_, index) => `file-${index}`);
  const lower = emptyTree.apply([
    dir('d'),
    ...names.map((name) => file(`d/${name}`, name)),
    { ...file('large', ''), size: content.size, content },
  ]);
  const options = { cache: contentCache(), space: space() };
  const open = async (): Promise<NinepClient> =>
    ninepClient(ninepServer(writableTree(lower, [], options).root));
  let client = await open();
  const fresh = async (): Promise<void> => {
    client = await open();
  };
  const ask = (type: number, fields: (message: Writer) => Writer): void => {
    client.now(type, fields, ROOM);
  };
  const look = (): void => {
    for (const name of names) {
      ask(T.walk, (m) => m.u32(0).u32(1).u16(2).string('d').string(name));
      ask(T.getattr, (m) => m.u32(1).u64(0x7ff));
      ask(T.clunk, (m) => m.u32(1));
    }
  };
  yield {
    ...{
      id: 'ninep.server.look',
      name: 'server: 10,000 files walked to, looked at, left',
      unit: 'ms',
    },
    runs: await timedEach(RUNS, async () => {
      for (let turn = 0; turn < 10; turn++) look();
    }),
  };
  yield {
    ...{ id: 'ninep.server.create', name: 'server: 1000 files made, written, closed', unit: 'ms' },
    runs: await timedEach(
      RUNS,
      async () => {
        for (const name of names) {
          ask(T.walk, (m) => m.u32(0).u32(1).u16(0));
          ask(T.lcreate, (m) => m.u32(1).string(name).u32(0o102).u32(0o644).u32(0));
          ask(T.write, (m) => m.u32(1).u64(0).u32(5).data(utf8('hello')));
          ask(T.clunk, (m) => m.u32(1));
        }
      },
      fresh,
    ),
  };
  yield {
    ...{ id: 'ninep.server.read', name: 'server: 32 MB of a layer read, cached', unit: 'ms' },
    runs: await timedEach(RUNS, async () => {
      await fresh();
      await client.ok(T.walk, (m) => m.u32(0).u32(1).u16(1).string('large'));
      await client.ok(T.lopen, (m) => m.u32(1).u32(0));
      for (let at = 0; at < 32 * MB; at += PIECE) {
        await client.ok(T.read, (m) => m.u32(1).u64(at).u32(PIECE));
      }
    }),
  };
  const page = new Uint8Array(4096).fill(7);
  yield {
    ...{ id: 'ninep.server.write', name: 'server: 32 MB written, page by page', unit: 'ms' },
    runs: await timedEach(RUNS, async () => {
      await fresh();
      ask(T.walk, (m) => m.u32(0).u32(1).u16(0));
      ask(T.lcreate, (m) => m.u32(1).string('new').u32(0o102).u32(0o644).u32(0));
      for (let at = 0; at < 32 * MB; at += page.length) {
        ask(T.write, (m) => m.u32(1).u64(at).u32(page.length).data(page));
      }
    }),
  };
}

/** About what a language's packages are: 1300 files, 44 MB. */
async function archive(): Promise<Entry> {
  const entries: Entry[] = [];
  for (let index = 0; index < 1300; index++) {
    const folder = `p/${index % 40}`;
    if (index < 40) entries.push(dir(folder));
    entries.push(file(`${folder}/f${index}`, new Uint8Array(34_000).fill(index)));
  }
  return file('archive.tar', await collect(writeTar([dir('p'), ...entries])));
}

/** In the guest: what is done in `$D`, 9P's or tmpfs's directory. */
const WORK: readonly (readonly [id: string, name: string, before: string, work: string])[] = [
  [
    'find.cold',
    'find /usr, nothing cached',
    'echo 3 >/proc/sys/vm/drop_caches',
    'find $D/usr >/dev/null',
  ],
  ['find.warm', 'find /usr again', ':', 'find $D/usr >/dev/null'],
  [
    'read.cold',
    '44 MB read, nothing cached',
    'sync; echo 3 >/proc/sys/vm/drop_caches',
    'dd if=$D/archive.tar of=/dev/null bs=1M status=none',
  ],
  ['read.warm', '44 MB read again', ':', 'dd if=$D/archive.tar of=/dev/null bs=1M status=none'],
  [
    'create',
    '300 files made and synced',
    'rm -rf $D/new; mkdir $D/new',
    'i=0; while [ $i -lt 300 ]; do echo $i >$D/new/$i; i=$((i+1)); done; sync',
  ],
  [
    'tar',
    'tar x of 1300 files, 44 MB, synced',
    'rm -rf $D/p',
    'tar -x -C $D -f $D/archive.tar; sync',
  ],
];

async function* measureGuest(): AsyncGenerator<Measurement> {
  if (!hasMachine) {
    for (const [id, name] of WORK) {
      yield { id: `ninep.${id}`, name: `guest: ${name}`, unit: 'ms', runs: [], reason: NO_MACHINE };
    }
    return;
  }
  const machine = newMachine();
  try {
    const shell = await openShell(machine);
    await shell('cp -a /usr /archive.tar /ref');
    for (const [id, name, before, work] of WORK) {
      const times: Record<string, readonly number[]> = {};
      for (const where of ['/ref', '/.']) {
        const prepare = () => shell(`D=${where}; ${before}`);
        times[where] = await timedEach(3, () => shell(work), prepare);
      }
      const [runs = [], reference = []] = [times['/.'], times['/ref']];
      yield { id: `ninep.${id}`, name: `guest: ${name}`, unit: 'ms', runs, reference };
    }
    await shell.end();
  } finally {
    await machine.close();
  }
}

interface Shell {
  /** Resolves when the command has ended. */
  (command: string): Promise<void>;
  end(): Promise<void>;
}

/** A shell in a container over the guest's own programs, with a tmpfs at /ref. */
async function openShell(machine: Machine): Promise<Shell> {
  const tree = await guestTree(pantryEngine(), GUEST_IMAGE);
  const lines: string[] = [];
  let wake: () => void = () => undefined;
  const state = { closed: false };
  let said = '';
  let done: () => void = () => undefined;
  const stdin = (async function* () {
    for (;;) {
      const line = lines.shift();
      if (line === undefined && state.closed) return;
      if (line !== undefined) yield* once(utf8(`${line}\n`));
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  })();
  const container: RunningContainer = await machine.host.start(
    {
      ...{ id: 'bec4', readOnlyRoot: false, hostname: 'bench', init: false, privileged: true },
      root: machine.host.writable(tree, [await archive()]),
      process: {
        ...{ argv: ['/bin/sh'], env: ['PATH=/usr/bin:/bin'], cwd: '/', noNewPrivileges: false },
        user: { uid: 0, gid: 0, groups: [] },
        ...{ capabilities: ['CAP_DAC_OVERRIDE', 'CAP_SYS_ADMIN', 'CAP_CHOWN', 'CAP_FOWNER'] },
        ulimits: [],
      },
      mounts: [{ kind: 'tmpfs', target: '/ref' }],
      ...{ pid: 'private', ipc: 'private', network: 'private', limits: {} },
    },
    {
      stdin,
      stdout: (bytes) => {
        said += new TextDecoder().decode(bytes);
        if (said.includes('done\n')) done();
      },
      stderr: (bytes) => {
        process.stderr.write(bytes);
      },
    },
  );
  const shell = (command: string): Promise<void> =>
    new Promise((resolve) => {
      said = '';
      done = resolve;
      lines.push(`${command}; echo done`);
      wake();
    });
  return Object.assign(shell, {
    async end() {
      state.closed = true;
      wake();
      await container.exit;
    },
  });
}
