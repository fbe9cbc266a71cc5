import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { rom, type RomProgram } from '../../testing/rom.ts';
import type { Emulator, EmulatorOptions } from './port.ts';
import { startEmulator } from './start.ts';

const MEMORY = 64 * 1024 * 1024;
const wasmFile = createRequire(import.meta.url).resolve('v86/build/v86.wasm');
const wasm = readFileSync(wasmFile);

let started: Emulator[] = [];

afterEach(async () => {
  await Promise.all(started.map((emulator) => emulator.destroy()));
  started = [];
});

async function start(
  what: RomProgram | { readonly snapshot: Uint8Array },
  options: Partial<EmulatorOptions> = {},
): Promise<Emulator> {
  const none = new Uint8Array(0);
  const emulator = await startEmulator({
    wasm,
    memory: MEMORY,
    ninep: () => undefined,
    start:
      typeof what !== 'string'
        ? { kind: 'restore', ...what }
        : {
            ...{ kind: 'boot', bios: rom(what), commandLine: '' },
            // Too short to be a kernel: the PC has only its ROM.
            ...{ vgaBios: none, kernel: new Uint8Array(4096), initrd: none },
          },
    ...options,
  });
  started.push(emulator);
  return emulator;
}

/** Sends bytes to a guest that echoes them; resolves with what came back once that is as long. */
async function echoed(emulator: Emulator, bytes: Uint8Array): Promise<Uint8Array> {
  const [serial] = emulator.serials;
  if (!serial) throw new Error('there is no ttyS0');
  const got: number[] = [];
  const whole = new Promise<void>((resolve) => {
    serial.onData((piece) => {
      got.push(...piece);
      if (got.length >= bytes.length) resolve();
    });
  });
  serial.send(bytes);
  await whole;
  return Uint8Array.from(got);
}

const some = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

describe('an emulator', () => {
  test('has four consoles and four serial lines', async () => {
    const { consoles, serials } = await start('sleeps');
    expect([consoles.length, serials.length]).toEqual([4, 4]);
  });

  test('carries 20,000 bytes at once to a serial line and back', async () => {
    const emulator = await start('echoes');
    const bytes = some(20_000);
    const answer = echoed(emulator, bytes);
    expect(emulator.serials[0]?.pending).toBe(20_000);
    expect(await answer).toEqual(bytes);
    expect(emulator.serials[0]?.pending).toBe(0);
  });

  test('starts, ends and starts again in one process, and lets go of its memory', async () => {
    const kept: Emulator[] = [];
    for (let i = 0; i < 3; i++) {
      const emulator = await start('echoes');
      expect(await echoed(emulator, some(5))).toEqual(some(5));
      await emulator.destroy();
      await emulator.destroy();
      kept.push(emulator);
    }
    const [first] = kept;
    first?.wake();
    first?.serials[0]?.send(some(5));
    first?.consoles[0]?.send(some(5));
    expect([first?.serials[0]?.pending, first?.consoles[0]?.pending]).toEqual([0, 0]);
    await expect(first?.save()).rejects.toThrow('the emulator was destroyed');
  });

  test('keeps no process alive once it is destroyed', async () => {
    const program = `
      import { readFileSync } from 'node:fs';
      const { startEmulator } = await import(${JSON.stringify(new URL('start.ts', import.meta.url))});
      const { rom } = await import(${JSON.stringify(new URL('../../testing/rom.ts', import.meta.url))});
      const none = new Uint8Array(0);
      const emulator = await startEmulator({
        wasm: readFileSync(${JSON.stringify(wasmFile)}),
        memory: ${MEMORY},
        ninep: () => undefined,
        start: { kind: 'boot', bios: rom('sleeps'), vgaBios: none, kernel: new Uint8Array(4096), initrd: none, commandLine: '' },
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await emulator.destroy();
      process.on('exit', () => console.log('left by itself'));
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { timeout: 15_000 },
    );
    expect(stdout).toBe('left by itself\n');
  });
});

describe('what ends an emulator is told, once, in one line', () => {
  test.each([
    ['halts', /^the guest halted for good$/],
    ['restarts', /^the guest restarted itself$/],
    ['fails', /^the emulator threw: unreachable: panicked at .*: Unimplemented: #GP handler$/],
  ] as const)('a guest that %s', async (program, reason) => {
    const emulator = await start(program);
    const crash = await emulator.crashed;
    expect(crash.reason).toMatch(reason);
    expect(crash.log).toBe('');
  });

  test('a listener that throws', async () => {
    const emulator = await start('writes');
    emulator.serials[0]?.onData(() => {
      throw new Error('no room\nat all');
    });
    expect(await emulator.crashed).toMatchObject({ reason: 'the emulator threw: no room' });
  });

  test('not what is destroyed, nor a guest that sleeps', async () => {
    const sleeping = await start('sleeps');
    const halting = await start('halts');
    await halting.destroy();
    const crashes = Promise.race([sleeping.crashed, halting.crashed]).then(() => 'crashed');
    const later = start('halts').then(({ crashed }) => crashed.then(() => 'another did'));
    expect(await Promise.race([crashes, later])).toBe('another did');
  });
});

describe('what cannot start is refused', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  test.each([
    ['no WebAssembly', { wasm: bytes('nothing of the kind') }, /WebAssembly/],
    ['a file that does not arrive', { wasm: 'http://127.0.0.1:9/v86.wasm' }, /fetch failed/],
  ])('%s', async (_, options, message) => {
    await expect(start('sleeps', options)).rejects.toThrow(message);
  });

  test('no snapshot', async () => {
    const snapshot = bytes('x'.repeat(1000));
    await expect(start({ snapshot })).rejects.toThrow('Invalid header');
  });
});
