import type { Engine } from '../engine.ts';
import type { NetworkMembership } from '../networks/join.ts';
import type { RunningContainer, RunningProcess, WritableTree } from '../process/host.ts';
import type { InputPipe } from './input-pipe.ts';
import type { ContainerLog } from './logs.ts';
import type { OutputHub } from './output-hub.ts';
import type { ContainerRecord, ContainerState } from './record.ts';

/** A container that this engine runs, from the moment it is started until all of it is saved. */
export interface LiveContainer {
  readonly id: string;
  /** As it was started. */
  readonly record: ContainerRecord;
  /** Newer than the stored one. */
  readonly state: ContainerState;
  /** Missing while it is being started, and between two runs of a restart policy. */
  readonly network: NetworkMembership | undefined;
  /** Its file system without its mounts. */
  readonly root: WritableTree;
  /** Missing while it is being started, and between two runs of a restart policy. */
  readonly process: RunningContainer | undefined;
  readonly log: ContainerLog;
  /** What it prints, for whoever is attached. */
  readonly output: OutputHub;
  /** Its standard input; missing when it was created without `-i`. */
  readonly input: InputPipe | undefined;
  /** Processes that `docker exec` started and that still run, by the exec's ID. */
  readonly execs: Map<string, RunningProcess>;
  /**
   * Resolves to the exit code of this run of its process: when the restart policy starts it again,
   * at once, else when everything is saved, and removed if it was run with `--rm`.
   */
  readonly exited: Promise<number>;
  /** Resolves to its last state when it has ended for good and everything is saved. */
  readonly ended: Promise<ContainerState>;
  /**
   * From now on it is not started again when it ends, whatever its restart policy; with `keeps` it
   * is not removed then either, whatever `--rm` says.
   */
  halt(options?: { readonly keeps?: boolean }): void;
  /** Changes what is known of it, stored with the next save. */
  change(change: (state: ContainerState) => ContainerState): void;
  /** Stores changes and output, and names them in the record; durable when it resolves. */
  save(): Promise<void>;
}

const engines = new WeakMap<Engine, Map<string, LiveContainer>>();

/** By ID; undefined when this engine does not run it: it is stopped, or another one does. */
export function liveContainer(engine: Engine, id: string): LiveContainer | undefined {
  return engines.get(engine)?.get(id);
}

/** In the order they were started. */
export function liveContainers(engine: Engine): readonly LiveContainer[] {
  return [...(engines.get(engine)?.values() ?? [])];
}

/** For who starts containers. What it returns takes the container out again. */
export function registerLive(engine: Engine, container: LiveContainer): () => void {
  const all = engines.get(engine) ?? new Map<string, LiveContainer>();
  engines.set(engine, all);
  all.set(container.id, container);
  return () => {
    if (all.get(container.id) === container) all.delete(container.id);
  };
}
