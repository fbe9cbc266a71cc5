import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { dockerFiles } from './files.ts';
import type { DockerFiles } from './files.ts';
import { endProcesses, processesOf, unmountBelow } from './leftovers.ts';
import { makeBridge, planNetwork, restoreNetwork } from './network.ts';

/** What the daemon's user needs to reach it. */
export interface DockerEnvironment {
  readonly SEMDISTRO_TEST_DOCKER: string;
  readonly DOCKER_CONFIG: string;
  /** To be put before PATH. */
  readonly path: string;
}

/** Written before anything is changed, so that a start that was cut off anywhere can be undone. */
const stateShape = z.object({
  /** Short, since a socket's path may have 108 characters at most. */
  run: z.string(),
  network: z.object({
    rules: z.string(),
    forward: z.string(),
    links: z.array(z.string()).readonly(),
    bridge: z.string(),
    address: z.string(),
  }),
});
type State = z.infer<typeof stateShape>;

const stateFile = (folder: string): string => join(folder, 'running.json');

async function readState(folder: string): Promise<State | undefined> {
  if (!existsSync(stateFile(folder))) return undefined;
  return stateShape.parse(JSON.parse(readFileSync(stateFile(folder), 'utf8')));
}

/**
 * A Docker 26 with BuildKit of our own below `folder`: own packages, containerd, data, bridge and
 * socket. Needs root, and undoes a start that was cut off before. One that runs already is used.
 */
export async function startDocker(
  folder: string,
  say: (line: string) => void,
): Promise<DockerEnvironment> {
  const files = await dockerFiles(folder, say);
  const running = await readState(folder);
  if (running !== undefined) {
    if (answers(files, running)) return environmentOf(files, running);
    await stopDocker(folder);
  }
  const run = await mkdtemp('/tmp/semd-');
  const state = { run, network: planNetwork() };
  await writeFile(stateFile(folder), JSON.stringify(state));
  makeBridge(state.network);
  await startContainerd(folder, files, state);
  await startDockerd(folder, files, state);
  return environmentOf(files, state);
}

function environmentOf({ path, config }: DockerFiles, { run }: State): DockerEnvironment {
  return { SEMDISTRO_TEST_DOCKER: `unix://${run}/d.sock`, DOCKER_CONFIG: config, path };
}

async function startContainerd(folder: string, files: DockerFiles, { run }: State): Promise<void> {
  const config = `version = 2
root = ${JSON.stringify(join(folder, 'data', 'containerd'))}
state = ${JSON.stringify(join(run, 'containerd'))}
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = ${JSON.stringify(join(run, 'c.sock'))}
`;
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(join(run, 'containerd.toml'), config);
  const log = join(folder, 'containerd.log');
  const isUp = launch('containerd', ['--config', join(run, 'containerd.toml')], files, log);
  await until(() => existsSync(join(run, 'c.sock')), isUp, log);
}

async function startDockerd(folder: string, files: DockerFiles, state: State): Promise<void> {
  const { run, network } = state;
  // Its own, and empty: what is configured for another Docker of this machine is not for this one.
  await writeFile(join(run, 'daemon.json'), '{}');
  const log = join(folder, 'dockerd.log');
  const isUp = launch(
    'dockerd',
    [
      ...['--config-file', join(run, 'daemon.json'), '--host', `unix://${run}/d.sock`],
      ...['--containerd', join(run, 'c.sock'), '--pidfile', join(run, 'd.pid')],
      ...['--data-root', join(folder, 'data', 'docker'), '--exec-root', join(run, 'exec')],
      ...['--bridge', network.bridge],
    ],
    files,
    log,
  );
  await until(() => answers(files, state), isUp, log);
}

/** Starts a daemon that outlives us. The function returned says whether it still runs. */
function launch(
  program: string,
  args: readonly string[],
  { path }: DockerFiles,
  log: string,
): () => boolean {
  const output = openSync(log, 'w');
  const PATH = `${path}:${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, PATH },
  });
  closeSync(output);
  let failed = false;
  child.on('error', () => (failed = true));
  child.unref();
  return () => !failed && child.exitCode === null && child.signalCode === null;
}

function answers({ path, config }: DockerFiles, { run }: State): boolean {
  const env = { ...process.env, PATH: `${path}:${process.env['PATH'] ?? ''}` };
  const { status } = spawnSync('docker', ['version'], {
    env: { ...env, DOCKER_HOST: `unix://${run}/d.sock`, DOCKER_CONFIG: config },
    stdio: 'ignore',
  });
  return status === 0;
}

async function until(isReady: () => boolean, isUp: () => boolean, log: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!isReady()) {
    if (!isUp() || Date.now() > deadline) {
      const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
      throw new Error(`the real Docker did not start; its log ends with\n${tail}`);
    }
    await delay(100);
  }
}

/** Stops the daemon, whatever state it is in, and puts the machine back as it was. Safe to repeat. */
export async function stopDocker(folder: string): Promise<void> {
  const state = await readState(folder);
  if (state === undefined) return;
  const { run, network } = state;
  const files = await dockerFiles(folder, () => undefined);
  if (answers(files, state)) clearOut(files, state);
  await endProcesses(`${run}/`, 'dockerd');
  const left = processesOf(`${run}/`);
  if (left.length > 0) throw new Error(`processes that do not end: ${left.join(' ')}`);
  unmountBelow([run, join(folder, 'data')]);
  restoreNetwork(network);
  await rm(join(folder, 'data'), { recursive: true, force: true });
  await rm(run, { recursive: true, force: true });
  await rm(stateFile(folder));
}

/** Removes containers and networks through the daemon, which then takes its rules and bridges away. */
function clearOut({ path, config }: DockerFiles, { run }: State): void {
  const PATH = `${path}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH, DOCKER_CONFIG: config, DOCKER_HOST: `unix://${run}/d.sock` };
  const docker = (...args: string[]): string =>
    spawnSync('docker', args, { env, encoding: 'utf8' }).stdout;
  const ids = (text: string): string[] => text.split('\n').filter((id) => id !== '');
  const containers = ids(docker('ps', '-aq'));
  if (containers.length > 0) docker('rm', '-fv', ...containers);
  const networks = ids(docker('network', 'ls', '-q', '--filter', 'type=custom'));
  if (networks.length > 0) docker('network', 'rm', ...networks);
}
