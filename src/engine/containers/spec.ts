import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type {
  ContainerSpec,
  Mount,
  Namespace,
  ProcessHost,
  WritableTree,
} from '../process/host.ts';
import { grantedCapabilities } from './capabilities.ts';
import { hasNoNewPrivileges, isUnconfined } from './check-request.ts';
import { processEnv } from './environment.ts';
import { commandOf } from './merge-config.ts';
import type { NetworkMembership } from '../networks/join.ts';
import { resolveName } from '../networks/names.ts';
import { type EtcOwner, etcFiles } from './etc-files.ts';
import { elsewhereError } from './owner.ts';
import type { ContainerMount, ContainerRecord } from './record.ts';
import { findContainer } from './registry.ts';
import { type LiveContainer, liveContainer } from './running.ts';
import { isRunning } from './state.ts';
import { tmpfsMounts } from './tmpfs.ts';
import { resolveUser } from './user.ts';
import { type HeldVolume, holdVolume } from './volume-trees.ts';
import { wheelhouseFor } from './wheelhouse.ts';

/** Linux gives a container this much when nobody asks for more. */
export const DEFAULT_SHM = 64 * 1024 * 1024;

export interface PreparedSpec {
  /** All of it but what `withNetwork` adds. */
  readonly spec: ContainerSpec;
  /** Whose network it has, when that is another container's. */
  readonly sharing: LiveContainer | undefined;
  /** Lets go of the volumes, which saves them. */
  release(): Promise<void>;
}

/**
 * A record as the machine is told it. Errors: `user-unknown`, `group-unknown`, `volume-busy`,
 * `container-invalid` (namespaces of containers that do not run), `network-unknown`.
 */
