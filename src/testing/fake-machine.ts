import { collect, utf8 } from '../engine/bytes.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type {
  Attachment,
  ContainerSpec,
  HostPort,
  Mount,
  ProcessExit,
  ProcessHost,
  ProcessIo,
  ProcessSpec,
  RunningContainer,
  RunningProcess,
} from '../engine/process/host.ts';
import { EngineError } from '../engine/errors.ts';
import { ProcessStartError } from '../engine/process/start-error.ts';
import { runScript } from './fake-shell.ts';
import { memoryTree } from './process-host.ts';

/** What a pretended program can see and do. */
export interface FakeContext {
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly container: ContainerSpec;
  /** Files of it that the engine has changed since it was started, by path. */
  readonly rewritten: ReadonlyMap<string, Uint8Array>;
  readonly out: (text: string) => Promise<void>;
  readonly err: (text: string) => Promise<void>;
  /** All of standard input, when it has ended; '' without one. */
  readonly input: () => Promise<string>;
  readonly stdin: ProcessIo['stdin'];
  /** From now on the signal calls back instead of doing what it usually does. */
  readonly trap: (signal: number, handler: () => void) => void;
  /** Resolves after so long; at once when the process is killed and, if it `wakes`, at a trapped signal. */
  readonly sleep: (seconds: number, options?: { readonly wakes?: boolean }) => Promise<void>;
  /** Ends the process by a signal, whatever it does. */
  readonly die: (signal: number) => void;
}

export type FakeProgram = (context: FakeContext) => Promise<number>;

const out =
  (text: (context: FakeContext) => string): FakeProgram =>
  async (context) => {
    await context.out(text(context));
    return 0;
  };

/** By name, wherever in the image a file of that name is. */
const PROGRAMS: Readonly<Record<string, FakeProgram>> = {
  true: async () => 0,
  false: async () => 1,
  echo: out(({ argv }) => `${argv.slice(1).join(' ')}\n`),
  env: out(({ env }) => [...env].map(([name, value]) => `${name}=${value}\n`).join('')),
  pwd: out(({ cwd }) => `${cwd}\n`),
  hostname: out(({ container }) => `${container.hostname}\n`),
  sleep: async ({ argv, sleep }) => {
    await sleep(Number(argv[1]));
    return 0;
  },
  /** `resolve NAME…`: what the container's resolver answers, a line each. */
  resolve: async ({ argv, container, out: print }) => {
    for (const name of argv.slice(1)) {
      await print(`${container.resolve?.(name)?.join(' ') ?? 'nobody'}\n`);
    }
    return 0;
  },
  cat: async ({ argv, stdin, container, rewritten, out: print, err }) => {
    const [, path] = argv;
    if (path === undefined) {
      for await (const chunk of stdin ?? []) await print(new TextDecoder().decode(chunk));
      return 0;
    }
    const changed = rewritten.get(path);
    const text = changed ? new TextDecoder().decode(changed) : await readFile(container, path);
    if (text === undefined) {
      await err(`cat: can't open '${path}': No such file or directory\n`);
      return 1;
    }
    await print(text);
    return 0;
  },
  sh: (context) => runScript(context, context.argv[2] ?? ''),
};

export interface FakeMachine {
  readonly host: ProcessHost;
  /** What was started, in order. */
  readonly started: readonly ContainerSpec[];
  /** Sizes that terminals were given. */
  readonly sizes: readonly (readonly [columns: number, rows: number])[];
  /** What is published now. */
  readonly published: ReadonlySet<HostPort>;
  /** What containers that run were connected to after their start. */
  readonly connected: ReadonlySet<Attachment>;
}

/** What only a fake knows of a container. */
interface Inside {
  readonly spec: ContainerSpec;
  readonly rewritten: Map<string, Uint8Array>;
}

/**
 * A machine without a machine: programs are looked up in the container's files as Linux does, and
 * those of the table run. The first process of a container ignores signals that it does not trap.
 */
export function fakeMachine(
  more: Readonly<Record<string, FakeProgram>> = {},
  /** Ports of the machine that something else listens on. */
  taken: readonly number[] = [],
): FakeMachine {
  const programs = { ...PROGRAMS, ...more };
  const started: ContainerSpec[] = [];
  const sizes: (readonly [number, number])[] = [];
  const published = new Set<HostPort>();
  const connected = new Set<Attachment>();
  let pid = 100;
  const begin = async (
    spec: ProcessSpec,
    inside: Inside,
    io: ProcessIo,
    isFirst: boolean,
  ): Promise<RunningProcess> => {
    const program = await lookUp(programs, spec, await inside.spec.root.view());
    return run(program, { spec, inside, io, isFirst, pid: ++pid, sizes });
  };
  const host: ProcessHost = {
    writable: (lower, changes = []) => memoryTree(lower, changes),
    async start(spec, io): Promise<RunningContainer> {
      const inside: Inside = { spec, rewritten: new Map() };
      const first = await begin(spec.process, inside, io, true);
      started.push(spec);
      const nothing = (): Promise<void> => Promise.resolve();
      return {
        ...first,
        exec: (process, execIo) => begin(process, inside, execIo, false),
        processes: () => Promise.resolve([]),
        usage: () => Promise.resolve({ cpu: 0, memory: 0, memoryLimit: 0, pids: 1 }),
        ...{ pause: nothing, unpause: nothing },
        async connect(attachment) {
          connected.add(attachment);
        },
        async disconnect(network) {
          for (const one of connected) if (one.network.id === network) connected.delete(one);
        },
        async rewrite(target, content) {
          inside.rewritten.set(target, content);
        },
      };
    },
    async publish(port) {
      if (taken.includes(port.hostPort)) throw new EngineError('port-taken', 'taken');
      published.add(port);
      return {
        async release() {
          published.delete(port);
        },
      };
    },
  };
  return { host, started, sizes, published, connected };
}

