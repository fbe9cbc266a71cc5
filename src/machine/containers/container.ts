import { once, utf8 } from '../../engine/bytes.ts';
import type {
  ContainerSpec,
  ProcessIo,
  ProcessSpec,
  RunningContainer,
  RunningProcess,
} from '../../engine/process/host.ts';
import { plainFile } from '../files/plain-file.ts';
import type { Sandbox } from '../networks/networks.ts';
import { type Bundle, makeBundle } from './bundle.ts';
import type { Guest } from './guest.ts';
import { cgroupFolder, KEEPER } from './guest-paths.ts';
import { keep, type Kept } from './keep.ts';
import { networkOf } from './network.ts';
import { ociProcess } from './oci-config.ts';
import { runWell } from './run.ts';
import { parseProcesses, parseUsage } from './statistics.ts';

/** As `ProcessHost.start`, in one life of the machine. */
export async function startContainer(
  guest: Guest,
  spec: ContainerSpec,
  io: ProcessIo,
): Promise<RunningContainer> {
  const { id } = spec;
  if (!/^[0-9a-f]+$/.test(id)) throw new Error(`not a container's ID: ${id}`);
  if (guest.containers.has(id)) throw new Error(`container ${id} runs already`);
  const network = await networkOf(guest, spec);
  const bundle = await makeBundle(guest, spec, network.sandbox).catch((error: unknown) => {
    network.release();
    throw error;
  });
  const forget = io.lookup && network.sandbox.onLookup((name) => io.lookup?.(name));
  const release = (): void => {
    forget?.();
    bundle.release();
    network.release();
  };
  const words = ['run', `--bundle=${bundle.path}`];
  let kept: Kept;
  try {
    kept = await keep(guest, { container: id, words, first: true }, spec.process, io);
  } catch (error) {
    release();
    throw error;
  }
  guest.containers.set(id, { pid: kept.pid, sandbox: network.sandbox });
  const gone = (): void => {
    guest.containers.delete(id);
    release();
  };
  kept.exit.then(gone, gone);
  return { ...running(guest, kept), ...inside(guest, id, bundle), ...onNetworks(network.sandbox) };
}

/** What can be done with a container that runs, its first process apart. */
function inside(
  guest: Guest,
  id: string,
  bundle: Bundle,
): Omit<RunningContainer, keyof RunningProcess | 'connect' | 'disconnect'> {
  const group = cgroupFolder(id);
  const freeze = async (frozen: boolean): Promise<void> => {
    await runWell(guest, [KEEPER, 'freeze', group, frozen ? '1' : '0']);
  };
  return {
    async exec(process, io) {
      const name = `exec-${guest.next()}.json`;
      bundle.folder.set(name, plainFile(utf8(JSON.stringify(ociProcess(process)))));
      const words = ['exec', `--process=${bundle.path}/${name}`];
      try {
        return running(guest, await execute(guest, id, words, process, io));
      } finally {
        bundle.folder.remove(name);
      }
    },
    processes: async () => parseProcesses(await runWell(guest, [KEEPER, 'ps', group])),
    usage: async () => parseUsage(await runWell(guest, [KEEPER, 'usage', group])),
    pause: () => freeze(true),
    unpause: () => freeze(false),
    async rewrite(target, content) {
      const path = bundle.files.get(target);
      if (path === undefined) throw new Error(`no file was made for ${target}`);
      // Into the very file that is mounted, by the side that has it cached.
      await runWell(guest, ['/bin/sh', '-c', 'cat >"$1"', 'sh', path], once(content));
    },
  };
}

function onNetworks(sandbox: Sandbox): Pick<Required<RunningContainer>, 'connect' | 'disconnect'> {
  return {
    connect: (attachment) => sandbox.connect(attachment),
    disconnect: (network) => sandbox.disconnect(network),
  };
}

function execute(
  guest: Guest,
  container: string,
  words: readonly string[],
  process: ProcessSpec,
  io: ProcessIo,
): Promise<Kept> {
  return keep(guest, { container, words, first: false }, process, io);
}

function running(guest: Guest, { pid, exit, resize }: Kept): RunningProcess {
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  exit.then(end, end);
  return {
    pid,
    exit,
    async kill(signal) {
      if (!ended) await guest.guard(guest.agent.kill(pid, signal));
    },
    async resize(columns, rows) {
      if (!ended) resize(columns, rows);
    },
  };
}