export async function prepareSpec(
  engine: Engine,
  host: ProcessHost,
  record: ContainerRecord,
  root: WritableTree,
  terminal: { readonly columns: number; readonly rows: number },
): Promise<PreparedSpec> {
  const { config, host: settings } = record;
  const files = await root.view();
  const user = await resolveUser(files, config.User ?? '', settings.groupAdd);
  const env = processEnv(record, { tty: config.Tty, home: user.home });
  const pip = await wheelhouseFor(engine, files, record.platform, env);
  const { memory, cpus, pidsLimit } = settings;
  const { sharing, ...namespaces } = await namespacesOf(engine, record);
  const held: HeldVolume[] = [];
  const release = async (): Promise<void> => {
    for (const volume of held) await volume.release();
  };
  try {
    const mounts: Mount[] = [];
    for (const mount of record.mounts) {
      mounts.push(await machineMount(engine, host, mount, held));
    }
    const spec: ContainerSpec = {
      id: record.id,
      root,
      readOnlyRoot: settings.readOnlyRoot,
      process: {
        argv: commandOf(config),
        env: [...env, ...pip.env],
        cwd: config.WorkingDir === undefined || config.WorkingDir === '' ? '/' : config.WorkingDir,
        user,
        ...(config.Tty && { terminal }),
        capabilities: grantedCapabilities(settings.capAdd, settings.capDrop, settings.privileged),
        noNewPrivileges: hasNoNewPrivileges(settings),
        ulimits: settings.ulimits,
      },
      mounts: byDepth([...mounts, ...pip.mounts, ...tmpfsMounts(settings.tmpfs), ...shm(record)]),
      hostname: config.Hostname,
      init: settings.init,
      privileged: settings.privileged,
      unconfined: isUnconfined(settings),
      ...namespaces,
      limits: {
        ...(memory !== undefined && memory > 0 && { memory }),
        ...(cpus !== undefined && { cpus }),
        ...(pidsLimit !== undefined && pidsLimit > 0 && { pids: pidsLimit }),
      },
      ...(Object.keys(settings.sysctls).length > 0 && { sysctls: settings.sysctls }),
    };
    return { spec, sharing, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** What depends on the addresses it has this time: its network, its resolver, its files in /etc. */
export function withNetwork(
  engine: Engine,
  record: ContainerRecord,
  { spec, sharing }: PreparedSpec,
  network: NetworkMembership,
): ContainerSpec {
  const owner: EtcOwner = sharing?.record ?? record;
  const files = etcFiles(record, owner, sharing ? sharing.network : network);
  const attachments = network.attachments();
  return {
    ...spec,
    mounts: byDepth([...spec.mounts, ...files]),
    ...(attachments && {
      network: { attachments },
      resolve: (name: string) => resolveName(engine, record.id, name),
    }),
  };
}

async function machineMount(
  engine: Engine,
  host: ProcessHost,
  mount: ContainerMount,
  held: HeldVolume[],
): Promise<Mount> {
  const { target } = mount;
  switch (mount.type) {
    case 'volume': {
      const volume = await holdVolume(engine, host, mount.name);
      held.push(volume);
      const { readOnly } = mount;
      return { kind: 'writable', target, tree: volume.tree, source: '', readOnly };
    }
    case 'bind':
      return { kind: 'workspace', target, source: mount.source, readOnly: mount.readOnly };
    case 'tmpfs':
      return {
        ...{ kind: 'tmpfs', target, options: mount.options },
        ...(mount.size !== undefined && { size: mount.size }),
        ...(mount.mode !== undefined && { mode: mount.mode }),
      };
  }
}

/** The machine's own is right unless another size is asked for. */
function shm({ host, mounts }: ContainerRecord): readonly Mount[] {
  const target = '/dev/shm';
  const isOwn = ['', 'private', 'shareable'].includes(host.ipcMode);
  if (!isOwn || host.shmSize === DEFAULT_SHM) return [];
  if (mounts.some((mount) => mount.target === target)) return [];
  return [{ kind: 'tmpfs', target, size: host.shmSize, options: ['nosuid', 'nodev', 'noexec'] }];
}

/** Mounts inside others come after them. */
function byDepth(mounts: readonly Mount[]): readonly Mount[] {
  const depth = ({ target }: Mount): number => target.split('/').filter(Boolean).length;
  return mounts.toSorted((a, b) => depth(a) - depth(b));
}

async function namespacesOf(
  engine: Engine,
  { host }: ContainerRecord,
): Promise<
  Pick<ContainerSpec, 'pid' | 'ipc' | 'network'> & { readonly sharing: LiveContainer | undefined }
> {
  const shared = async (
    mode: string,
    why: (id: string) => string,
  ): Promise<ContainerRecord | undefined> => {
    const [, name] = /^container:(.*)$/.exec(mode) ?? [];
    if (name === undefined) return undefined;
    const other = await findContainer(engine, name);
    if (!isRunning(other)) throw new EngineError('container-invalid', why(other.id));
    if (!liveContainer(engine, other.id)) throw elsewhereError(other.name, 'join');
    return other;
  };
  const network = host.networkMode;
  const pid = await shared(
    host.pidMode,
    (id) => `failed to join PID namespace: container ${id} is not running`,
  );
  const ipc = await shared(
    host.ipcMode,
    (id) => `failed to join IPC namespace: container ${id} is not running`,
  );
  if (ipc && ipc.host.ipcMode !== 'shareable') {
    throw new EngineError(
      'container-invalid',
      `failed to join IPC namespace: container ${ipc.id}: non-shareable IPC ` +
        '(hint: use IpcMode:shareable for the donor container)',
    );
  }
  const net = await shared(
    network,
    (id) => `cannot join network of a non running container: ${id}`,
  );
  const of = (other: ContainerRecord | undefined, mode: string): Namespace =>
    other ? { container: other.id } : mode === 'host' ? 'host' : 'private';
  return {
    ...{ pid: of(pid, host.pidMode), ipc: of(ipc, host.ipcMode), network: of(net, network) },
    sharing: net && liveContainer(engine, net.id),
  };
}
