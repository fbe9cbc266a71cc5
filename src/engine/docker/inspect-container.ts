import type { ContainerSize } from './container-rows.ts';
import { type PublishedPort, hasPorts, publishedPorts } from '../containers/ports.ts';
import type { ContainerMount, ContainerRecord, ContainerState } from '../containers/record.ts';
import { trimFraction } from '../format/time.ts';
import {
  type FieldOptions,
  type GoStruct,
  type GoValue,
  goField,
  goList,
  goMap,
  goNil,
  goStrings,
  goStruct,
} from '../gotemplate/value.ts';
import { containerConfig } from './inspect-config.ts';
import { hostConfig } from './inspect-host-config.ts';
import { endpointSettings, legacyEndpoint } from './inspect-endpoint.ts';

const OMIT: FieldOptions = { omitEmpty: true };

/** A container as `docker inspect` shows it: Docker's fields in Docker's order. What does not exist here is empty. */
export function inspectContainer(
  record: ContainerRecord,
  more: { readonly execs: readonly string[]; readonly size?: ContainerSize },
): GoStruct {
  const { config, state } = record;
  const [path = '', ...args] = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  return goStruct('types.ContainerJSON', {
    ID: goField(record.id, { json: 'Id' }),
    Created: goField(trimFraction(record.created)),
    Path: goField(path),
    Args: goField(goStrings(args)),
    State: goField(stateOf(state)),
    Image: goField(record.image),
    ResolvConfPath: goField(''),
    HostnamePath: goField(''),
    HostsPath: goField(''),
    LogPath: goField(''),
    Name: goField(`/${record.name}`),
    RestartCount: goField(state.restartCount),
    Driver: goField('semdistro'),
    Platform: goField(record.platform.os),
    MountLabel: goField(''),
    ProcessLabel: goField(''),
    AppArmorProfile: goField(''),
    ExecIDs: goField(goStrings(more.execs.length === 0 ? null : more.execs)),
    HostConfig: goField(hostConfig(record)),
    GraphDriver: goField(
      goStruct('types.GraphDriverData', {
        Data: goField(goMap({})),
        Name: goField('semdistro'),
      }),
    ),
    // Pointers: zero is not nothing.
    SizeRw: more.size ? goField(more.size.own) : goField(goNil('*int64'), OMIT),
    SizeRootFs: more.size ? goField(more.size.total) : goField(goNil('*int64'), OMIT),
    Mounts: goField(goList(record.mounts.map(mountOf), '[]types.MountPoint')),
    Config: goField(containerConfig(config, { ...config, Image: record.imageName })),
    NetworkSettings: goField(networkSettings(record)),
  });
}

function stateOf(state: ContainerState): GoStruct {
  const { status, health } = state;
  return goStruct('*types.ContainerState', {
    Status: goField(status),
    Running: goField(['running', 'paused', 'restarting'].includes(status)),
    Paused: goField(status === 'paused'),
    Restarting: goField(status === 'restarting'),
    OOMKilled: goField(state.outOfMemory),
    Dead: goField(status === 'dead'),
    Pid: goField(state.pid),
    ExitCode: goField(state.exitCode),
    Error: goField(state.error),
    StartedAt: goField(trimFraction(state.startedAt)),
    FinishedAt: goField(trimFraction(state.finishedAt)),
    Health: goField(health ? healthOf(health) : goNil('*types.Health'), OMIT),
  });
}

function healthOf({ status, failingStreak, log }: NonNullable<ContainerState['health']>): GoStruct {
  const results = log.map(({ start, end, exitCode, output }) =>
    goStruct('*types.HealthcheckResult', {
      Start: goField(start),
      End: goField(end),
      ExitCode: goField(exitCode),
      Output: goField(output),
    }),
  );
  return goStruct('*types.Health', {
    Status: goField(status),
    FailingStreak: goField(failingStreak),
    Log: goField(goList(results, '[]*types.HealthcheckResult')),
  });
}

function mountOf(mount: ContainerMount): GoStruct {
  const from =
    mount.type === 'volume'
      ? { Name: goField(mount.name), Source: goField(volumePath(mount.name)) }
      : { Source: goField(mount.type === 'bind' ? mount.shown : '') };
  return goStruct('types.MountPoint', {
    Type: goField(mount.type),
    ...from,
    Destination: goField(mount.target),
    Driver: goField(mount.type === 'volume' ? 'local' : '', OMIT),
    Mode: goField(''),
    RW: goField(mount.type === 'tmpfs' || !mount.readOnly),
    Propagation: goField(mount.type === 'bind' ? 'rprivate' : ''),
  });
}

/** Where Docker would keep a volume; nobody can look there. */
export function volumePath(name: string): string {
  return `/var/lib/docker/volumes/${name}/_data`;
}

function networkSettings(record: ContainerRecord): GoStruct {
  const exposed = hasPorts(record) ? Object.keys(record.config.ExposedPorts ?? {}) : [];
  return goStruct('*types.NetworkSettings', {
    Bridge: goField(''),
    SandboxID: goField(''),
    SandboxKey: goField(''),
    Ports: goField(portMap(publishedPorts(record), exposed)),
    HairpinMode: goField(false),
    LinkLocalIPv6Address: goField(''),
    LinkLocalIPv6PrefixLen: goField(0),
    SecondaryIPAddresses: goField(goList(null, '[]network.Address')),
    SecondaryIPv6Addresses: goField(goList(null, '[]network.Address')),
    ...legacyEndpoint(record),
    Networks: goField(endpointSettings(record)),
  });
}

/** Docker's PortMap: where each port is reached, nothing for one that is only exposed. */
function portMap(ports: readonly PublishedPort[], exposed: readonly string[]): GoValue {
  const type = '[]nat.PortBinding';
  const found = new Map<string, GoValue[]>();
  for (const { port, hostIp, hostPort } of ports) {
    const binding = goStruct('nat.PortBinding', {
      HostIP: goField(hostIp, { json: 'HostIp' }),
      HostPort: goField(hostPort),
    });
    found.set(port, [...(found.get(port) ?? []), binding]);
  }
  const names = new Set([...exposed, ...found.keys()]);
  return goMap(
    Object.fromEntries([...names].map((port) => [port, goList(found.get(port) ?? null, type)])),
    'nat.PortMap',
  );
}
