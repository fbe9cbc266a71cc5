import type { RunningProcess } from '../process/host.ts';
import type { InputPipe } from '../containers/input-pipe.ts';
import type { OutputListener } from '../containers/output-hub.ts';
import { usageError } from './usage-error.ts';
import { detachScanner } from './detach-keys.ts';
import type { Session, Sink } from './session.ts';

/** Which streams of a process a command takes part in, and how. */
export interface StreamOptions {
  /** The process has a terminal. */
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly detachKeys: readonly number[];
  /** The end of the command's input is the end of the process's. */
  readonly endsInput: boolean;
  /** Signals sent to the command are the process's. */
  readonly signals: boolean;
}

/** A command's streams, tied to a process's. */
export interface Streams {
  readonly listener: OutputListener;
  /** Resolves when the detach keys were typed, and when the command was interrupted. */
  readonly left: Promise<'detached' | 'interrupted'>;
  /** To be called when the process is there: sizes and signals are passed on from now. */
  follow(process: () => RunningProcess | undefined): void;
  /** The terminal is as it was before, nothing is passed on any more. */
  stop(): void;
}

const SIGINT = 2;
/** Nobody sent these on purpose: SIGPIPE, SIGCHLD, SIGURG, SIGWINCH. */
const NOT_PASSED = [13, 17, 23, 28];

/** Docker's client refuses a terminal for the process where the command has none to type at. */
export function checkTerminal(
  session: Session,
  { tty, stdin }: { readonly tty: boolean; readonly stdin: boolean },
): void {
  if (tty && stdin && session.stdinIsTerminal !== true) {
    throw usageError('the input device is not a TTY', 1);
  }
}

/** Begins to read the command's input at once; what is typed before the process is there is kept. */
export function tieStreams(
  session: Session,
  input: InputPipe | undefined,
  options: StreamOptions,
): Streams {
  const { terminal } = session;
  const left = Promise.withResolvers<'detached' | 'interrupted'>();
  const undo: (() => void)[] = [];
  let isOver = false;
  const isRaw = options.tty && options.stdin && terminal !== undefined;
  if (isRaw) {
    terminal.setRaw(true);
    undo.push(() => {
      terminal.setRaw(false);
    });
  }
  const interrupted = (): void => {
    left.resolve('interrupted');
  };
  session.signal.addEventListener('abort', interrupted, { once: true });
  undo.push(() => {
    session.signal.removeEventListener('abort', interrupted);
  });

  const pump = async (into: InputPipe): Promise<void> => {
    const scanner = detachScanner(options.tty ? options.detachKeys : []);
    for await (const chunk of session.stdin) {
      if (isOver) return;
      const { pass, detached } = scanner.take(chunk);
      await into.write(pass);
      if (detached) {
        left.resolve('detached');
        return;
      }
    }
    if (options.endsInput) into.end();
  };
  if (options.stdin && input) {
    pump(input).catch((error: unknown) => {
      // The command's input failed: the process's ends.
      input.end();
      left.reject(error);
    });
  }
  left.promise.catch(() => undefined);

  return {
    listener: {
      stdout: (bytes) => (options.stdout ? pour(session.stdout, bytes) : undefined),
      stderr: (bytes) => (options.stderr ? pour(session.stderr, bytes) : undefined),
    },
    left: left.promise,
    follow(process) {
      if (options.tty && terminal) {
        const resize = (): void => {
          const { columns, rows } = terminal.size();
          // A process that is just ending has no size.
          process()
            ?.resize(columns, rows)
            .catch(() => undefined);
        };
        resize();
        undo.push(terminal.onResize(resize));
      }
      const unlisten = options.signals
        ? session.signals?.listen((signal) => {
            if (NOT_PASSED.includes(signal)) return;
            process()
              ?.kill(signal)
              .catch(() => undefined);
          })
        : undefined;
      if (unlisten) undo.push(unlisten);
    },
    stop() {
      isOver = true;
      for (const step of undo.splice(0).reverse()) step();
    },
  };
}

/** Exit code of a command that was interrupted, as a shell shows it. */
export const INTERRUPTED = 128 + SIGINT;

async function pour(sink: Sink, bytes: Uint8Array): Promise<void> {
  sink.write(bytes);
  await sink.drain();
}

/** The size for a process's terminal. */
export function terminalSize(session: Session): {
  readonly columns: number;
  readonly rows: number;
} {
  return session.terminal?.size() ?? { columns: 80, rows: 24 };
}
