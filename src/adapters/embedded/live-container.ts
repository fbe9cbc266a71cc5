import { publishedPorts } from '../../engine/containers/ports.ts';
import type { ContainerMount, ContainerRecord } from '../../engine/containers/record.ts';
import { isRunning } from '../../engine/containers/state.ts';
import { endpointsOf } from '../../engine/networks/endpoints.ts';
import type {
  LiveAttachment,
  LiveContainer,
  LiveMount,
  LivePort,
  LiveState,
} from '../../verify/live.ts';

/** A container as the port tells of it. `whole` makes the ID of a name. */
export function liveContainer(
  record: ContainerRecord,
  whole: (container: string) => string,
): LiveContainer {
  const { id, name, image, imageName, config, host } = record;
  return {
    ...{ id, name, image, imageName, config },
    created: Date.parse(record.created),
    state: stateOf(record),
    networks: attachmentsOf(record),
    ports: publishedPorts(record).map(portOf),
    mounts: mountsOf(record),
    networkMode: networkModeOf(host.networkMode, whole),
    pidMode: namespaceOf(host.pidMode, whole),
    capAdd: host.capAdd.map((one) => one.toUpperCase().replace(/^CAP_/, '')),
    privileged: host.privileged,
    readOnly: host.readOnlyRoot,
  };
}

function stateOf({ state }: ContainerRecord): LiveState {
  const { status, exitCode, restartCount, health } = state;
  const output = health?.log.at(-1)?.output.slice(0, 4096) ?? '';
  return {
    ...{ status, exitCode, restartCount, running: isRunning({ state }) },
    startedAt: timeOf(state.startedAt),
    finishedAt: timeOf(state.finishedAt),
    ...(health && { health: { status: health.status, output } }),
  };
}

/** Undefined for Go's zero time. */
function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return time < 0 ? undefined : time;
}

/** Addresses are of one that runs. */
function attachmentsOf(record: ContainerRecord): readonly LiveAttachment[] {
  return endpointsOf(record).map(({ network, aliases }) => {
    const lease = record.joined?.leases.find((one) => one.network.name === network);
    return {
      ...{ network, address: lease?.place?.address ?? '' },
      aliases: [...new Set([...aliases, ...(lease?.names ?? [])])],
    };
  });
}

function portOf({ port, hostIp, hostPort }: ReturnType<typeof publishedPorts>[number]): LivePort {
  const [number = '', protocol = 'tcp'] = port.split('/');
  return {
    ...{ port: Number(number), protocol, hostPort: Number(hostPort) },
    hostIp: hostIp === '' ? '0.0.0.0' : hostIp,
  };
}

/** `--tmpfs` is not among a record's mounts. */
function mountsOf({ mounts, host }: ContainerRecord): readonly LiveMount[] {
  const others = Object.keys(host.tmpfs)
    .filter((target) => !mounts.some((mount) => mount.target === target))
    .map((target): LiveMount => ({ type: 'tmpfs', source: '', target, readOnly: false }));
  return [...mounts.map(mountOf), ...others];
}

function mountOf(mount: ContainerMount): LiveMount {
  const { type, target } = mount;
  if (type === 'tmpfs') return { type, source: '', target, readOnly: false };
  const source = type === 'volume' ? mount.name : mount.shown;
  return { type, source, target, readOnly: mount.readOnly };
}

function networkModeOf(mode: string, whole: (container: string) => string): string {
  return mode === 'default' ? 'bridge' : namespaceOf(mode, whole);
}

function namespaceOf(mode: string, whole: (container: string) => string): string {
  const [, container] = /^container:(.+)$/.exec(mode) ?? [];
  return container === undefined ? mode : `container:${whole(container)}`;
}
