import { utf8 } from '../../engine/bytes.ts';
import type { GuestCommand } from '../../machine/channel/port.ts';
import type { GuestSide } from '../../shell/session.ts';
import { plainError } from '../failure.ts';
import { later } from './later.ts';

/**
 * From now on `docker`, typed in the guest, is the engine's. Its code may come with the first
 * command. `hear` gets what commands print on stderr.
 */
export function answerGuest(side: GuestSide, hear: (said: string) => void): void {
  side.machine.onCommand(async (command) => {
    const heard: GuestCommand = {
      ...command,
      write(stream, bytes) {
        if (stream === 2) hear(new TextDecoder().decode(bytes));
        return command.write(stream, bytes);
      },
    };
    let code: Awaited<ReturnType<typeof later.docker>>;
    try {
      code = await later.docker();
    } catch (error) {
      const { message, hint = '' } = plainError(error);
      await command.write(2, utf8(`docker: ${message}\n${hint}\n`));
      return 1;
    }
    return code.answerCommand(heard, side);
  });
}
