import { baseTree } from '../../engine/containers/base-tree.ts';
import { pathChanges } from '../../engine/containers/changes.ts';
import { stopContainer } from '../../engine/containers/control.ts';
import { execProcess } from '../../engine/containers/exec.ts';
import { mountedView } from '../../engine/containers/mounted-view.ts';
import type { ContainerRecord } from '../../engine/containers/record.ts';
import { findContainer } from '../../engine/containers/registry.ts';
import { removeContainer } from '../../engine/containers/remove.ts';
import { containerView } from '../../engine/containers/roots.ts';
import type { LiveContainer } from '../../engine/containers/running.ts';
import { SIGKILL } from '../../engine/containers/signals.ts';
import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/errors.ts';
import { rootedPath } from '../../engine/layer/path.ts';
import { EngineTrouble, type Container, type ExecResult } from '../../verify/engine.ts';
import type { LiveChange } from '../../verify/live.ts';
import { words } from '../../verify/words.ts';
import type { Ask } from './http.ts';
import { type Output, output } from './output.ts';
import { troubleOf, untroubled } from './trouble.ts';

/** What a program that a check executes may take. */
const EXEC_TIMEOUT = 2 * 60 * 1000;

export interface Streams {
  readonly stdout: Output;
  readonly stderr: Output;
}

/** A container that was started, as checks see it. `ask` is missing without a machine to ask through. */
export function portContainer(
  engine: Engine,
  live: LiveContainer,
  { streams, ask }: { readonly streams: Streams; readonly ask: Ask | undefined },
): Container {
  const { id } = live;
  const record = (): Promise<ContainerRecord> => findContainer(engine, id);
  let removed = false;
  return {
    started: true,
    id,
    wait: (milliseconds) =>
      untroubled(() =>
        within(
          live.ended.then(({ exitCode }) => exitCode),
          milliseconds,
        ),
      ),
    logs: async () => ({ stdout: streams.stdout.text(), stderr: streams.stderr.text() }),
    exec: (command, options) =>
      untroubled(async () => execute(engine, await record(), command, options?.user)),
    request(port, request) {
      if (!ask) throw noMachine();
      return untroubled(() => ask(port, request));
    },
    stop: (seconds) =>
      untroubled(async () => {
        const began = performance.now();
        const stopping = stopContainer(engine, await record(), { seconds });
        await live.exited;
        const took = (performance.now() - began) / 1000;
        await stopping;
        return { seconds: took, exitCode: live.state.exitCode };
      }),
    state: () =>
      untroubled(async () => {
        const { status, exitCode, health } = (await record()).state;
        const last = health?.log.at(-1)?.output ?? '';
        return {
          running: status === 'running' || status === 'paused' || status === 'restarting',
          exitCode,
          ...(health && { health: { status: health.status, output: last } }),
        };
      }),
    changes: () => untroubled(async () => changesOf(engine, await record())),
    file: (path) =>
      untroubled(async () => {
        const files = await mountedView(engine, await record());
        const at = files.resolve(rootedPath(path), { last: false });
        return at === undefined ? undefined : files.get(at)?.entry;
      }),
    remove: () =>
      untroubled(async () => {
        if (removed) return;
        removed = true;
        await removeContainer(engine, await record(), { force: true, volumes: true });
      }),
  };
}

/** What `docker diff` tells of it. */
export async function changesOf(
  engine: Engine,
  record: ContainerRecord,
): Promise<readonly LiveChange[]> {
  const changes = pathChanges(await baseTree(engine, record), await containerView(engine, record));
  return [...changes].map(({ kind, path }) => ({ kind, path: `/${path}` }));
}

/** A program in a running container, to its end. One that cannot be started is told, not thrown. */
export async function execute(
  engine: Engine,
  record: ContainerRecord,
  argv: readonly string[],
  user: string | undefined,
): Promise<ExecResult> {
  const streams: Streams = { stdout: output(), stderr: output() };
  try {
    const request = { argv, ...(user !== undefined && { user }) };
    const process = await execProcess(engine, record, request, {
      stdout: (bytes) => {
        streams.stdout.add(bytes);
      },
      stderr: (bytes) => {
        streams.stderr.add(bytes);
      },
    });
    if (!(await within(process.exit, EXEC_TIMEOUT))) await process.kill(SIGKILL);
    const { code } = await process.exit;
    return { code, stdout: streams.stdout.text(), stderr: streams.stderr.text() };
  } catch (error) {
    if (!(error instanceof EngineError) || troubleOf(error)) throw error;
    return { code: undefined, stdout: '', stderr: error.message };
  }
}

/** What a promise gives, or undefined when that takes longer. */
async function within<T>(what: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    late.resolve(undefined);
  }, milliseconds);
  try {
    return await Promise.race([what, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

export function noMachine(): EngineTrouble {
  return new EngineTrouble(
    'no-engine',
    words(
      'o motor embutido não tem a máquina por onde falar com um container',
      'the built-in engine has no machine through which to talk to a container',
    ),
    {
      advice: words(
        'Rode `npm start` na pasta do Sem Distro, ou use `--engine docker`.',
        'Run `npm start` in the folder of Sem Distro, or use `--engine docker`.',
      ),
    },
  );
}
