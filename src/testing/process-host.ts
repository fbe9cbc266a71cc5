import { utf8 } from '../engine/bytes.ts';
import { upperOver } from '../engine/build/upper.ts';
import type { Entry } from '../engine/layer/entry.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type {
  ContainerSpec,
  ProcessHost,
  ProcessIo,
  RunningContainer,
  WritableTree,
} from '../engine/process/host.ts';

/** What a pretended process does. */
export interface FakeProcess {
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
  /** Put into the root before it ends. */
  readonly changes?: readonly Entry[];
  readonly stdout?: string;
  readonly stderr?: string;
  /** Host names it looks up. */
  readonly lookups?: readonly string[];
  /** It cannot even be started. */
  readonly fails?: Error;
  /** Does more, or waits: its result is the exit code. Killed, it is not waited for. */
  readonly work?: (spec: ContainerSpec, io: ProcessIo) => Promise<number>;
}

export interface FakeHost {
  readonly host: ProcessHost;
  /** What was started, in order. */
  readonly started: readonly ContainerSpec[];
  /** Signals that were sent. */
  readonly signals: readonly number[];
}

/** A machine that runs nothing: it remembers what it was asked and does what it is told to. */
export function fakeHost(answer: (spec: ContainerSpec) => FakeProcess = () => ({})): FakeHost {
  const started: ContainerSpec[] = [];
  const signals: number[] = [];
  const host: ProcessHost = {
    writable: (lower, changes = []) => memoryTree(lower, changes),
    async start(spec, io) {
      started.push(spec);
      const told = answer(spec);
      if (told.fails) throw told.fails;
      const killed = Promise.withResolvers<number>();
      const ends = act(spec, io, told);
      return container(
        Promise.race([ends, killed.promise]).then((code) => ({
          code,
          outOfMemory: told.outOfMemory ?? false,
        })),
        (signal) => {
          signals.push(signal);
          killed.resolve(128 + signal);
        },
      );
    },
  };
  return { host, started, signals };
}

async function act(spec: ContainerSpec, io: ProcessIo, told: FakeProcess): Promise<number> {
  const { exitCode = 0, changes = [], stdout, stderr, lookups = [], work } = told;
  for (const name of lookups) io.lookup?.(name);
  if (stdout !== undefined) await io.stdout(utf8(stdout));
  if (stderr !== undefined) await io.stderr(utf8(stderr));
  await spec.root.apply(changes);
  return work ? work(spec, io) : exitCode;
}

function container(
  exit: RunningContainer['exit'],
  onKill: (signal: number) => void,
): RunningContainer {
  return {
    pid: 100,
    exit,
    kill: async (signal) => {
      onKill(signal);
    },
    resize: async () => undefined,
    exec: () => Promise.reject(new Error('the fake machine has no exec')),
    processes: () => Promise.resolve([]),
    usage: () => Promise.resolve({ cpu: 0, memory: 0, memoryLimit: 0, pids: 0 }),
    pause: async () => undefined,
    unpause: async () => undefined,
  };
}

/** A writable tree in memory; contents that are put into it must not change afterwards. */
export function memoryTree(lower: FileTree, changes: Iterable<Entry> = []): WritableTree {
  const upper = upperOver(lower);
  const roots: Entry[] = [];
  let version = 0;
  const put = (entries: Iterable<Entry>): void => {
    for (const entry of entries) {
      version++;
      if (entry.path === '') roots.splice(0, 1, entry);
      else if (entry.type === 'whiteout') upper.remove(entry.path);
      else if (entry.type === 'opaque') upper.remove(entry.path);
      else upper.put(entry);
    }
  };
  put(changes);
  const now = (): readonly Entry[] => [...roots, ...upper.entries()];
  return {
    changes: async () => now(),
    view: async () => lower.apply(now()),
    apply: async (entries) => {
      put(entries);
    },
    size: () => now().reduce((sum, { size }) => sum + size, 0),
    version: () => version,
  };
}
