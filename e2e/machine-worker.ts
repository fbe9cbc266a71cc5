import { collect } from '../src/engine/bytes.ts';
import type { Engine } from '../src/engine/engine.ts';
import { type Fetch, get } from '../src/engine/store/http-request.ts';
import { docker } from '../src/engine/docker/main.ts';
import type { Sink } from '../src/engine/docker/session.ts';
import { emptyTree } from '../src/engine/layer/file-tree.ts';
import { portablePlatform } from '../src/engine/portable.ts';
import { httpLayoutSource } from '../src/engine/store/http-layout.ts';
import type { SpawnSpec } from '../src/machine/channel/port.ts';
import { type Machine, openMachine } from '../src/machine/machine.ts';
import { guestTree } from '../src/pantry/machine/guest-tree.ts';
import { keptFetch, type KeptResponses } from '../src/workbench/kept-fetch.ts';
import { openBrowserStore } from '../src/workbench/store/browser-store.ts';
import type { IndexedDatabases } from '../src/workbench/store/indexed-db.ts';
import type { Ended, MachineAnswers, MachineMessage, Started, Typed } from './machine-messages.ts';
import { memoryFiles } from './memory-files.ts';
import { runCommand } from './run-command.ts';
import { fromWire } from './wire-entry.ts';

// Of a worker's scope; the compiler knows Node's only.
declare function postMessage(data: unknown): void;
declare function addEventListener(
  type: 'message',
  listener: (event: {
    readonly data: { readonly id: number; readonly message: MachineMessage };
  }) => void,
): void;
declare const crossOriginIsolated: boolean;
declare const indexedDB: IndexedDatabases;
declare const caches: { open(name: string): Promise<KeptResponses> };

const before = new Set(Object.getOwnPropertyNames(globalThis));
const files = memoryFiles();
let machine: Machine | undefined;
let engine: Engine | undefined;

addEventListener('message', ({ data: { id, message } }) => {
  answer(message).then(
    (value) => {
      postMessage({ id, value });
    },
    (error: unknown) => {
      postMessage({ id, error: error instanceof Error ? error.stack : String(error) });
    },
  );
});

async function answer(message: MachineMessage): Promise<MachineAnswers[MachineMessage['kind']]> {
  if (message.kind === 'start') return start(message);
  if (message.kind === 'folder') {
    files.putFolder(message.path, emptyTree.apply(message.entries.map(fromWire)));
    return undefined;
  }
  if (!machine || !engine) throw new Error('no machine was started');
  if (message.kind === 'docker-typed') return dockerTyped(engine, message);
  if (message.kind === 'sh') return run({ argv: ['/bin/sh', '-c', message.script] });
  if (message.kind === 'type') return run({ argv: message.argv, typed: message.typed });
  if (message.kind === 'docker') {
    return runCommand(engine, files, message.args, message.stdin ?? '');
  }
  await machine.close();
  return undefined;
}

async function start(urls: Extract<MachineMessage, { kind: 'start' }>): Promise<Started> {
  const began = performance.now();
  const platform = portablePlatform({ now: () => Date.now(), randomHex });
  const keeping = keptFetch(fetch, await caches.open('semdistro'));
  const { locks } = navigator;
  const images: Engine = {
    platform,
    store: await openBrowserStore(platform, { name: urls.store, databases: indexedDB, locks }),
    sources: [httpLayoutSource({ baseUrl: urls.pantry, fetch: keeping, platform })],
    defaultPlatform: { os: 'linux', architecture: '386' },
  };
  machine = openMachine({
    load: async () => {
      // The record's own schema belongs to the set-up.
      const record = (await (await fetch(`${urls.machine}machine.json`)).json()) as {
        readonly snapshot: string;
        readonly memory: number;
        readonly guest: string;
      };
      const [snapshot, tools] = await Promise.all([
        whole(keeping, urls.machine + record.snapshot),
        guestTree(images, record.guest),
      ]);
      const { memory } = record;
      return { wasm: urls.wasm, memory, snapshot, tools };
    },
    onTrouble: (line) => {
      console.error(line);
    },
  });
  engine = { ...images, processHost: machine.host };
  await machine.start();
  const running = performance.now() - began;
  await run({ argv: ['/bin/sh', '-c', 'true'] });
  const globals = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));
  return { running, answered: performance.now() - began, isolated: crossOriginIsolated, globals };
}

async function whole(fetch: Fetch, url: string): Promise<Uint8Array> {
  const answer = await get(fetch, url);
  if (!answer) throw new Error(`${url} is not there`);
  return collect(answer.body);
}

/** How long nothing may be shown before a test has waited in vain, in ms. */
const PATIENCE = 60_000;

/** Runs a program of the guest to its end; with a terminal when something is typed. */
async function run(program: {
  readonly argv: readonly string[];
  readonly typed?: readonly Typed[];
}): Promise<Ended> {
  if (!machine) throw new Error('no machine was started');
  const { argv, typed } = program;
  const began = performance.now();
  const screen = readerOf(typed ?? []);
  const spec: SpawnSpec = {
    ...{ argv, cwd: '/', env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm', 'PS1=# '] },
    ...(typed && { terminal: SIZE }),
  };
  const process = await machine.shell(spec, {
    ...(typed && { stdin: screen.keys() }),
    output: (_, bytes) => {
      screen.show(bytes);
    },
  });
  const code = await Promise.race([process.exit, screen.stuck]);
  return { code, output: screen.output(), milliseconds: performance.now() - began };
}

/** `docker ARGS…` as typed at a terminal. */
async function dockerTyped(
  running: Engine,
  { args, typed }: { readonly args: readonly string[]; readonly typed: readonly Typed[] },
): Promise<Ended> {
  const began = performance.now();
  const screen = readerOf(typed);
  const sink: Sink = {
    columns: SIZE.columns,
    drain: () => Promise.resolve(),
    write: (data) => {
      screen.show(typeof data === 'string' ? new TextEncoder().encode(data) : data);
    },
  };
  const ended = docker(args, {
    ...{ engine: running, files, stdin: screen.keys(), stdinIsTerminal: true },
    ...{ stdout: sink, stderr: sink, env: {}, signal: new AbortController().signal },
    terminal: { size: () => SIZE, onResize: () => () => undefined, setRaw: () => undefined },
  });
  const code = await Promise.race([ended, screen.stuck]);
  return { code, output: screen.output(), milliseconds: performance.now() - began };
}

const SIZE = { columns: 80, rows: 24 };

/** Somebody at a terminal, who types on when what they wait for is shown. */
function readerOf(typed: readonly Typed[]): {
  show(bytes: Uint8Array): void;
  keys(): AsyncGenerator<Uint8Array>;
  output(): string;
  /** Rejects when what is waited for does not come. */
  readonly stuck: Promise<never>;
} {
  const decoder = new TextDecoder();
  const stuck = Promise.withResolvers<never>();
  let output = '';
  let shown: () => void = () => undefined;
  return {
    stuck: stuck.promise,
    output: () => output,
    show(bytes) {
      output += decoder.decode(bytes, { stream: true });
      shown();
    },
    async *keys() {
      let from = 0;
      for (const { after, text } of typed) {
        let at = output.indexOf(after, from);
        while (at < 0) {
          const timer = setTimeout(() => {
            stuck.reject(new Error(`nothing more is shown, but not ${after}: ${output}`));
          }, PATIENCE);
          await new Promise<void>((resolve) => (shown = resolve));
          clearTimeout(timer);
          at = output.indexOf(after, from);
        }
        from = at + after.length;
        yield new TextEncoder().encode(text);
      }
    },
  };
}

function randomHex(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, digits);
}
