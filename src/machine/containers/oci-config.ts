import type { ContainerSpec, ProcessSpec } from '../../engine/process/host.ts';
import { cgroupPath, INIT, shmFolder } from './guest-paths.ts';
import {
  DEVICE_RULES,
  MASKED_PATHS,
  mount,
  NETWORK_SYSCTLS,
  type OciMount,
  PRIVILEGED_DEVICES,
  READONLY_PATHS,
  usualMounts,
} from './oci-defaults.ts';
import { seccompProfile } from './seccomp.ts';

/** How crun finds the program of entry.c, which the keeper leaves open for it. */
const ENTRY_DESCRIPTOR = '/proc/self/fd/4';
const INIT_IN_CONTAINER = '/sbin/docker-init';

/** What must be known of the machine to write a container's `config.json`. */
export interface ConfigContext {
  /** The root file system's place in the guest. */
  readonly root: string;
  /** The process in the machine's numbering whose namespaces a container joins, by that container's ID. */
  readonly pidOf: (container: string) => number;
  /** Its network namespace, made before; undefined: the machine's own. */
  readonly networkFile: string | undefined;
  /** The container's mounts beside the usual, with sources in the guest. */
  readonly mounts: readonly OciMount[];
}

/** The document that the OCI runtime specification 1.0.2 calls config.json. */
export function ociConfig(spec: ContainerSpec, context: ConfigContext): object {
  const { privileged } = spec;
  const init = spec.init ? [mount(INIT_IN_CONTAINER, 'bind', INIT, ['bind', 'ro'])] : [];
  const argv = spec.init ? [INIT_IN_CONTAINER, '--', ...spec.process.argv] : spec.process.argv;
  return {
    ociVersion: '1.0.2',
    process: ociProcess({ ...spec.process, argv }),
    root: { path: context.root, readonly: spec.readOnlyRoot },
    hostname: spec.hostname,
    mounts: [...usualMounts(privileged), shm(spec), ...context.mounts, ...init],
    linux: {
      namespaces: namespaces(spec, context),
      cgroupsPath: cgroupPath(spec.id),
      resources: resources(spec),
      sysctl: sysctls(spec),
      ...(privileged
        ? { devices: PRIVILEGED_DEVICES }
        : {
            maskedPaths: MASKED_PATHS,
            readonlyPaths: READONLY_PATHS,
            ...(spec.unconfined !== true && {
              seccomp: seccompProfile(spec.process.capabilities),
            }),
          }),
    },
  };
}

/** The part of it that is a process; `crun exec --process` takes it alone. */
export function ociProcess(process: ProcessSpec): object {
  const { user, terminal, capabilities } = process;
  // As execve would leave them: a program of another user than root starts without any.
  const active = user.uid === 0 ? capabilities : [];
  return {
    terminal: terminal !== undefined,
    ...(terminal && { consoleSize: { width: terminal.columns, height: terminal.rows } }),
    user: { uid: user.uid, gid: user.gid, umask: 0o022, additionalGids: user.groups },
    args: [ENTRY_DESCRIPTOR, ...process.argv],
    env: process.env,
    cwd: process.cwd,
    capabilities: { bounding: capabilities, effective: active, permitted: active },
    noNewPrivileges: process.noNewPrivileges,
    rlimits: process.ulimits.map(({ name, soft, hard }) => ({
      type: `RLIMIT_${name.toUpperCase()}`,
      soft,
      hard,
    })),
  };
}

/** In a network of its own any user may listen on any port and send pings, as Docker has it. */
function sysctls({ network, sysctls: wanted }: ContainerSpec): Readonly<Record<string, string>> {
  const isOwn = network === 'private' || (network !== 'host' && 'attachments' in network);
  return { ...(isOwn && NETWORK_SYSCTLS), ...wanted };
}

/** A container that shares another's IPC namespace shares its /dev/shm too. */
function shm({ id, ipc }: ContainerSpec): OciMount {
  const target = '/dev/shm';
  const of = ipc === 'private' ? id : ipc === 'host' ? undefined : ipc.container;
  return mount(target, 'bind', of === undefined ? target : shmFolder(of), ['bind', 'rw']);
}

function namespaces(spec: ContainerSpec, { pidOf, networkFile }: ConfigContext): readonly object[] {
  const shared = [
    { type: 'pid', from: spec.pid },
    { type: 'ipc', from: spec.ipc },
  ].flatMap(({ type, from }) => {
    if (from === 'host') return [];
    if (from === 'private') return [{ type }];
    return [{ type, path: `/proc/${pidOf(from.container)}/ns/${type}` }];
  });
  const network = networkFile === undefined ? [] : [{ type: 'network', path: networkFile }];
  return [{ type: 'mount' }, { type: 'uts' }, ...shared, ...network, { type: 'cgroup' }];
}

const CPU_PERIOD = 100_000;

function resources({ limits, privileged }: ContainerSpec): object {
  const { memory, cpus, pids } = limits;
  return {
    devices: privileged ? [{ allow: true, access: 'rwm' }] : DEVICE_RULES,
    ...(memory !== undefined && { memory: { limit: memory } }),
    ...(cpus !== undefined && {
      cpu: { quota: Math.round(cpus * CPU_PERIOD), period: CPU_PERIOD },
    }),
    ...(pids !== undefined && { pids: { limit: pids } }),
  };
}
