import { utf8 } from '../bytes.ts';
import { DEFAULT_CAPABILITIES } from '../containers/capabilities.ts';
import { type ContainerUser, resolveUser } from '../containers/user.ts';
import { type Wheel, wheelhouseFor } from '../containers/wheelhouse.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { quote } from '../format/go-quote.ts';
import type { Entry } from '../layer/entry.ts';
import type { FileTree } from '../layer/tree.ts';
import type { OciPlatform } from '../oci/image.ts';
import type { ContainerSpec, Mount, ProcessHost, ProcessIo } from '../process/host.ts';
import { ProcessStartError } from '../process/start-error.ts';
import { startWords } from '../process/start-words.ts';
import { withoutStubs } from './mount-stubs.ts';
import { type NoInternet, noInternet } from './no-internet.ts';
import { outputLimit } from './output-limit.ts';
import { type ReadyMount, runMounts } from './run-mounts.ts';
import type { RunStep } from './step.ts';
import { withParents } from './upper.ts';

/** Where a process's output goes. */
export interface RunOutput {
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
}

export interface RunContext {
  readonly mounts: readonly ReadyMount[];
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** SOURCE_DATE_EPOCH in seconds. */
  readonly epoch: number | undefined;
  /** Of the image that is built. */
  readonly platform: OciPlatform;
  readonly output: RunOutput;
  readonly signal: AbortSignal;
}

const HOSTNAME = 'buildkitsandbox';
const HOSTS = `127.0.0.1\tlocalhost ${HOSTNAME}\n::1\tlocalhost ip6-localhost ip6-loopback\n`;
/** The machine's own resolver, which knows no name but tells who was looked for. */
const RESOLV_CONF = 'nameserver 127.0.0.53\n';
const KILL = 9;

/** The parts of a RUN that decide its result, without base and mounted files. Secrets and proxies do not. */
export function runParameters(step: RunStep): readonly unknown[] {
  const { argv, env, cwd, user, network, script } = step;
  return [{ argv, env, cwd, user, network, script, mounts: step.mounts.map(({ mount }) => mount) }];
}

/**
 * Runs the process and returns the entries of its layer. Errors: `process-failed` (worded as
 * Docker's), `secret-missing`, `mount-unsupported`, and whatever the host throws.
 */
export async function runChanges(
  engine: Engine,
  step: RunStep,
  root: FileTree,
  context: RunContext,
): Promise<readonly Entry[]> {
  const host = engine.processHost;
  if (!host) throw new Error('a RUN was started without a process host');
  const user = await userOf(step, root);
  const pip = await wheelhouseFor(engine, root, context.platform, step.env);
  const given = await runMounts(step, context.mounts, { engine, host, ...context });
  const mounts = [...systemFiles(), ...pip.mounts, ...given.mounts];
  const writable = host.writable(root);
  try {
    await runProcess(engine, host, step, context, {
      ...{ root: writable, mounts, user },
      env: [...given.env, ...pip.env],
      wheels: pip.wheels,
    });
    const changes = withoutStubs(
      await writable.changes(),
      root,
      mounts.map(({ target }) => target),
    );
    return withParents(root, clamped(changes, context.epoch));
  } finally {
    await given.release();
  }
}

async function userOf(step: RunStep, root: FileTree): Promise<ContainerUser> {
  try {
    return await resolveUser(root, step.user);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw failed(step, error.message, error.hint);
  }
}

function failed(step: RunStep, why: string, hint?: string): EngineError {
  return new EngineError(
    'process-failed',
    `process ${quote(step.argv.join(' '))} did not complete successfully: ${why}`,
    hint === undefined ? {} : { hint },
  );
}

function systemFiles(): readonly Mount[] {
  const file = { kind: 'file', mode: 0o644, uid: 0, gid: 0, readOnly: true } as const;
  return [
    { ...file, target: '/etc/hosts', content: utf8(HOSTS) },
    { ...file, target: '/etc/resolv.conf', content: utf8(RESOLV_CONF) },
  ];
}

