import { EngineError } from '../engine/errors.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type { WritableTree } from '../engine/process/host.ts';
import { type ConnectedAgent, connectAgent } from './channel/agent.ts';
import { serveNinep } from './channel/stream-ninep.ts';
import { createAttachments } from './containers/attachments.ts';
import type { Guest } from './containers/guest.ts';
import { createShare } from './containers/share.ts';
import type { Emulator, EmulatorOptions, NinepHandler } from './emulator/port.ts';
import type { CowTree } from './files/cow-tree.ts';
import type { FileNode } from './files/node.ts';
import { createNetworks } from './networks/networks.ts';
import { ninepServer } from './ninep/server.ts';

/** One life of the machine: from a restore to a crash or a stop. */
export interface Life {
  readonly guest: Guest;
  readonly agent: ConnectedAgent;
  readonly emulator: Emulator;
  /** Resolves once with why it ended. */
  readonly ended: Promise<EngineError>;
  end(why: EngineError): Promise<void>;
}

export interface LifeOptions {
  readonly emulator: (options: EmulatorOptions) => Promise<Emulator>;
  readonly wasm: Uint8Array | string;
  readonly memory: number;
  readonly snapshot: Uint8Array;
  readonly tools: FileNode;
  readonly workspace: FileNode | undefined;
  readonly now: () => number;
  nodeOf(tree: FileTree): FileNode;
  readonly cow: (tree: WritableTree) => CowTree;
  writable(lower: FileTree, changes: readonly Entry[]): CowTree;
  /** A process asked for a name that nobody in the machine has. */
  readonly onLookup: (name: string) => void;
  onTrouble(message: string): void;
}

/** Where the channel and the workspace's 9P are among the consoles. */
const CHANNEL = 0;
const WORKSPACE = 1;

/** Restores the machine and has the agent set it up. Rejects with EngineError `machine-*`. */
export async function beginLife(options: LifeOptions): Promise<Life> {
  const { memory, wasm, snapshot, now } = options;
  const gone = new AbortController();
  const share = createShare(options.tools, (tree) => options.nodeOf(tree));
  const serve = (root: FileNode): NinepHandler =>
    ninepServer(root, {
      closed: gone.signal,
      onBug: (error) => {
        options.onTrouble(
          `9P: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      },
    });
  const emulator = await options
    .emulator({ wasm, memory, ninep: serve(share.root), start: { kind: 'restore', snapshot } })
    .catch((error: unknown) => {
      throw broken('machine-restore-failed', 'the machine did not start', error);
    });
  const [channel, workspacePort] = [emulator.consoles[CHANNEL], emulator.consoles[WORKSPACE]];
  if (!channel || !workspacePort) throw new Error('an emulator without consoles');
  const agent = connectAgent(channel);
  if (options.workspace) {
    serveNinep(workspacePort, serve(options.workspace), (reason) => {
      options.onTrouble(`the workspace is not served any more: ${reason}`);
    });
  }

  const ended = Promise.withResolvers<EngineError>();
  let why: EngineError | undefined;
  let last = 0;
  const attachments = createAttachments(() => guest);
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      // The agent only knows that it stopped.
      throw why ?? error;
    }
  };
  const guest: Guest = {
    ...{ agent, share, guard },
    networks: createNetworks({ agent, guard, now, onLookup: options.onLookup }),
    cow: (tree) => options.cow(tree),
    attach: attachments.attach,
    attachTree: share.tree,
    scratch: (entries) => options.writable(emptyTree, entries),
    containers: new Map(),
    next: () => ++last,
    now,
  };
  const end = async (error: EngineError): Promise<void> => {
    if (why) return;
    why = error;
    attachments.forget();
    ended.resolve(error);
    agent.closed(error.message);
    gone.abort();
    await emulator.destroy();
  };
  void emulator.crashed.then(({ reason }) => {
    const message = `the machine crashed: ${reason}`;
    const hint = 'What runs in it is lost; images, containers’ files and the workspace are kept.';
    return end(new EngineError('machine-crashed', message, { hint }));
  });

  try {
    await guest.guard(agent.setUp({ now: now(), workspace: options.workspace !== undefined }));
  } catch (error) {
    const failure = broken('machine-setup-failed', 'the machine did not start', error);
    await end(failure);
    throw failure;
  }
  return { guest, agent, emulator, ended: ended.promise, end };
}

function broken(code: string, what: string, error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new EngineError(code, `${what}: ${why}`, { cause: error });
}
