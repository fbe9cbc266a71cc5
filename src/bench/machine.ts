import { execFileSync } from 'node:child_process';
import { chromium, type BrowserContext } from 'playwright-core';
import { findChromium, FLAGS, NO_CHROMIUM } from '../../e2e/chromium.ts';
import type { MachineServer } from '../../e2e/machine-server.ts';
import { openBrowserMachine, openMachineSite } from '../../e2e/machine-site.ts';
import type { Engine } from '../engine/engine.ts';
import { startGuest, type TestGuest } from '../testing/guest.ts';
import { hasMachine, newMachine, NO_MACHINE, pantryEngine } from '../testing/machine.ts';
import { realDocker, type RealDocker } from '../testing/real-docker.ts';
import { type DockerOutput, runDocker } from '../testing/session.ts';
import { inFolder, timedEach } from './commands.ts';
import type { Group } from './group.ts';
import type { Goal, Measurement } from './row.ts';

const RUNS = 5;
const FORKS = 100;
const BUSYBOX = 'semdistro-bench:busybox';

const atMost = (limit: number): Goal => ({ of: 'value', is: '<=', limit });

/** The Linux under the engine. */
export const machine: Group = {
  name: 'machine',
  about: 'The machine: from nothing to a first answer, at rest, and its smallest container',
  async *measure() {
    if (!hasMachine) throw new Error(NO_MACHINE);
    yield* node();
    yield* guest();
    yield await smallestContainer();
    yield* browser();
  },
};

async function* node(): AsyncGenerator<Measurement> {
  const runs: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const began = performance.now();
    const started = await startGuest();
    await started.sh('true');
    runs.push(performance.now() - began);
    await started.close();
  }
  const goal = atMost(600);
  yield { id: 'machine.start-node', name: 'Node: start to first answer', unit: 'ms', runs, goal };
}

async function* guest(): AsyncGenerator<Measurement> {
  const started = await startGuest();
  try {
    yield await forks(started);
    yield await atRest(started);
    const runs = [process.memoryUsage().rss];
    yield { id: 'machine.memory-node', name: 'Node: resident memory, all of it', unit: 'B', runs };
  } finally {
    await started.close();
  }
}

/** Of a shell that does nothing else; the computer's own shell to compare with. */
async function forks(started: TestGuest): Promise<Measurement> {
  const script = `i=0; while [ $i -lt ${FORKS} ]; do /bin/true; i=$((i+1)); done`;
  const each = (times: readonly number[]): readonly number[] => times.map((ms) => ms / FORKS);
  return {
    ...{ id: 'machine.fork', name: 'fork and exec of /bin/true', unit: 'ms' as const },
    runs: each(await timedEach(RUNS, () => started.sh(script))),
    reference: each(await timedEach(RUNS, async () => execFileSync('/bin/sh', ['-c', script]))),
  };
}

async function atRest(started: TestGuest): Promise<Measurement> {
  await started.background('echo ready; exec sleep 1000');
  const runs: number[] = [];
  for (let i = 0; i <= RUNS; i++) {
    const [used, began] = [process.cpuUsage(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const { user, system } = process.cpuUsage(used);
    // The first second after work is not rest yet.
    if (i > 0) runs.push((user + system) / (performance.now() - began));
  }
  const name = 'Node: CPU per second at the prompt';
  return { id: 'machine.rest-node', name, unit: 'ms', runs, goal: atMost(20) };
}

async function smallestContainer(): Promise<Measurement> {
  const running = newMachine();
  const engine = { ...pantryEngine(), processHost: running.host };
  const docker = realDocker();
  const run = ['run', '--rm', BUSYBOX, 'true'];
  try {
    await ok(engine, ['pull', 'busybox']);
    await ok(engine, ['tag', 'busybox', BUSYBOX]);
    const runs = await timedEach(RUNS, () => ok(engine, run));
    return {
      ...{ id: 'machine.run', name: 'docker run --rm busybox true', unit: 'ms' as const, runs },
      reference: docker ? await timesOf(docker, run) : [],
      goal: { of: 'ratio', is: '<=', limit: 2 },
      ...(!docker && { reason: 'no real Docker to compare with' }),
    };
  } finally {
    await running.close();
  }
}

/** The same image for the computer's own processor, in a real Docker. */
async function timesOf(docker: RealDocker, run: readonly string[]): Promise<readonly number[]> {
  const defaultPlatform = { os: 'linux', architecture: 'amd64' };
  const engine = { ...pantryEngine(), defaultPlatform };
  await ok(engine, ['pull', 'busybox']);
  await ok(engine, ['tag', 'busybox', BUSYBOX]);
  await docker.ok(['load'], { stdin: (await ok(engine, ['save', BUSYBOX])).stdout });
  try {
    return await timedEach(RUNS, () => docker.ok(run));
  } finally {
    await docker.run(['rmi', '-f', BUSYBOX]);
  }
}

async function ok(engine: Engine, args: readonly string[]): Promise<DockerOutput> {
  const output = await runDocker(engine, args);
  if (output.code === 0) return output;
  throw new Error(`docker ${args.join(' ')} exited with ${output.code}: ${output.stderr}`);
}

async function* browser(): AsyncGenerator<Measurement> {
  const id = 'machine.start-chromium';
  const program = findChromium();
  if (program === undefined) {
    yield { id, name: 'Chromium: start', unit: 'ms', runs: [], reason: NO_CHROMIUM };
    return;
  }
  const server = await openMachineSite();
  const cold: number[] = [];
  const warm: number[] = [];
  const bytes: number[] = [];
  try {
    for (let i = 0; i < 3; i++) {
      await inFolder(async (folder) => {
        const context = await chromium.launchPersistentContext(folder, {
          ...{ executablePath: program, args: FLAGS },
        });
        server.forget();
        cold.push(await startIn(context, server));
        bytes.push([...server.sent.values()].reduce((sum, sent) => sum + sent, 0));
        warm.push(await startIn(context, server));
        await context.close();
      });
    }
  } finally {
    await server.close();
  }
  const times = (state: string, runs: readonly number[], limit: number): Measurement => ({
    ...{ id: `${id}-${state}`, name: `Chromium: start to first answer, ${state}` },
    ...{ unit: 'ms', runs, goal: atMost(limit) },
  });
  yield times('cold', cold, 2_000);
  yield times('warm', warm, 800);
  yield {
    ...{ id: 'machine.bytes', name: 'Chromium: bytes to the first answer' },
    ...{ unit: 'B', runs: bytes, goal: atMost(9_500_000) },
  };
}

/** In ms, the page's own time to load left out. */
async function startIn(context: BrowserContext, server: MachineServer): Promise<number> {
  const opened = await openBrowserMachine(context, server);
  await opened.close();
  return opened.started.answered;
}
