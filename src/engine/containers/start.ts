import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { ContainerSpec, ProcessHost, ProcessIo, RunningContainer } from '../process/host.ts';
import { type NetworkMembership, joinNetworks } from '../networks/join.ts';
import { ProcessStartError } from '../process/start-error.ts';
import { emitContainerEvent } from './container-event.ts';
import { hostOf } from './host.ts';
import { type InputPipe, inputPipe } from './input-pipe.ts';
import { type ContainerLog, containerLog } from './logs.ts';
import { type OutputHub, outputHub } from './output-hub.ts';
import { claimOwnership, elsewhereError, engineId } from './owner.ts';
import type { ContainerRecord } from './record.ts';
import { findContainer, updateContainer } from './registry.ts';
import { removeForGood } from './remove.ts';
import { openRoot } from './roots.ts';
import { type LiveContainer, liveContainer } from './running.ts';
import { type PreparedSpec, prepareSpec, withNetwork } from './spec.ts';
import { endedContainer, kernelWords, startFailure } from './start-error.ts';
import { endedState } from './state.ts';
import { supervise } from './supervise.ts';

export interface StartOptions {
  /** The size of the terminal that is attached. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  /** Called before the process starts, so that nothing of its output is missed. */
  readonly attach?: (streams: AttachPoint) => void;
  /** As in `ProcessIo`. */
  readonly lookup?: (name: string) => void;
}

/** What somebody who is attached has to do with. */
export type AttachPoint = Pick<LiveContainer, 'output' | 'input'>;

/** Everything of a container that is there before its process is. */
export interface Beginning extends AttachPoint {
  readonly record: ContainerRecord;
  readonly host: ProcessHost;
  readonly prepared: PreparedSpec;
  readonly log: ContainerLog;
  /** What it has of networks: while the process runs that `run` started, until `leave`. */
  readonly network: NetworkMembership | undefined;
  /** Joins its networks and starts the process, again when called again. Rejects with what `startFailure` makes. */
  run(): Promise<RunningContainer>;
  /** To be called when the process has ended. */
  leave(): Promise<void>;
}

const DEFAULT_SIZE = { columns: 80, rows: 24 };
const starting = new WeakMap<Engine, Map<string, Promise<LiveContainer>>>();

/**
 * Starts a container; one that runs already stays as it is. When it cannot be started, that is
 * recorded, and a container of `--rm` is gone. Errors: `container-start` and those of `prepareSpec`,
 * `container-elsewhere`, `machine-*`.
 */
export async function startContainer(
  engine: Engine,
  record: ContainerRecord,
  options: StartOptions = {},
): Promise<LiveContainer> {
  const pending = starting.get(engine) ?? new Map<string, Promise<LiveContainer>>();
  starting.set(engine, pending);
  const already = liveContainer(engine, record.id);
  if (already) {
    if (already.state.status !== 'exited') return already;
    // It is about to be saved.
    await already.ended;
  }
  const other = pending.get(record.id);
  if (other) return other;
  const mine = begin(engine, record, options).finally(() => pending.delete(record.id));
  pending.set(record.id, mine);
  return mine;
}

async function begin(
  engine: Engine,
  stale: ContainerRecord,
  options: StartOptions,
): Promise<LiveContainer> {
  const host = hostOf(engine);
  const record = await claim(engine, stale);
  let beginning: Beginning | undefined;
  try {
    const root = await openRoot(engine, host, record);
    const size = options.terminal ?? DEFAULT_SIZE;
    const prepared = await prepareSpec(engine, host, record, root, size);
    const input = record.config.OpenStdin ? inputPipe() : undefined;
    const output = outputHub();
    const running: { live?: LiveContainer } = {};
    const log = containerLog(engine, record.logs, async () => running.live?.save());
    let network: NetworkMembership | undefined;
    const leave = async (): Promise<void> => {
      const left = network;
      network = undefined;
      await left?.leave();
    };
    const run = async (): Promise<RunningContainer> => {
      network = await joinNetworks(engine, host, await findContainer(engine, record.id));
      try {
        return await runOnce(host, record, withNetwork(engine, record, prepared, network), {
          ...ioOf(log, output, input),
          ...(options.lookup && { lookup: options.lookup }),
        });
      } catch (error) {
        await leave();
        throw error;
      }
    };
    beginning = {
      ...{ record, host, prepared, log, output, input, run, leave },
      get network() {
        return network;
      },
    };
    options.attach?.(beginning);
    running.live = await supervise(engine, beginning);
    return running.live;
  } catch (error) {
    await beginning?.prepared.release();
    await failed(engine, record, error);
    throw error;
  }
}

/** Says in the record who runs it from now on, so that nobody else starts it too. */
async function claim(engine: Engine, { id, name }: ContainerRecord): Promise<ContainerRecord> {
  await claimOwnership(engine);
  const owner = engineId(engine);
  return updateContainer(engine, id, (old) => {
    const other = old.state.owner;
    if (other !== undefined && other !== owner) throw elsewhereError(name, 'start');
    return { ...old, state: { ...old.state, owner } };
  });
}

function ioOf(log: ContainerLog, output: OutputHub, input: InputPipe | undefined): ProcessIo {
  return {
    ...(input && { stdin: input.stream() }),
    async stdout(bytes) {
      await log.write('stdout', bytes);
      await output.stdout(bytes);
    },
    async stderr(bytes) {
      await log.write('stderr', bytes);
      await output.stderr(bytes);
    },
  };
}

async function runOnce(
  host: ProcessHost,
  { config }: ContainerRecord,
  spec: ContainerSpec,
  io: ProcessIo,
): Promise<RunningContainer> {
  try {
    return await host.start(spec, io);
  } catch (error) {
    if (!(error instanceof ProcessStartError)) throw error;
    const wanted = { program: spec.process.argv[0] ?? '', cwd: spec.process.cwd };
    const words = kernelWords(error, wanted);
    if (words === undefined) throw startFailure(error, wanted);
    if (config.Tty) await io.stdout(utf8(words.replace('\n', '\r\n')));
    else await io.stderr(utf8(words));
    return endedContainer();
  }
}

/** Docker keeps the status of a container that did not start, and its reason. */
async function failed(engine: Engine, record: ContainerRecord, error: unknown): Promise<void> {
  const { state, host } = record;
  if (host.autoRemove) {
    await removeForGood(engine, record, { volumes: true });
    return;
  }
  const isKnown = error instanceof EngineError;
  const code = isKnown && error.code === 'container-start' ? error.exitCode : 128;
  await updateContainer(engine, record.id, (old) => ({
    ...old,
    state: {
      ...endedState(state, {
        exitCode: code === 125 ? 128 : code,
        finishedAt: state.finishedAt,
        error: isKnown ? error.message : 'the machine failed',
      }),
      status: state.status,
    },
  }));
  emitContainerEvent(engine, record, 'die', { exitCode: String(code) });
}
