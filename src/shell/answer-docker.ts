import { docker } from '../engine/docker/main.ts';
import type { GuestCommand } from '../machine/channel/port.ts';
import { guestSession, type GuestSide } from './session.ts';

/** From now on `docker`, typed in the guest, is the engine's. */
export function answerDocker(side: GuestSide): void {
  side.machine.onCommand((command) => answerCommand(command, side));
}

/** Answers one command; resolves to its exit code. */
export async function answerCommand(command: GuestCommand, side: GuestSide): Promise<number> {
  const session = guestSession(command, side);
  const code = await docker(command.args, session);
  // The exit code ends the client: what it is to print goes first.
  await session.stderr.drain();
  return code;
}
