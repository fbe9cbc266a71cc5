import { V86 } from 'v86';

import { V86_VERSION } from './options.ts';

/**
 * What this project uses of v86 beyond its documented interface. Nothing else in the project touches
 * undocumented members; `members.test.ts` fails when a new v86 moves one.
 */
export interface Members {
  readonly core: Core;
  readonly cpu: Cpu;
  /** Carries bytes to and from devices by event name. */
  readonly bus: Bus;
  readonly network: Network;
}

/** v86's loop: `next_tick` asks `yield` to call `yield_callback` after some ms. */
export interface Core {
  stopping: boolean;
  /** Not inside `main_loop`: an interrupt then asks for a tick. */
  idle: boolean;
  next_tick(milliseconds: number): void;
  yield(milliseconds: number, tick: number): void;
  yield_callback(tick: number): void;
  /** Ends the worker that v86 keeps timers in. */
  unregister_yield(): void;
}

export interface Cpu {
  /** Runs the guest for about 1 ms, or until it halts; how many ms it may then sleep. */
  main_loop(): number;
  /** Called when the guest asks the chipset for a reset. */
  reboot_internal(): void;
  readonly in_hlt: ArrayLike<number>;
  /** Instructions so far, modulo 2^32. */
  readonly instruction_counter: ArrayLike<number>;
  readonly memory_size: ArrayLike<number>;
  readonly mem8: ArrayLike<number>;
  readonly devices: Devices;
}

interface Devices {
  readonly virtio_console: VirtioConsole;
  /** Requests that have no answer yet. */
  readonly virtio_9p: { readonly tag_bufchain: { readonly size: number } };
  readonly uart0: Uart;
  readonly uart1: Uart;
  readonly uart2: Uart;
  readonly uart3: Uart;
}

export interface VirtioConsole {
  readonly virtio: { readonly queues: readonly Queue[] };
  /** Tells the guest's driver something about a port, by the numbers of virtio. */
  SendEvent(port: number, event: number, value: number): void;
}

export interface Queue {
  /** Only when configured. */
  has_request(): boolean;
  is_configured(): unknown;
}

export interface Uart {
  /** Bytes the guest has not read. */
  readonly input: ArrayLike<number>;
  /** Bit 1: request to send. */
  readonly modem_control: number;
}

export interface Bus {
  register(event: string, listener: (value: never) => void): void;
  send(event: string, value?: unknown): void;
}

interface Network {
  fetch: (url: string, options?: unknown) => Promise<Response>;
}

type Kind = 'function' | 'object' | 'number' | 'boolean';

const USED: readonly (readonly [path: string, kind: Kind])[] = [
  ['bus.register', 'function'],
  ['bus.send', 'function'],
  ['network_adapter.fetch', 'function'],
  ['v86.stopping', 'boolean'],
  ['v86.idle', 'boolean'],
  ['v86.next_tick', 'function'],
  ['v86.yield', 'function'],
  ['v86.yield_callback', 'function'],
  ['v86.unregister_yield', 'function'],
  ['v86.cpu.main_loop', 'function'],
  ['v86.cpu.reboot_internal', 'function'],
  ['v86.cpu.in_hlt.length', 'number'],
  ['v86.cpu.instruction_counter.length', 'number'],
  ['v86.cpu.memory_size.length', 'number'],
  ['v86.cpu.mem8.length', 'number'],
  ...[0, 2, 4, 5, 6, 7, 8, 9].flatMap((queue) => [
    [`v86.cpu.devices.virtio_console.virtio.queues.${queue}.has_request`, 'function'] as const,
    [`v86.cpu.devices.virtio_console.virtio.queues.${queue}.is_configured`, 'function'] as const,
  ]),
  ['v86.cpu.devices.virtio_console.SendEvent', 'function'],
  ['v86.cpu.devices.virtio_9p.tag_bufchain.size', 'number'],
  ...[0, 1, 2, 3].flatMap((uart) => [
    [`v86.cpu.devices.uart${uart}.input.length`, 'number'] as const,
    [`v86.cpu.devices.uart${uart}.modem_control`, 'number'] as const,
  ]),
];

/**
 * The undocumented members of an emulator that has loaded. Throws one Error that names the first
 * member that is not where this version of v86 has it.
 */
export function membersOf(emulator: object): Members {
  for (const [path, kind] of USED) {
    let value: unknown = emulator;
    for (const name of path.split('.')) value = memberOf(value, name);
    if (typeof value !== kind) throw moved(path, value, kind);
  }
  // Every member named in the types was just looked at.
  const known = emulator as { bus: Bus; network_adapter: Network; v86: Core & { cpu: Cpu } };
  return { core: known.v86, cpu: known.v86.cpu, bus: known.bus, network: known.network_adapter };
}

/**
 * Instantiates v86's WebAssembly so that `listener` hears what it says of itself, which is why it
 * fails right after; v86 would write that to the console. Throws as `membersOf`.
 */
export async function withMessages(
  imports: object,
  instantiate: (imports: object) => Promise<object>,
  listener: (message: string) => void,
): Promise<object> {
  const env = memberOf(imports, 'env');
  const said = memberOf(env, SAID);
  if (typeof env !== 'object' || typeof said !== 'function') {
    throw moved(`env.${SAID}`, said, 'function');
  }
  const instance: { exports?: object } = {};
  const message = (offset: number, length: number): void => {
    const buffer = memberOf(memberOf(instance.exports, 'memory'), 'buffer');
    if (!(buffer instanceof ArrayBuffer)) return;
    listener(new TextDecoder().decode(new Uint8Array(buffer, offset >>> 0, length >>> 0)));
  };
  instance.exports = await instantiate({ ...imports, env: { ...env, [SAID]: message } });
  return instance.exports;
}

const SAID = 'console_log_from_wasm';

/**
 * How many pages of the guest's memory v86 puts into one function at most when it compiles; its own
 * default is 3. Its functions are one loop around one switch: V8 finds a large one worth optimizing
 * after a few thousand turns, and its optimizer takes seconds for each. `exports` are those of v86's
 * WebAssembly. Throws as `membersOf`.
 */
export function setPagesPerFunction(exports: object, pages: number): void {
  const set = memberOf(exports, 'set_jit_config');
  if (typeof set !== 'function') throw moved('set_jit_config', set, 'function');
  Reflect.apply(set, undefined, [PAGES_PER_FUNCTION, pages]);
}

/** The number of that setting among v86's. */
const PAGES_PER_FUNCTION = 1;

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function moved(path: string, value: unknown, kind: string): Error {
  return new Error(
    `v86 is not the one this was written for (${V86_VERSION}): its member ${path} is ` +
      `${typeof value}, not ${kind}`,
  );
}

// v86 leaves its class behind as a global where there is a window or a worker.
if (Reflect.get(globalThis, 'V86') === V86) Reflect.deleteProperty(globalThis, 'V86');

export { V86 };
