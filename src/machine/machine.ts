import { EngineError } from '../engine/errors.ts';
import type { Entry } from '../engine/layer/entry.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type { ProcessHost, WritableTree } from '../engine/process/host.ts';
import type { GuestCommand, GuestProcess, SpawnIo, SpawnSpec } from './channel/port.ts';
import { startContainer } from './containers/container.ts';
import type { Emulator, EmulatorOptions } from './emulator/port.ts';
import { startEmulator } from './emulator/start.ts';
import { contentCache } from './files/content-cache.ts';
import { type CowTree, writableTree } from './files/cow-tree.ts';
import type { FileNode } from './files/node.ts';
import { space } from './files/space.ts';
import { staticTree } from './files/static-tree.ts';
import { beginLife, type Life } from './life.ts';
import { connectionRefused, dialPort, publishPort } from './networks/ports.ts';

/** What a start needs, wherever it comes from. */
export interface MachineParts {
  /** The bytes of v86.wasm, or its URL. */
  readonly wasm: Uint8Array | string;
  /** Bytes of guest memory, as the snapshot was made with. */
  readonly memory: number;
  /** Compressed or not. */
  readonly snapshot: Uint8Array;
  /** The guest's own programs: the file tree of its image. */
  readonly tools: FileTree;
}

export interface MachineOptions {
  /** Asked at the first start only, again when it rejected. `progress` gets bytes of the snapshot so far. */
  load(progress: (bytes: number) => void): Promise<MachineParts>;
  /** What is at /workspace; changes of either side are seen by the other at once. */
  readonly workspace?: FileNode;
  /** One line each: a file that could not be fetched, a bug that the guest saw as EIO. */
  onTrouble?(message: string): void;
  /** For tests: what starts the emulator. */
  readonly emulator?: (options: EmulatorOptions) => Promise<Emulator>;
}

export type MachineState =
  /** Nothing was restored yet, or it was closed. */
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'starting';
      readonly stage: StartStage;
      readonly bytes: number;
      readonly seconds: number;
    }
  /** `seconds` is how long the start took. */
  | { readonly kind: 'running'; readonly seconds: number }
  /** The next process starts it again. */
  | { readonly kind: 'crashed'; readonly reason: string };

/** `loading`: snapshot and programs are fetched, `bytes` of the snapshot so far. */
export type StartStage = 'loading' | 'restoring';

/** A Linux in which processes run. Made without starting it; the first process does that. */
export interface Machine {
  readonly host: ProcessHost;
  readonly state: MachineState;
  /** Calls back after every change of `state`, until what it returns is called. */
  onState(listener: (state: MachineState) => void): () => void;
  /** A process in the guest itself, outside of containers: a shell. Rejects as `Agent.spawn`, or with `machine-*`. */
  shell(spec: SpawnSpec, io: SpawnIo): Promise<GuestProcess>;
  /** What `docker`, typed in the guest, does. Keeps for later starts. */
  onCommand(handler: (command: GuestCommand) => Promise<number>): void;
  /** A process looked up a host, which there is not. Keeps for later starts. */
  onLookup(listener: (name: string) => void): void;
  /** Starts it now; nothing happens when it runs. */
  start(): Promise<void>;
  /** Ends what runs and restores; trees and workspace stay. */
  restart(): Promise<void>;
  /** Ends it for good. What waits, and whatever is asked later, rejects with `machine-closed`. */
  close(): Promise<void>;
}

export function openMachine(options: MachineOptions): Machine {
  const trouble = (message: string): void => options.onTrouble?.(message);
  const context = { cache: contentCache({ onTrouble: trouble }), space: space() };
  const cows = new WeakMap<WritableTree, CowTree>();
  const listeners = new Set<(state: MachineState) => void>();
  const loaded = onceLoaded(options);
  let state: MachineState = { kind: 'stopped' };
  let living: Promise<Life> | undefined;
  let closed = false;
  let command: ((command: GuestCommand) => Promise<number>) | undefined;
  let lookup: ((name: string) => void) | undefined;

  function enter(next: MachineState): void {
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  function writable(lower: FileTree, changes: Iterable<Entry> = []): CowTree {
    const tree = writableTree(lower, changes, context);
    cows.set(tree, tree);
    return tree;
  }

  function cow(tree: WritableTree): CowTree {
    const found = cows.get(tree);
    if (!found) throw new Error("a writable tree of another machine's");
    return found;
  }

  async function begin(): Promise<Life> {
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    const starting = (stage: StartStage, bytes: number): void => {
      enter({ kind: 'starting', stage, bytes, seconds: seconds() });
    };
    starting('loading', 0);
    const { wasm, memory, snapshot, tools } = await loaded((bytes) => {
      starting('loading', bytes);
    });
    starting('restoring', snapshot.length);
    const life = await beginLife({
      ...{ wasm, memory, snapshot, cow, writable, onTrouble: trouble },
      emulator: options.emulator ?? startEmulator,
      tools: staticTree(tools, context),
      workspace: options.workspace,
      now: () => Date.now(),
      nodeOf: (tree) => staticTree(tree, context),
      onLookup: (name) => lookup?.(name),
    });
    life.agent.onCommand(async (given) => (command ? command(given) : 127));
    enter({ kind: 'running', seconds: seconds() });
    return life;
  }

  function live(): Promise<Life> {
    if (closed) return Promise.reject(new EngineError('machine-closed', 'the machine was closed'));
    if (living) return living;
    const beginning = begin();
    living = beginning;
    const over = (error: unknown): void => {
      if (living !== beginning) return;
      living = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      enter(closed ? { kind: 'stopped' } : { kind: 'crashed', reason });
    };
    beginning.then((life) => life.ended.then(over), over);
    return beginning;
  }

  async function end(why: EngineError): Promise<void> {
    const ending = living;
    living = undefined;
    if (!ending) return;
    // A start that fails says so to whoever asked for it.
    const life = await ending.catch(() => undefined);
    await life?.end(why);
    enter({ kind: 'stopped' });
  }

  return {
    host: {
      writable,
      async start(spec, io) {
        const { guest } = await live();
        return startContainer(guest, spec, io);
      },
      async publish(port) {
        const { guest } = await live();
        return guest.guard(publishPort(guest.agent, port));
      },
      async dial(port, address) {
        // A machine that does not run is not started to find that nobody listens in it.
        if (!living) throw connectionRefused(`${address ?? 'localhost'}:${port}`);
        const { guest } = await living;
        return guest.guard(dialPort(guest.agent, port, address));
      },
    },
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async shell(spec, io) {
      const { guest } = await live();
      const process = await guest.guard(guest.agent.spawn(spec, io));
      const exit = guest.guard(process.exit);
      // Whoever started it may not look at its exit.
      exit.catch(() => undefined);
      return { ...process, exit };
    },
    onCommand(handler) {
      command = handler;
    },
    onLookup(listener) {
      lookup = listener;
    },
    async start() {
      await live();
    },
    async restart() {
      await end(new EngineError('machine-stopped', 'the machine was restarted'));
      await live();
    },
    async close() {
      closed = true;
      await end(new EngineError('machine-closed', 'the machine was closed'));
    },
  };
}

/** Loads what a start needs once; a failure is forgotten, so that the next start tries again. */
function onceLoaded(
  options: MachineOptions,
): (progress: (bytes: number) => void) => Promise<MachineParts> {
  let loading: Promise<MachineParts> | undefined;
  return (progress) => {
    loading ??= options.load(progress).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
