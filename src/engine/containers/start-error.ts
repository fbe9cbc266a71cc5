import { EngineError } from '../errors.ts';
import type { RunningContainer, RunningProcess } from '../process/host.ts';
import { ProcessStartError } from '../process/start-error.ts';
import { startWords } from '../process/start-words.ts';

/** What was to be started. */
interface Wanted {
  readonly program: string;
  readonly cwd: string;
}

const TASK =
  'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: ';
const EXEC = 'OCI runtime exec failed: exec failed: ';
const PROCESS = 'unable to start container process: ';

/** The exit code that Docker's client reads from the daemon's words. */
function clientCode(message: string): 125 | 126 | 127 {
  if (/executable file not found|no such file or directory/.test(message)) return 127;
  return /permission denied|is a directory/.test(message) ? 126 : 125;
}

/** A container that could not be started, as Docker's daemon says it. `exitCode` is that of `docker run`. */
export function startFailure(error: ProcessStartError, wanted: Wanted): EngineError {
  const { text } = startWords(error, wanted);
  const after =
    error.failure === 'mount' && /not a directory/i.test(text)
      ? ': unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type'
      : ': unknown';
  const message = `${TASK}${PROCESS}${text}${after}`;
  return new EngineError('container-start', message, {
    exitCode: clientCode(message),
    cause: error,
  });
}

/** A process that could not be started in a running container. Docker's client exits with 126 for all of them. */
export function execFailure(error: ProcessStartError, wanted: Wanted): EngineError {
  const { text } = startWords(error, wanted);
  return new EngineError('exec-start', `${EXEC}${PROCESS}${text}: unknown`, {
    exitCode: 126,
    cause: error,
  });
}

/**
 * What the container itself prints when it began and could not become the program (its loader is
 * missing, it is no program for this machine), with its line feed; undefined when it never began.
 */
export function kernelWords(error: ProcessStartError, wanted: Wanted): string | undefined {
  const words = startWords(error, wanted);
  return words.by === 'kernel' ? `${words.text}\n` : undefined;
}

/** Exit code of a process that could not become its program, as runc's. */
const NOT_BECOME = 1;

/** One that has ended already, in place of one that printed `kernelWords` and ended. */
export function endedProcess(): RunningProcess {
  const nothing = (): Promise<void> => Promise.resolve();
  const exit = Promise.resolve({ code: NOT_BECOME, outOfMemory: false });
  return { pid: 0, exit, kill: nothing, resize: nothing };
}

/** As `endedProcess`, for a container. */
export function endedContainer(): RunningContainer {
  const gone = (): Promise<never> =>
    Promise.reject(new EngineError('container-stopped', 'the container has ended'));
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    ...endedProcess(),
    ...{ exec: gone, processes: () => Promise.resolve([]), pause: nothing, unpause: nothing },
    usage: () => Promise.resolve({ cpu: 0, memory: 0, memoryLimit: 0, pids: 0 }),
  };
}