async function lookUp(
  programs: Readonly<Record<string, FakeProgram>>,
  { argv, env }: ProcessSpec,
  tree: FileTree,
): Promise<FakeProgram> {
  const [name = ''] = argv;
  const path = env.find((pair) => pair.startsWith('PATH='))?.slice('PATH='.length) ?? '';
  const places = name.includes('/') ? [name] : path.split(':').map((dir) => `${dir}/${name}`);
  for (const place of places) {
    const at = tree.resolve(place.slice(1));
    const entry = at === undefined ? undefined : tree.get(at)?.entry;
    if (!entry) continue;
    if (entry.type === 'dir') throw new ProcessStartError('is-directory', name, 'is a directory');
    if ((entry.mode & 0o111) === 0) throw new ProcessStartError('permission-denied', name, '');
    const text = entry.content ? new TextDecoder().decode(await entry.content.read(0, 2)) : '';
    if (text === '#!') throw new ProcessStartError('loader-missing', name, '');
    const program = programs[name.slice(name.lastIndexOf('/') + 1)];
    if (program) return program;
    throw new ProcessStartError('exec-format', name, '');
  }
  throw new ProcessStartError('not-found', name, 'not found');
}

function run(
  program: FakeProgram,
  process: {
    readonly spec: ProcessSpec;
    readonly inside: Inside;
    readonly io: ProcessIo;
    readonly isFirst: boolean;
    readonly pid: number;
    readonly sizes: (readonly [number, number])[];
  },
): RunningProcess {
  const { spec, inside, io, isFirst, pid, sizes } = process;
  const killed = Promise.withResolvers<ProcessExit>();
  const traps = new Map<number, () => void>();
  const naps = new Map<() => void, boolean>();
  const tty = spec.terminal !== undefined;
  const bytes = (text: string): Uint8Array => utf8(tty ? text.replaceAll('\n', '\r\n') : text);
  const die = (signal: number): void => {
    killed.resolve({ code: 128 + signal, outOfMemory: false });
    for (const wake of naps.keys()) wake();
  };
  const context: FakeContext = {
    argv: spec.argv,
    env: new Map(spec.env.map((pair) => [pair.split('=')[0] ?? '', pair.replace(/^[^=]*=/, '')])),
    cwd: spec.cwd,
    container: inside.spec,
    rewritten: inside.rewritten,
    out: async (text) => io.stdout(bytes(text)),
    err: async (text) => (tty ? io.stdout(bytes(text)) : io.stderr(bytes(text))),
    input: async () =>
      io.stdin ? new TextDecoder().decode(await collect(io.stdin)) : Promise.resolve(''),
    stdin: io.stdin,
    trap: (signal, handler) => void traps.set(signal, handler),
    sleep: (seconds, { wakes = false } = {}) =>
      new Promise((resolve) => {
        const timer = setTimeout(done, seconds * 1000);
        naps.set(done, wakes);
        function done(): void {
          clearTimeout(timer);
          naps.delete(done);
          resolve();
        }
      }),
    die,
  };
  const ends = program(context).then((code) => ({ code, outOfMemory: false }));
  return {
    pid,
    exit: Promise.race([ends, killed.promise]),
    async kill(signal) {
      const trap = traps.get(signal);
      if (signal === 9) die(9);
      else if (trap) {
        trap();
        for (const [wake, wakes] of naps) if (wakes) wake();
      } else if (!isFirst) die(signal);
    },
    async resize(columns, rows) {
      sizes.push([columns, rows]);
    },
  };
}

/** As the container sees it: what is mounted, else what its root has. */
async function readFile(container: ContainerSpec, path: string): Promise<string | undefined> {
  const mount = container.mounts.findLast(
    ({ target }) => path === target || path.startsWith(`${target}/`),
  );
  if (mount?.kind === 'file') return new TextDecoder().decode(mount.content);
  const tree = await treeOf(container, mount);
  const inside = path.slice(mount?.target.length ?? 0);
  const at = tree?.resolve(inside.replace(/^\//, ''));
  const entry = at === undefined ? undefined : tree?.get(at)?.entry;
  if (!entry?.content) return undefined;
  return new TextDecoder().decode(await collect(entry.content.stream()));
}

async function treeOf(
  container: ContainerSpec,
  mount: Mount | undefined,
): Promise<FileTree | undefined> {
  if (!mount) return container.root.view();
  if (mount.kind === 'writable') return mount.tree.view();
  return mount.kind === 'tree' ? mount.tree : undefined;
}
