import type { Engine } from '../engine.ts';
import { collectGarbage, keepingBlobs } from '../images/garbage.ts';
import { writeLayer } from '../layer/write.ts';
import type { WritableTree } from '../process/host.ts';
import type { ContainerLog } from './logs.ts';
import type { ContainerRecord, ContainerState } from './record.ts';
import { updateContainer } from './registry.ts';

/** Every save leaves the one before as garbage; after so many it is collected. */
const SAVES_PER_COLLECTION = 16;
const SAVE_MS = 3000;
/** A container that is over so soon need not be seen by others. */
const SHOW_MS = 200;

/** Keeps what a running container makes: its changes, its output, its state. */
export interface Saver {
  /** The state is to be stored though nothing else has changed: soon, for others to see. */
  touch(): void;
  /** All there is now; durable when it resolves. One at a time, in order. */
  save(): Promise<void>;
  /** Saves every few seconds what has changed, until what it returns is called. */
  begin(): () => void;
}

/** While it does not `keep` (`--rm`), only the state is stored: nothing else outlives the container. */
export function saver(
  engine: Engine,
  record: ContainerRecord,
  container: {
    readonly root: WritableTree;
    readonly log: ContainerLog;
    readonly state: ContainerState;
  },
  keeps: () => boolean,
): Saver {
  const { root, log } = container;
  let savedVersion = root.version();
  let isTouched = false;
  let saves = 0;
  let last: Promise<void> = Promise.resolve();

  const store = async (): Promise<void> => {
    isTouched = false;
    const before = root.version();
    const isKept = keeps();
    const entries = isKept ? await root.changes() : [];
    // What processes wrote may only have arrived with this.
    const changed = isKept && root.version() !== savedVersion;
    await keepingBlobs(engine, async () => {
      const layer = changed ? await writeLayer(engine, entries) : undefined;
      const logs = isKept ? await log.store() : [];
      await updateContainer(engine, record.id, (old) => ({
        ...old,
        ...(layer && { changes: layer.diffId }),
        // What was there at the start is read from its layer: that is no garbage before the end.
        opened: isOver(container.state) ? undefined : record.changes,
        logs,
        state: container.state,
      }));
    });
    savedVersion = before;
    saves += 1;
    if (saves % SAVES_PER_COLLECTION === 0) await collectGarbage(engine);
  };
  const save = (): Promise<void> => {
    last = last.catch(() => undefined).then(store);
    return last;
  };
  let showing: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    showing = undefined;
    if (!isTouched) return;
    isTouched = false;
    const store = async (): Promise<void> => {
      await updateContainer(engine, record.id, (old) => ({ ...old, state: container.state }));
    };
    // One that fails is made good by the next save.
    last = last.then(store).catch(() => undefined);
  };
  const isDue = (): boolean =>
    isTouched || (keeps() && (root.version() !== savedVersion || log.dirty));
  return {
    touch() {
      isTouched = true;
      showing ??= setTimeout(show, SHOW_MS);
    },
    save,
    begin() {
      const timer = setInterval(() => {
        // One that fails is tried again with the next; the last one is reported.
        if (isDue()) save().catch(() => undefined);
      }, SAVE_MS);
      return () => {
        clearInterval(timer);
        clearTimeout(showing);
      };
    },
  };
}

function isOver({ status }: ContainerState): boolean {
  return status === 'exited' || status === 'dead';
}
