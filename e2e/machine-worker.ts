import type { Engine } from '../src/engine/engine.ts';
import { portablePlatform } from '../src/engine/portable.ts';
import { httpLayoutSource } from '../src/engine/store/http-layout.ts';
import { memoryStore } from '../src/engine/store/memory.ts';
import type { SpawnSpec } from '../src/machine/channel/port.ts';
import { type Machine, openMachine } from '../src/machine/machine.ts';
import { guestTree } from '../src/pantry/machine/guest-tree.ts';
import type { Ended, MachineAnswers, MachineMessage, Started, Typed } from './machine-messages.ts';
import { memoryFiles } from './memory-files.ts';
import { runCommand } from './run-command.ts';

// Of a worker's scope; the compiler knows Node's only.
declare function postMessage(data: unknown): void;
declare function addEventListener(
  type: 'message',
  listener: (event: {
    readonly data: { readonly id: number; readonly message: MachineMessage };
  }) => void,
): void;
declare const crossOriginIsolated: boolean;

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
  if (!machine || !engine) throw new Error('no machine was started');
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
  const images: Engine = {
    ...{ platform, store: memoryStore(platform) },
    sources: [httpLayoutSource({ baseUrl: urls.pantry, fetch, platform })],
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
        fetch(urls.machine + record.snapshot).then((response) => response.arrayBuffer()),
        guestTree(images, record.guest),
      ]);
      const { memory } = record;
      return { wasm: urls.wasm, memory, snapshot: new Uint8Array(snapshot), tools };
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

/** How long nothing may be shown before a test has waited in vain, in ms. */
const PATIENCE = 20_000;

/** Runs a program of the guest to its end; with a terminal when something is typed. */
async function run(program: {
  readonly argv: readonly string[];
  readonly typed?: readonly Typed[];
}): Promise<Ended> {
  if (!machine) throw new Error('no machine was started');
  const { argv, typed } = program;
  const began = performance.now();
  const decoder = new TextDecoder();
  let output = '';
  let shown: () => void = () => undefined;
  const stuck = Promise.withResolvers<never>();
  const type = async function* (texts: readonly Typed[]): AsyncGenerator<Uint8Array> {
    let from = 0;
    for (const { after, text } of texts) {
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
  };
  const spec: SpawnSpec = {
    ...{ argv, cwd: '/', env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm', 'PS1=# '] },
    ...(typed && { terminal: { columns: 80, rows: 24 } }),
  };
  const process = await machine.shell(spec, {
    ...(typed && { stdin: type(typed) }),
    output: (_, bytes) => {
      output += decoder.decode(bytes, { stream: true });
      shown();
    },
  });
  const code = await Promise.race([process.exit, stuck.promise]);
  return { code, output, milliseconds: performance.now() - began };
}

function randomHex(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, digits);
}
