import type { Machine } from '../../machine/machine.ts';
import { GUEST_ENV } from '../../shell/environment.ts';
import { WORKSPACE } from '../../shell/paths.ts';
import { terminalLink } from '../wire/terminal.ts';

const SIGHUP = 1;
/** What a shell ends with whose machine stopped: as one that was killed. */
const KILLED = 137;

/** Starts a shell of the guest's at a terminal of the page's. Rejects as `Machine.shell`. */
export async function openTerminal(
  machine: Machine,
  size: { readonly columns: number; readonly rows: number },
  port: MessagePort,
): Promise<void> {
  const link = terminalLink(port);
  const shell = await machine.shell(
    {
      argv: ['/bin/bash'],
      env: [...GUEST_ENV, 'TERM=xterm-256color', 'COLORTERM=truecolor'],
      cwd: WORKSPACE,
      terminal: size,
    },
    { stdin: link.typed, output: (_, bytes) => link.show(bytes) },
  );
  link.onSize((columns, rows) => {
    shell.resize(columns, rows);
  });
  link.onClose(() => {
    shell.kill(SIGHUP);
  });
  shell.exit.then(
    (code) => {
      link.ended(code);
    },
    () => {
      link.ended(KILLED);
    },
  );
}
