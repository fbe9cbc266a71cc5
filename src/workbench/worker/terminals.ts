import type { Machine } from '../../machine/machine.ts';
import { GUEST_ENV } from '../../shell/environment.ts';
import { WORKSPACE } from '../../shell/paths.ts';
import { terminalLink, type TerminalLink } from '../wire/terminal.ts';

const SIGHUP = 1;
/** What a shell ends with whose machine stopped: as one that was killed. */
const KILLED = 137;

/** Of a shell that nobody looks at yet. */
const SIZE = { columns: 80, rows: 24 };

/** The shells of the machine at the terminals of the page. */
export interface Terminals {
  /**
   * Starts the shell that the next terminal gets. A shell takes longest to start the first time; the
   * page draws itself meanwhile.
   */
  expect(machine: Machine): void;
  /** Gives a terminal a shell. Rejects as `Machine.shell`. */
  open(machine: Machine, size: Size, port: MessagePort): Promise<void>;
}

type Size = typeof SIZE;

/** A shell whose terminal may come later: what it prints waits until then. */
interface Waiting {
  readonly machine: Machine;
  readonly attach: (size: Size, link: TerminalLink) => Promise<void>;
}

export function terminals(): Terminals {
  let waiting: Waiting | undefined;

  function begin(machine: Machine, size: Size): Waiting {
    const { promise: link, resolve: attached } = Promise.withResolvers<TerminalLink>();
    const shell = machine.shell(
      {
        argv: ['/bin/bash'],
        env: [...GUEST_ENV, 'TERM=xterm-256color', 'COLORTERM=truecolor'],
        cwd: WORKSPACE,
        terminal: size,
      },
      {
        stdin: typedAt(link),
        async output(_, bytes) {
          // Its own, as what it is a part of is used again while nobody is there to take it.
          const own = bytes.slice();
          await (await link).show(own);
        },
      },
    );
    const begun: Waiting = {
      machine,
      async attach(now, to) {
        const process = await shell;
        to.onSize((columns, rows) => {
          process.resize(columns, rows);
        });
        to.onClose(() => {
          process.kill(SIGHUP);
        });
        process.resize(now.columns, now.rows);
        attached(to);
        process.exit.then(
          (code) => {
            to.ended(code);
          },
          () => {
            to.ended(KILLED);
          },
        );
      },
    };
    // One that ended before anybody came is not given to the next.
    const forget = (): void => {
      if (waiting === begun) waiting = undefined;
    };
    shell.then(({ exit }) => exit).then(forget, forget);
    return begun;
  }

  return {
    expect(machine) {
      waiting = begin(machine, SIZE);
    },
    async open(machine, size, port) {
      const given = waiting?.machine === machine ? waiting : begin(machine, size);
      waiting = undefined;
      await given.attach(size, terminalLink(port));
    },
  };
}

async function* typedAt(link: Promise<TerminalLink>): AsyncGenerator<Uint8Array> {
  yield* (await link).typed;
}
