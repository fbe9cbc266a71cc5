import { onEvent } from '../../engine/containers/events.ts';
import type { Machine, MachineState } from '../../machine/machine.ts';
import { plainError, WorkbenchFailure } from '../failure.ts';
import { sharedWorkspace } from '../files/shared.ts';
import { type Storage, openStorage } from '../files/storage.ts';
import { keepWorkspace, type Keeper } from '../files/keeper.ts';
import { openWorkspace } from '../files/workspace.ts';
import { troubleHeard } from '../heard-trouble.ts';
import type { KeptResponses } from '../kept-fetch.ts';
import type { Change, LabState, Missing, WorkbenchState, WorkspaceFiles } from '../port.ts';
import type { Locks } from '../store/holds.ts';
import type { IndexedDatabases } from '../store/indexed-db.ts';
import type { WorkbenchUrls } from '../wire/calls.ts';
import { fileDesk } from './file-desk.ts';
import { answerGuest } from './guest-docker.ts';
import { type LabDesk, labDesk } from './lab-desk.ts';
import { requireLab } from './labs.ts';
import { fetchLater, later } from './later.ts';
import { type Channel, openPlace, type PlaceLocks } from './place.ts';
import { keptProgress, type KeptProgress } from './progress.ts';
import { openRoom, type Room } from './room.ts';

/** What of a browser the workbench uses. Undefined: this one has it not. */
export interface Surroundings {
  /** Of the databases, the lock and the channel. */
  readonly name: string;
  readonly fetch: typeof fetch;
  readonly kept: KeptResponses | undefined;
  readonly databases: IndexedDatabases | undefined;
  readonly locks: (Locks & PlaceLocks) | undefined;
  readonly wasm: boolean;
  readonly channel: (name: string) => Channel;
}

export interface BenchOptions extends Surroundings {
  readonly urls: WorkbenchUrls;
  readonly onState: (state: WorkbenchState) => void;
  readonly onChange: (change: Change) => void;
  /** A machine runs; the first thing that is asked of it will be a terminal. */
  readonly onMachine: (machine: Machine) => void;
}

/** All of the workbench but the page: engine, machine, files, labs. */
export interface Bench {
  start(): Promise<void>;
  takeOver(): Promise<void>;
  /** Also where the place is another tab's: it is then opened when this one has it. */
  openLab(slug: string): Promise<LabState>;
  /** With files and labs, once this tab has the place. Rejects with `elsewhere`, `impossible`. */
  desk(): Promise<Desk>;
  /** The machine runs. Rejects with `not-running`. */
  room(): Promise<Room>;
  progress(): Promise<KeptProgress>;
  resetMachine(): Promise<void>;
  resetStore(): Promise<void>;
  close(): Promise<void>;
}

export interface Desk {
  readonly files: WorkspaceFiles;
  readonly labs: LabDesk;
}

/** Several images change together; one look at them is enough. */
const SOON = 100;

/** After these a container publishes ports, or does not any more. */
const ABOUT_PORTS: ReadonlySet<string> = new Set(['start', 'die', 'destroy', 'rename', 'connect']);

