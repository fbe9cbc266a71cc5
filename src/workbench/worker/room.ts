import { collect } from '../../engine/bytes.ts';
import type { Engine } from '../../engine/engine.ts';
import { isObject } from '../../engine/json.ts';
import { portablePlatform } from '../../engine/portable.ts';
import { httpLayoutSource } from '../../engine/store/http-layout.ts';
import { type Fetch, get } from '../../engine/store/http-request.ts';
import type { Store } from '../../engine/store/port.ts';
import type { FileNode } from '../../machine/files/node.ts';
import { type Machine, type MachineParts, openMachine } from '../../machine/machine.ts';
import { WorkbenchFailure } from '../failure.ts';
import { forgetKept, keptFetch, type KeptResponses } from '../kept-fetch.ts';
import { openBrowserStore } from '../store/browser-store.ts';
import type { Locks } from '../store/holds.ts';
import type { IndexedDatabases } from '../store/indexed-db.ts';
import type { WorkbenchUrls } from '../wire/calls.ts';
import { guestPrograms } from './guest-programs.ts';
import { later } from './later.ts';
import { randomHex } from './random.ts';

/** What of the browser engine and machine use. */
export interface RoomOptions {
  readonly name: string;
  readonly urls: WorkbenchUrls;
  readonly fetch: typeof fetch;
  /** Undefined where a browser has none: then more is fetched again. */
  readonly kept: KeptResponses | undefined;
  readonly databases: IndexedDatabases;
  readonly locks: Locks;
  readonly workspace: FileNode;
  /** Images came, went, or have other names. */
  readonly onImages: () => void;
  readonly onTrouble: (message: string) => void;
}

/** Engine and machine; the machine is not started. */
export interface Room {
  readonly engine: Engine;
  readonly machine: Machine;
  /** Bytes of the snapshot, when they are known. */
  readonly total: number | undefined;
  /** Stops and saves what runs. What could not be saved is told. */
  close(): Promise<void>;
}

/** The part of machine.json that a start needs; the whole of it is the set-up's to check. */
interface MachineRecord {
  /** A file beside it. */
  readonly snapshot: string;
  /** Of the snapshot, in bytes. */
  readonly size: number;
  /** The guest's, in bytes. */
  readonly memory: number;
  /** The image of the guest's own programs. */
  readonly guest: string;
}

/** Rejects with what IndexedDB says where a browser keeps nothing for the site. */
export async function openRoom(options: RoomOptions): Promise<Room> {
  const { name, urls, workspace, onTrouble } = options;
  const platform = portablePlatform({ now: () => Date.now(), randomHex });
  const { databases, locks, kept } = options;
  const store = await openBrowserStore(platform, { name, databases, locks });
  // Of a snapshot the bytes are counted as they come: what is kept comes whole.
  let arrived: (bytes: number) => void = () => undefined;
  const fetching = keptFetch(
    counting(options.fetch, (bytes) => {
      arrived(bytes);
    }),
    kept,
  );
  const forget = (url: string): void => {
    if (!kept) return;
    forgetKept(kept, url).catch((error: unknown) => {
      onTrouble(String(error));
    });
  };
  const images: Engine = {
    ...{ platform, store: tellingImages(store, options.onImages) },
    sources: [httpLayoutSource({ baseUrl: urls.pantry, fetch: fetching, platform, forget })],
    defaultPlatform: { os: 'linux', architecture: '386' },
  };
  let total: number | undefined;
  const load = async (progress: (bytes: number) => void): Promise<MachineParts> => {
    arrived = progress;
    const record = await readRecord(fetching, urls.machine);
    total = record.size;
    const [snapshot, tools] = await Promise.all([
      whole(fetching, urls.machine + record.snapshot),
      guestPrograms(images, record.guest),
    ]);
    return { wasm: urls.wasm, memory: record.memory, snapshot, tools };
  };
  const machine = openMachine({ load, workspace, onTrouble });
  const engine: Engine = { ...images, processHost: machine.host };
  return {
    engine,
    machine,
    get total() {
      return total;
    },
    async close() {
      try {
        const { stopAllContainers } = await later.stopping();
        for (const { message } of await stopAllContainers(engine)) onTrouble(message);
      } finally {
        await machine.close();
      }
    },
  };
}

async function readRecord(fetch: Fetch, folder: string): Promise<MachineRecord> {
  const answer = await get(fetch, `${folder}machine.json`);
  const record = recordOf(answer && jsonOf(await collect(answer.body)));
  if (record) return record;
  throw new WorkbenchFailure('machine-missing', 'this site has no machine that runs processes');
}

function recordOf(document: unknown): MachineRecord | undefined {
  if (!isObject(document)) return undefined;
  const { snapshot, size, memory, guest } = document;
  if (typeof snapshot !== 'string' || !/^[0-9a-f]+\.state\.zst$/.test(snapshot)) return undefined;
  if (typeof size !== 'number' || typeof memory !== 'number') return undefined;
  return typeof guest === 'string' ? { snapshot, size, memory, guest } : undefined;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

async function whole(fetch: Fetch, url: string): Promise<Uint8Array> {
  const answer = await get(fetch, url);
  if (!answer) throw new WorkbenchFailure('machine-missing', `${url} is not there`);
  return collect(answer.body);
}

function counting(fetch: typeof globalThis.fetch, count: (bytes: number) => void) {
  return async (
    url: string,
    init: { headers: Record<string, string>; signal: AbortSignal },
  ): Promise<Response> => {
    const response = await fetch(url, init);
    if (!url.endsWith('.state.zst') || !response.body || !response.ok) return response;
    let bytes = 0;
    const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, control) {
        bytes += chunk.length;
        count(bytes);
        control.enqueue(chunk);
      },
    });
    const { status, headers } = response;
    return new Response(response.body.pipeThrough(counter), { status, headers });
  };
}

function tellingImages(store: Store, tell: () => void): Store {
  const { records } = store;
  return {
    ...store,
    records: {
      get: (space, key) => records.get(space, key),
      keys: (space) => records.keys(space),
      async update(space, key, change) {
        await records.update(space, key, change);
        if (space === 'images') tell();
      },
    },
  };
}
