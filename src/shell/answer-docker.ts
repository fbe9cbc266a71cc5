import { docker } from '../engine/docker/main.ts';
import { guestSession, type GuestSide } from './session.ts';

/** From now on `docker`, typed in the guest, is the engine's. */
export function answerDocker(side: GuestSide): void {
  side.machine.onCommand(async (command) => {
    const session = guestSession(command, side);
    const code = await docker(command.args, session);
    // The exit code ends the client: what it is to print goes first.
    await session.stderr.drain();
    return code;
  });
}
