import { describe, expect, test } from 'vitest';
import { driveLoop } from './loop.ts';
import type { Core, Cpu } from './members.ts';

/** v86's loop as it is, around a guest that is a list of turns. */
function fakeEmulator() {
  const slept: number[] = [];
  const woken: string[] = [];
  const failures: unknown[] = [];
  const guest = {
    halted: true,
    ran: 0,
    due: 4,
    interrupts: false,
    throws: undefined as Error | undefined,
  };
  const counter = new Uint32Array(1);
  const cpu = {
    main_loop() {
      if (guest.throws !== undefined) throw guest.throws;
      counter[0] = (counter[0] ?? 0) + guest.ran;
      return guest.due;
    },
    get in_hlt() {
      return [guest.halted ? 1 : 0];
    },
    instruction_counter: counter,
  };
  const core: Core = {
    stopping: false,
    idle: true,
    unregister_yield: () => undefined,
    yield: () => undefined,
    next_tick(milliseconds: number) {
      core.idle = true;
      core.yield(milliseconds, 1);
    },
    yield_callback() {
      if (core.stopping) return;
      core.idle = false;
      core.next_tick(cpu.main_loop());
    },
  };
  let task = (): void => undefined;
  const scheduler = {
    after(milliseconds: number, next: () => void) {
      slept.push(milliseconds);
      task = next;
    },
    close: () => undefined,
  };
  const idle = {
    setSlice: () => undefined,
    wake: () => void woken.push('wake'),
    sleep: (due: number, ran: number) => {
      woken.push(`halted after ${ran}`);
      return due * 10;
    },
  };
  // The loop uses no more of it.
  driveLoop(core, cpu as unknown as Cpu, scheduler, idle, {
    turned: () => {
      // As a device does.
      if (guest.interrupts && core.idle) core.next_tick(0);
    },
    failed: (error) => failures.push(error),
  });
  return {
    ...{ core, guest, slept, woken, failures },
    turn: (change: Partial<typeof guest> = {}) => {
      Object.assign(guest, change);
      task();
    },
  };
}

describe('the loop', () => {
  test('runs on while the guest does, and sleeps when it halts', () => {
    const { core, slept, woken, turn } = fakeEmulator();
    core.next_tick(0);
    turn({ halted: false, ran: 100_000, due: 0 });
    turn({ halted: false, ran: 100_000 });
    turn({ halted: true, ran: 500, due: 3 });
    expect(slept).toEqual([0, 0, 0, 30]);
    // What it did since it halted last, in however many turns; the first tick came from outside.
    expect(woken).toEqual(['wake', 'halted after 200500']);
  });

  test('counts instructions past 2^32', () => {
    const { core, woken, turn } = fakeEmulator();
    core.next_tick(0);
    turn({ ran: 0xfffffff0 });
    turn({ ran: 100 });
    expect(woken.slice(1)).toEqual(['halted after 4294967280', 'halted after 100']);
  });

  test('goes on at once when an interrupt comes while it sleeps', () => {
    const { core, slept, woken, turn } = fakeEmulator();
    core.next_tick(0);
    turn();
    core.next_tick(0);
    expect(slept).toEqual([0, 40, 0]);
    expect(woken.at(-1)).toBe('wake');
  });

  test('goes on at once when the turn ended with an interrupt', () => {
    const { core, slept, turn } = fakeEmulator();
    core.next_tick(0);
    turn({ interrupts: true });
    turn({ interrupts: false });
    expect(slept).toEqual([0, 0, 40]);
  });

  test('stops, and tells, when the emulator throws', () => {
    const { core, failures, turn, slept } = fakeEmulator();
    const trap = new Error('unreachable');
    core.next_tick(0);
    turn({ throws: trap });
    expect(failures).toEqual([trap]);
    expect(core.stopping).toBe(true);
    turn();
    expect(slept).toEqual([0, 0]);
  });
});