export function openBench(options: BenchOptions): Bench {
  const { name, onChange } = options;
  let state: WorkbenchState = { kind: 'off' };
  const enter = (next: WorkbenchState): void => {
    state = next;
    options.onState(next);
  };
  const trouble = (error: unknown): void => {
    onChange({ kind: 'trouble', error: plainError(error) });
  };

  /** Once for all that happens in a moment. */
  function tellSoon(change: Change): void {
    if (soon.has(change.kind)) return;
    const timer = setTimeout(() => {
      soon.delete(change.kind);
      onChange(change);
    }, SOON);
    soon.set(change.kind, timer);
  }

  const workspace = openWorkspace();
  let storage: Promise<Storage> | undefined;
  let desk: Promise<Desk> | undefined;
  let keeper: Keeper | undefined;
  let room: Promise<Room> | undefined;
  let starting: Promise<void> | undefined;
  let began = 0;
  /** The lab that is to be open. */
  let wanted: string | undefined;
  const soon = new Map<Change['kind'], ReturnType<typeof setTimeout>>();

  const place = options.locks && openPlaceOf(options.locks);
  function openPlaceOf(locks: PlaceLocks): ReturnType<typeof openPlace> {
    return openPlace({
      ...{ name: `${name} workbench`, locks, channel: options.channel(`${name} workbench`) },
      onAsked() {
        endHere({ kind: 'elsewhere' })
          .catch(trouble)
          .finally(() => place?.leave())
          .catch(trouble);
      },
      onLost() {
        keeper?.stop();
        endHere({ kind: 'elsewhere' }).catch(trouble);
      },
    });
  }

  function impossible(missing: Missing): WorkbenchFailure {
    enter({ kind: 'impossible', missing });
    return new WorkbenchFailure('impossible', `this browser has no ${missing}`);
  }

  function opened(): Promise<Storage> {
    const { databases } = options;
    if (!databases) return Promise.reject(impossible('storage'));
    storage ??= openStorage(databases, name).catch((error: unknown) => {
      storage = undefined;
      trouble(error);
      throw impossible('storage');
    });
    return storage;
  }

  async function claim(): Promise<void> {
    if (!options.wasm) throw impossible('wasm');
    if (!place) throw impossible('locks');
    if (await place.claim()) {
      if (state.kind === 'elsewhere') enter({ kind: 'off' });
      return;
    }
    enter({ kind: 'elsewhere' });
    throw new WorkbenchFailure('elsewhere', 'the workbench is open in another tab');
  }

  function progressOf(kept: Storage): KeptProgress {
    return keptProgress(kept, () => new Date());
  }

  async function openDesk(): Promise<Desk> {
    const kept = await opened();
    const onFiles = (paths: readonly string[]): void => {
      onChange({ kind: 'files', paths });
    };
    keeper = keepWorkspace(workspace, { storage: kept, onChange: onFiles, onTrouble: trouble });
    const progress = progressOf(kept);
    const now = (): Date => new Date();
    return {
      files: fileDesk(workspace, keeper),
      labs: labDesk({
        ...{ storage: kept, workspace, keeper, progress, now, onFiles },
        onHappened() {
          onChange({ kind: 'happened' });
        },
      }),
    };
  }

  async function deskNow(): Promise<Desk> {
    await claim();
    desk ??= openDesk().catch((error: unknown) => {
      desk = undefined;
      throw error;
    });
    return desk;
  }

  async function furnish(): Promise<Room> {
    const { databases, locks, urls, fetch, kept } = options;
    if (!databases || !locks) throw impossible(databases ? 'locks' : 'storage');
    const made = await openRoom({
      ...{ name, urls, fetch, kept, databases, locks, workspace: workspace.root },
      onImages() {
        tellSoon({ kind: 'images' });
      },
      onTrouble(message) {
        const code = message.startsWith('cannot read ') ? 'file-unreadable' : 'machine-trouble';
        // A server that is away is told of once, whoever has noticed it.
        const error = troubleHeard(message, urls.pantry) ?? { code, message };
        onChange({ kind: 'trouble', error });
      },
    });
    const { engine, machine } = made;
    onEvent(engine, ({ type, action }) => {
      if (type === 'container' && ABOUT_PORTS.has(action)) tellSoon({ kind: 'ports' });
    });
    answerGuest({ engine, machine, folder: sharedWorkspace(workspace) }, (said) => {
      const error = troubleHeard(said, urls.pantry);
      if (error) onChange({ kind: 'trouble', error });
    });
    machine.onLookup((host) => {
      onChange({ kind: 'lookup', name: host });
    });
    machine.onState((next) => {
      follow(next, made);
    });
    return made;
  }

  function follow(next: MachineState, { total }: Room): void {
    if (next.kind === 'starting') {
      const { stage, bytes } = next;
      const known = total !== undefined && { total };
      enter({ kind: 'starting', stage, bytes, ...known, seconds: secondsSince(began) });
    } else if (next.kind === 'running') {
      if (!starting) enter({ kind: 'running', seconds: next.seconds });
    } else if (next.kind === 'crashed' && !starting) {
      const hint = 'What runs in it is lost; images, containers’ files and the workspace are kept.';
      enter({
        kind: 'failed',
        error: { code: 'machine-crashed', message: next.reason, hint },
      });
    }
  }

  async function begin(): Promise<void> {
    began = performance.now();
    enter({ kind: 'starting', stage: 'code', bytes: 0, seconds: 0 });
    try {
      await claim();
      await opened();
      room ??= furnish();
      const made = await room;
      const { machine } = made;
      await machine.start();
      options.onMachine(machine);
      const seconds = secondsSince(began);
      enter({ kind: 'starting', stage: 'files', bytes: 0, seconds });
      if (wanted !== undefined) await (await deskNow()).labs.open(wanted);
      enter({ kind: 'running', seconds: secondsSince(began) });
      fetchLater(wanted);
      // After the prompt, before anybody has typed.
      void deskNow()
        .then(({ labs }) => labs.watch(made))
        .catch(trouble);
    } catch (error) {
      if (state.kind === 'starting') enter({ kind: 'failed', error: plainError(error) });
      // A room that could not be made is made anew by the next start.
      await room?.catch(() => (room = undefined));
      throw error;
    }
  }

  const start = (): Promise<void> => {
    if (state.kind === 'running') return Promise.resolve();
    starting ??= begin().finally(() => (starting = undefined));
    return starting;
  };

  /** Saves and ends what runs here. */
  async function endHere(then: WorkbenchState): Promise<void> {
    await starting?.catch(() => undefined);
    const [ending, open, opening] = [room, keeper, desk];
    room = undefined;
    desk = undefined;
    keeper = undefined;
    try {
      await opening?.then(({ labs }) => labs.close()).catch(trouble);
      // What ends may still write; files are kept even when something could not be ended well.
      await ending?.then((one) => one.close());
    } finally {
      await open?.flush().catch(trouble);
      open?.stop();
      enter(then);
    }
  }

  const roomNow = async (): Promise<Room> => {
    await starting;
    if (state.kind === 'running' && room) return room;
    throw new WorkbenchFailure('not-running', 'the machine does not run');
  };

  return {
    start,
    async takeOver() {
      if (!place) throw impossible('locks');
      if (place.isOurs) return start();
      began = performance.now();
      enter({ kind: 'starting', stage: 'code', bytes: 0, seconds: 0 });
      await place.takeOver();
      await start();
    },
    async openLab(slug) {
      requireLab(slug);
      wanted = slug;
      const { labs } = await deskNow();
      const lab = await labs.open(slug);
      const running = state.kind === 'running' ? await room : undefined;
      if (running) void labs.watch(running).catch(trouble);
      return lab;
    },
    desk: deskNow,
    room: roomNow,
    progress: async () => progressOf(await opened()),
    async resetMachine() {
      const { machine } = await roomNow();
      began = performance.now();
      await machine.restart();
    },
    async resetStore() {
      const { engine } = await roomNow();
      await (await later.emptying()).emptyStore(engine);
    },
    async close() {
      await endHere({ kind: 'off' });
      place?.close();
      (await storage)?.close();
    },
  };
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;