function clamped(changes: readonly Entry[], epoch: number | undefined): readonly Entry[] {
  if (epoch === undefined) return changes;
  return changes.map((entry) => ({ ...entry, mtime: Math.min(entry.mtime, epoch) }));
}

interface Prepared {
  readonly root: ContainerSpec['root'];
  readonly mounts: readonly Mount[];
  readonly user: ContainerUser;
  readonly env: readonly string[];
  readonly wheels: readonly Wheel[];
}

/** Resolves when the process has ended well. */
async function runProcess(
  engine: Engine,
  host: ProcessHost,
  step: RunStep,
  { output, signal }: RunContext,
  prepared: Prepared,
): Promise<void> {
  const internet = noInternet(prepared.wheels);
  const now = (): number => engine.platform.now();
  const said = (write: (bytes: Uint8Array) => void): ((bytes: Uint8Array) => void) => {
    const limited = outputLimit(now, write);
    return (bytes) => {
      internet.output(bytes);
      limited(bytes);
    };
  };
  const io: ProcessIo = {
    stdout: said((bytes) => {
      output.stdout(bytes);
    }),
    stderr: said((bytes) => {
      output.stderr(bytes);
    }),
    lookup: (name) => {
      internet.lookup(name);
    },
  };
  signal.throwIfAborted();
  const { exitCode, outOfMemory } = await exitOf(
    () => host.start(specOf(engine, step, prepared), io),
    { step, output, signal },
  );
  signal.throwIfAborted();
  conclude(step, output, internet, { exitCode, outOfMemory });
}

function conclude(
  step: RunStep,
  output: RunOutput,
  internet: NoInternet,
  { exitCode, outOfMemory }: Ended,
): void {
  const hint = internet.hint();
  if (exitCode === 0) {
    // It went on without: said where it happened, since nothing else will tell.
    if (hint !== undefined) output.stderr(utf8(`note: ${hint}\n`));
    return;
  }
  const memory = outOfMemory ? 'It was killed because the machine has no more memory.' : undefined;
  throw failed(step, `exit code: ${exitCode}`, memory ?? hint);
}

interface Ended {
  readonly exitCode: number;
  readonly outOfMemory: boolean;
}

async function exitOf(
  start: () => ReturnType<ProcessHost['start']>,
  { step, output, signal }: { readonly step: RunStep } & Pick<RunContext, 'output' | 'signal'>,
): Promise<Ended> {
  let running;
  try {
    running = await start();
  } catch (error) {
    if (!(error instanceof ProcessStartError)) throw error;
    const { by, text } = startWords(error, { program: step.argv[0] ?? '', cwd: step.cwd });
    const prefix = by === 'runtime' ? 'runc run failed: unable to start container process: ' : '';
    output.stderr(utf8(`${prefix}${text}\n`));
    return { exitCode: 1, outOfMemory: false };
  }
  const container = running;
  const stop = (): void => {
    // What fails here shows in the exit.
    container.kill(KILL).catch(() => undefined);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    const { code, outOfMemory } = await container.exit;
    return { exitCode: code, outOfMemory };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function specOf(engine: Engine, step: RunStep, prepared: Prepared): ContainerSpec {
  const { root, mounts, user } = prepared;
  const env = [...step.env, ...step.secretEnv, ...prepared.env];
  const hasHome = env.some((pair) => pair.startsWith('HOME='));
  return {
    id: engine.platform.randomHex(32),
    root,
    readOnlyRoot: false,
    process: {
      argv: step.argv,
      env: hasHome ? env : [...env, `HOME=${user.home}`],
      cwd: step.cwd,
      user: { uid: user.uid, gid: user.gid, groups: user.groups },
      capabilities: DEFAULT_CAPABILITIES,
      noNewPrivileges: false,
      ulimits: [],
    },
    mounts,
    hostname: HOSTNAME,
    init: false,
    privileged: false,
    pid: 'private',
    ipc: 'private',
    network: step.network === 'none' ? 'private' : 'host',
    limits: {},
  };
}
