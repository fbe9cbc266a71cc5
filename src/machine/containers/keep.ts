import type { ProcessExit, ProcessIo, ProcessSpec } from '../../engine/process/host.ts';
import { ProcessStartError } from '../../engine/process/start-error.ts';
import type { GuestProcess, SpawnIo } from '../channel/port.ts';
import type { Guest } from './guest.ts';
import {
  cgroupFolder,
  CRUN,
  CRUN_STATE,
  ENTRY,
  GUEST_ENV,
  KEEPER,
  SCRATCH,
  shmFolder,
} from './guest-paths.ts';
import { type KeeperEvent, reportReader } from './report.ts';
import { startError } from './start-failure.ts';

/** A process in a container, started. */
export interface Kept {
  readonly pid: number;
  readonly exit: Promise<ProcessExit>;
  readonly resize: (columns: number, rows: number) => void;
}

/** What crun is told to do, its common options apart. */
export interface CrunCommand {
  readonly container: string;
  /** `run …` or `exec …`, without the container's ID. */
  readonly words: readonly string[];
  /** The container's first process: with its end the container's traces in the guest go. */
  readonly first: boolean;
}

const REPORT = 3;

/**
 * Starts a process of a container through crun. Rejects with `ProcessStartError` when crun or the
 * kernel refused, after everything of it is gone, and with EngineError `machine-*`.
 */
export async function keep(
  guest: Guest,
  command: CrunCommand,
  { argv, cwd, terminal }: ProcessSpec,
  io: ProcessIo,
): Promise<Kept> {
  const told = new Map<KeeperEvent['kind'], KeeperEvent>();
  const started = Promise.withResolvers<undefined>();
  const crun = Promise.withResolvers<'done' | 'failed'>();
  const report = reportReader((event) => {
    told.set(event.kind, event);
    if (event.kind === 'started') started.resolve(undefined);
    crun.resolve(event.kind === 'refused' ? 'failed' : 'done');
  });

  const keeper = await guest.guard(
    guest.agent.spawn(
      {
        argv: keeperArguments(guest.next(), command, terminal !== undefined),
        env: GUEST_ENV,
        cwd: '/',
        extraOutputs: 1,
        ...(terminal && { consoleSocket: terminal }),
      },
      spawnIo(io, report, crun.promise, terminal !== undefined),
    ),
  );
  const ended = guest.guard(keeper.exit);
  const outcome = ended.then(
    (code) => {
      report.end();
      crun.resolve('done');
      return code;
    },
    (error: unknown) => {
      crun.resolve('failed');
      started.reject(error);
      throw error;
    },
  );
  // Whoever waits for the exit hears of it; until then nobody may.
  outcome.catch(() => undefined);

  await Promise.race([started.promise, outcome]);
  if (!told.has('started')) {
    const code = await outcome;
    throw failureOf(told, code, { program: argv[0] ?? '', cwd });
  }
  const pid = told.get('pid');
  if (pid?.kind !== 'pid') throw new Error('keeper told no process ID');
  return { pid: pid.pid, exit: exitOf(outcome, told), resize: resizerOf(keeper) };
}

function resizerOf(keeper: GuestProcess): Kept['resize'] {
  return (columns, rows) => {
    keeper.resize(columns, rows);
  };
}

/**
 * Streams of the process and of the keeper's report. crun has the process's stderr as its own and
 * complains there too: what comes on it before crun is done is held back, and dropped when it failed.
 */
function spawnIo(
  io: ProcessIo,
  report: ReturnType<typeof reportReader>,
  crun: Promise<'done' | 'failed'>,
  terminal: boolean,
): SpawnIo {
  let done = false;
  void crun.then((outcome) => {
    done = outcome === 'done';
  });
  return {
    ...(io.stdin && { stdin: io.stdin }),
    output(stream, bytes) {
      if (stream === REPORT) {
        report.push(bytes);
        return undefined;
      }
      if (stream === 1) return io.stdout(bytes);
      if (terminal) return undefined;
      if (done) return io.stderr(bytes);
      return crun.then((outcome) => (outcome === 'done' ? io.stderr(bytes) : undefined));
    },
  };
}

function keeperArguments(number: number, command: CrunCommand, terminal: boolean): string[] {
  const { container, words, first } = command;
  const pidFile = `${SCRATCH}/${number}.pid`;
  const log = `${SCRATCH}/${number}.log`;
  const [verb = '', ...rest] = words;
  return [
    ...[KEEPER, 'start'],
    ...(first ? ['--cgroup', cgroupFolder(container)] : []),
    ...(first ? ['--state', `${CRUN_STATE}/${container}`] : []),
    ...(first ? ['--shm', shmFolder(container)] : []),
    ...[ENTRY, pidFile, log],
    ...[CRUN, '--cgroup-manager=cgroupfs', `--log=${log}`, '--log-format=json'],
    ...[verb, '--detach', '--preserve-fds=2', `--pid-file=${pidFile}`],
    ...(terminal ? ['--console-socket={socket}'] : []),
    ...[...rest, container],
  ];
}

function failureOf(
  told: ReadonlyMap<KeeperEvent['kind'], KeeperEvent>,
  code: number,
  subject: { readonly program: string; readonly cwd: string },
): Error {
  const why = told.get('entry') ?? told.get('crun');
  if (why?.kind === 'entry' || why?.kind === 'crun') return startError(why, subject);
  return new ProcessStartError('other', subject.program, `the keeper ended with ${code}`);
}

async function exitOf(
  ended: Promise<number>,
  told: ReadonlyMap<KeeperEvent['kind'], KeeperEvent>,
): Promise<ProcessExit> {
  const code = await ended;
  const exit = told.get('exit');
  // The keeper itself was killed: its process is gone with the container, or will be.
  if (exit?.kind !== 'exit') return { code, outOfMemory: false };
  const { status, killed } = exit;
  const signal = status & 0x7f;
  return signal === 0
    ? { code: (status >> 8) & 0xff, outOfMemory: killed > 0 }
    : { code: 128 + signal, outOfMemory: killed > 0 };
}
