import type { Entry } from '../../engine/layer/entry.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { WritableTree } from '../../engine/process/host.ts';
import type { Agent } from '../channel/port.ts';
import type { CowTree } from '../files/cow-tree.ts';
import type { Networks, Sandbox } from '../networks/networks.ts';
import type { Place, Share } from './share.ts';

/** One life of the machine, from a restore to a crash or a stop, as what runs containers sees it. */
export interface Guest {
  readonly agent: Agent;
  readonly share: Share;
  readonly networks: Networks;
  /** Rejects with EngineError `machine-*` when the machine ends before the work does. */
  readonly guard: <T>(work: Promise<T>) => Promise<T>;
  /** A writable tree of this machine's host as what it is; another's is a bug and throws. */
  cow(tree: WritableTree): CowTree;
  /** Makes a tree reachable. Until the last of its places is released the guest brings changes late. */
  attach(tree: CowTree): Place;
  attachTree(tree: FileTree): Place;
  /** A writable tree of some files that nobody asks for later. */
  scratch(entries: readonly Entry[]): CowTree;
  /** Milliseconds since 1970. */
  now(): number;
  /** Containers that run, by ID. */
  readonly containers: Map<string, { readonly pid: number; readonly sandbox: Sandbox }>;
  /** A number that was not given before. */
  next(): number;
}
