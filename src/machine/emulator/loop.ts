import type { Idle } from './idle.ts';
import type { Core, Cpu } from './members.ts';
import type { Scheduler } from './scheduler.ts';

export interface LoopHooks {
  /** After every turn of the guest; true when it was given something to do. */
  turned(): boolean;
  /** The emulator threw; it does not run any more. */
  failed(error: unknown): void;
}

/**
 * Takes v86's loop over: where it would spin or wake for nothing it sleeps, and what it throws is
 * caught. To be called before the emulator runs.
 */
export function driveLoop(
  { core, cpu }: { readonly core: Core; readonly cpu: Cpu },
  scheduler: Scheduler,
  idle: Idle,
  hooks: LoopHooks,
): void {
  const run = cpu.main_loop.bind(cpu);
  // How long to sleep after the turn that has just ended; undefined: an interrupt woke the guest.
  let sleep: number | undefined;
  let counted = counter(cpu);

  cpu.main_loop = () => {
    try {
      const due = run();
      const now = counter(cpu);
      const ran = (now - counted) >>> 0;
      counted = now;
      const halted = cpu.in_hlt[0] === 1;
      sleep = hooks.turned() || !halted ? 0 : idle.sleep(due, ran);
    } catch (error) {
      core.stopping = true;
      sleep = 0;
      hooks.failed(error);
    }
    return sleep;
  };
  core.yield = (_milliseconds, tick) => {
    scheduler.after(sleep ?? 0, () => {
      core.yield_callback(tick);
    });
    sleep = undefined;
  };
}

function counter(cpu: Cpu): number {
  return cpu.instruction_counter[0] ?? 0;
}
