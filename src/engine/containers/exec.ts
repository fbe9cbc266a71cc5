import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { ProcessIo, ProcessSpec, RunningProcess } from '../process/host.ts';
import { ProcessStartError } from '../process/start-error.ts';
import { ALL_CAPABILITIES, grantedCapabilities } from './capabilities.ts';
import { hasNoNewPrivileges } from './check-request.ts';
import { emitContainerEvent } from './container-event.ts';
import { processEnv } from './environment.ts';
import { elsewhereError } from './owner.ts';
import type { ContainerRecord } from './record.ts';
import { type LiveContainer, liveContainer } from './running.ts';
import { endedProcess, execFailure, kernelWords } from './start-error.ts';
import { resolveUser } from './user.ts';

export interface ExecRequest {
  readonly argv: readonly string[];
  /** As of `-e`. */
  readonly env?: readonly string[];
  /** The container's when missing. */
  readonly user?: string;
  /** The container's when missing. */
  readonly cwd?: string;
  readonly privileged?: boolean;
  /** With a terminal of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
}

/**
 * The container, to start a process in: it runs here. Errors: `container-not-running`,
 * `container-paused`, `container-elsewhere`.
 */
export function execTarget(engine: Engine, record: ContainerRecord): LiveContainer {
  const live = liveContainer(engine, record.id);
  const { status } = live?.state ?? record.state;
  if (status === 'paused') {
    throw new EngineError(
      'container-paused',
      `Container ${record.name} is paused, unpause the container before exec`,
    );
  }
  if (status === 'restarting') {
    throw new EngineError(
      'container-not-running',
      `Container ${record.id} is restarting, wait until the container is running`,
    );
  }
  if (status !== 'running') {
    throw new EngineError('container-not-running', `container ${record.id} is not running`);
  }
  if (!live) throw elsewhereError(record.name, 'exec in');
  return live;
}

/**
 * Starts a process in a running container. Errors: those of `execTarget`, `exec-start` (126) in
 * Docker's words, `user-unknown`, `group-unknown`.
 */
export async function execProcess(
  engine: Engine,
  record: ContainerRecord,
  request: ExecRequest,
  io: ProcessIo,
): Promise<RunningProcess> {
  const live = execTarget(engine, record);
  const id = engine.platform.randomHex(64);
  const command = request.argv.join(' ');
  const told = { execID: id };
  emitContainerEvent(engine, record, `exec_create: ${command}`, told);
  const spec = await execSpec(record, live, request);
  const process = await start(live, record, spec, io);
  emitContainerEvent(engine, record, `exec_start: ${command}`, told);
  live.execs.set(id, process);
  const forget = (): void => {
    live.execs.delete(id);
  };
  process.exit.then(({ code }) => {
    forget();
    emitContainerEvent(engine, record, 'exec_die', { ...told, exitCode: String(code) });
  }, forget);
  return process;
}

async function execSpec(
  { config, host }: ContainerRecord,
  live: LiveContainer,
  request: ExecRequest,
): Promise<ProcessSpec> {
  const { argv, env = [], terminal, privileged = false } = request;
  const cwd = request.cwd ?? config.WorkingDir ?? '';
  if (cwd !== '' && !cwd.startsWith('/')) {
    const message = 'OCI runtime exec failed: exec failed: Cwd must be an absolute path: unknown';
    throw new EngineError('exec-start', message, { exitCode: 126 });
  }
  const named = request.user ?? config.User ?? '';
  const user = await resolveUser(await live.root.view(), named, host.groupAdd);
  return {
    ...{ argv, cwd: cwd === '' ? '/' : cwd, user },
    env: processEnv({ config }, { tty: terminal !== undefined, home: user.home, more: env }),
    ...(terminal && { terminal }),
    capabilities: privileged
      ? ALL_CAPABILITIES
      : grantedCapabilities(host.capAdd, host.capDrop, host.privileged),
    noNewPrivileges: hasNoNewPrivileges(host),
    ulimits: host.ulimits,
  };
}

async function start(
  live: LiveContainer,
  record: ContainerRecord,
  spec: ProcessSpec,
  io: ProcessIo,
): Promise<RunningProcess> {
  const { process } = live;
  if (!process) {
    throw new EngineError('container-not-running', `container ${record.id} is not running`);
  }
  try {
    return await process.exec(spec, io);
  } catch (error) {
    if (!(error instanceof ProcessStartError)) throw error;
    const wanted = { program: spec.argv[0] ?? '', cwd: spec.cwd };
    const words = kernelWords(error, wanted);
    if (words === undefined) throw execFailure(error, wanted);
    if (spec.terminal) await io.stdout(utf8(words.replace('\n', '\r\n')));
    else await io.stderr(utf8(words));
    return endedProcess();
  }
}
