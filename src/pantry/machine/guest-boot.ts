import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { EngineError } from '../../engine/errors.ts';
import type { Emulator } from '../../machine/emulator/port.ts';
import { startEmulator } from '../../machine/emulator/start.ts';

export interface ColdBoot {
  readonly kernel: Uint8Array;
  readonly initrd: Uint8Array;
  readonly bios: Uint8Array;
  readonly vgaBios: Uint8Array;
  readonly commandLine: string;
  /** Bytes of guest memory. */
  readonly memory: number;
  readonly signal?: AbortSignal | undefined;
}

export interface BootedGuest {
  readonly emulator: Emulator;
  /** Everything on the console so far. */
  log(): string;
  /**
   * Resolves with the match once the console shows it. Rejects with `machine-boot-failed` when the
   * guest ends first, shows `failure`, or says nothing for too long; with the signal's reason when aborted.
   */
  shows(pattern: RegExp, failure?: RegExp): Promise<RegExpExecArray>;
}

/** How long a guest may say nothing on its console, in ms; a slow computer needs some 30 s to boot. */
const PATIENCE = 240_000;

/** Starts a guest without a snapshot. It is the caller's to destroy. */
export async function coldBoot(boot: ColdBoot): Promise<BootedGuest> {
  const { kernel, initrd, bios, vgaBios, commandLine, memory, signal } = boot;
  signal?.throwIfAborted();
  const emulator = await startEmulator({
    wasm: await readFile(createRequire(import.meta.url).resolve('v86/build/v86.wasm')),
    memory,
    // Nothing is mounted before a snapshot is taken.
    ninep: () => undefined,
    start: { kind: 'boot', kernel, initrd, bios, vgaBios, commandLine },
  });
  let log = '';
  let changed: (() => void) | undefined;
  const decoder = new TextDecoder();
  emulator.serials[0]?.onData((bytes) => {
    log += decoder.decode(bytes, { stream: true });
    changed?.();
  });
  return {
    emulator,
    log: () => log,
    async shows(pattern, failure) {
      let ended: string | undefined;
      void emulator.crashed.then(({ reason }) => {
        ended = reason;
        changed?.();
      });
      for (;;) {
        const match = pattern.exec(log);
        if (match) return match;
        if (failure?.test(log) === true) ended ??= failure.exec(log)?.[0];
        if (ended !== undefined) throw failed(ended);
        const next = await new Promise<'changed' | 'silent' | 'aborted'>((resolve) => {
          const timer = setTimeout(() => {
            resolve('silent');
          }, PATIENCE);
          const aborted = (): void => {
            resolve('aborted');
          };
          signal?.addEventListener('abort', aborted);
          changed = () => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', aborted);
            resolve('changed');
          };
          if (signal?.aborted === true) resolve('aborted');
        });
        signal?.throwIfAborted();
        if (next === 'silent') throw failed(`nothing happened for ${PATIENCE / 1000} s`);
      }
    },
  };
}

function failed(reason: string): EngineError {
  return new EngineError('machine-boot-failed', `the machine did not start: ${reason}`);
}
