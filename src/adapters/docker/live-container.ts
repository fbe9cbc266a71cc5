import type { ContainerConfig } from '../../engine/oci/image.ts';
import type { LiveContainer, LiveMount, LivePort, LiveState } from '../../verify/live.ts';
import type { InspectedContainer } from './live-schemas.ts';

/** A container as the port tells of it. `whole` makes the ID of a name or of an ID's beginning. */
export function liveContainer(
  found: InspectedContainer,
  whole: (container: string) => string,
): LiveContainer {
  const { Config, HostConfig, NetworkSettings } = found;
  const mode = HostConfig.NetworkMode ?? '';
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ''),
    image: found.Image.includes(':') ? found.Image : `sha256:${found.Image}`,
    imageName: Config.Image ?? '',
    created: Date.parse(found.Created),
    state: stateOf(found),
    config: configOf(Config),
    networks: Object.entries(NetworkSettings.Networks ?? {}).map(([network, endpoint]) => ({
      network,
      address: endpoint.IPAddress ?? '',
      aliases: [...new Set([...(endpoint.Aliases ?? []), ...(endpoint.DNSNames ?? [])])],
    })),
    ports: portsOf(NetworkSettings.Ports ?? {}),
    mounts: mountsOf(found),
    networkMode: mode === '' || mode === 'default' ? 'bridge' : namespaceOf(mode, whole),
    pidMode: pidModeOf(HostConfig.PidMode ?? '', whole),
    capAdd: (HostConfig.CapAdd ?? []).map((name) => name.toUpperCase().replace(/^CAP_/, '')),
    privileged: HostConfig.Privileged ?? false,
    readOnly: HostConfig.ReadonlyRootfs ?? false,
  };
}

function stateOf({ State, RestartCount }: InspectedContainer): LiveState {
  const health = HEALTH.find((known) => known === State.Health?.Status);
  return {
    status:
      STATUSES.find((known) => known === State.Status) ?? OTHER_STATUSES[State.Status] ?? 'dead',
    running: State.Running,
    exitCode: State.ExitCode,
    startedAt: timeOf(State.StartedAt),
    finishedAt: timeOf(State.FinishedAt),
    restartCount: RestartCount ?? 0,
    ...(health && {
      health: { status: health, output: State.Health?.Log?.at(-1)?.Output.slice(0, 4096) ?? '' },
    }),
  };
}

const HEALTH = ['starting', 'healthy', 'unhealthy'] as const;
const STATUSES = [
  ...(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const),
];
/** Podman's words. */
const OTHER_STATUSES: Readonly<Record<string, LiveState['status']>> = {
  configured: 'created',
  initialized: 'created',
  stopping: 'running',
  stopped: 'exited',
};

/** Undefined for Go's zero time. */
function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) || time < 0 ? undefined : time;
}

function configOf(config: InspectedContainer['Config']): ContainerConfig {
  const { User, Env, Cmd, Entrypoint, WorkingDir, Labels } = config;
  const entrypoint = typeof Entrypoint === 'string' ? Entrypoint.split(' ') : Entrypoint;
  return {
    User: User ?? '',
    Env: Env ?? [],
    Cmd: Cmd ?? null,
    Entrypoint: entrypoint ?? null,
    WorkingDir: WorkingDir ?? '',
    Labels: Labels ?? {},
  };
}

function portsOf(
  ports: NonNullable<InspectedContainer['NetworkSettings']['Ports']>,
): readonly LivePort[] {
  return Object.entries(ports).flatMap(([name, bindings]) => {
    const [port = '', protocol = 'tcp'] = name.split('/');
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      ...{ port: Number(port), protocol, hostPort: Number(HostPort) },
      hostIp: HostIp === '' ? '0.0.0.0' : (HostIp ?? '0.0.0.0'),
    }));
  });
}

function mountsOf({ Mounts, HostConfig }: InspectedContainer): readonly LiveMount[] {
  const mounts = (Mounts ?? []).flatMap(({ Type, Name, Source, Destination, RW }) => {
    const type = (['volume', 'bind', 'tmpfs'] as const).find((known) => known === Type);
    const source = type === 'volume' ? (Name ?? '') : type === 'bind' ? (Source ?? '') : '';
    return type ? [{ type, source, target: Destination, readOnly: !RW }] : [];
  });
  // `--tmpfs` is not among the mounts, and Podman has it in both.
  const others = Object.keys(HostConfig.Tmpfs ?? {})
    .filter((target) => !mounts.some((mount) => mount.target === target))
    .map((target) => ({ type: 'tmpfs' as const, source: '', target, readOnly: false }));
  return [...mounts, ...others];
}

/** Podman says `private` for a namespace of its own. */
function pidModeOf(mode: string, whole: (container: string) => string): string {
  return mode === 'private' ? '' : namespaceOf(mode, whole);
}

function namespaceOf(mode: string, whole: (container: string) => string): string {
  const [, container] = /^container:(.+)$/.exec(mode) ?? [];
  return container === undefined ? mode : `container:${whole(container)}`;
}
