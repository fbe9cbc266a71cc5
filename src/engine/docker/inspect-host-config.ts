import { askedPorts } from '../containers/ports.ts';
import type { ContainerRecord, HostConfig } from '../containers/record.ts';
import {
  type GoStruct,
  type GoValue,
  goField,
  goList,
  goMap,
  goNil,
  goStrings,
  goStruct,
} from '../gotemplate/value.ts';

const NANO = 1e9;

/** What `/proc` and `/sys` hide in a container, and what may not be written there: Docker's lists. */
const MASKED = [
  ...['/proc/asound', '/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/latency_stats'],
  ...['/proc/timer_list', '/proc/timer_stats', '/proc/sched_debug', '/proc/scsi'],
  ...['/sys/firmware', '/sys/devices/virtual/powercap'],
];
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** Docker's HostConfig, with all its fields: those that do nothing here have Docker's defaults. */
export function hostConfig(record: ContainerRecord): GoStruct {
  const { host } = record;
  const none = (list: readonly string[]): readonly string[] | null =>
    list.length === 0 ? null : list;
  const memory = host.memory ?? 0;
  return goStruct('*container.HostConfig', {
    Binds: goField(goStrings(none(host.binds))),
    ContainerIDFile: goField(host.containerIdFile),
    LogConfig: goField(
      goStruct('container.LogConfig', { Type: goField('json-file'), Config: goField(goMap({})) }),
    ),
    NetworkMode: goField(host.networkMode === 'default' ? 'bridge' : host.networkMode),
    PortBindings: goField(bindings(record)),
    RestartPolicy: goField(restartPolicy(host)),
    AutoRemove: goField(host.autoRemove),
    VolumeDriver: goField(''),
    VolumesFrom: goField(goStrings(null)),
    ConsoleSize: goField(goList([0, 0], '[2]uint')),
    CapAdd: goField(goStrings(none(host.capAdd), 'strslice.StrSlice')),
    CapDrop: goField(goStrings(none(host.capDrop), 'strslice.StrSlice')),
    CgroupnsMode: goField('private'),
    Dns: goField(goStrings(host.dns)),
    DnsOptions: goField(goStrings([])),
    DnsSearch: goField(goStrings([])),
    ExtraHosts: goField(goStrings(none(host.extraHosts))),
    GroupAdd: goField(goStrings(none(host.groupAdd))),
    IpcMode: goField(host.ipcMode === '' ? 'private' : host.ipcMode),
    Cgroup: goField(''),
    Links: goField(goStrings(null)),
    OomScoreAdj: goField(0),
    PidMode: goField(host.pidMode),
    Privileged: goField(host.privileged),
    PublishAllPorts: goField(host.publishAll),
    ReadonlyRootfs: goField(host.readOnlyRoot),
    SecurityOpt: goField(goStrings(none(host.securityOpt))),
    Tmpfs: goField(goMap(Object.keys(host.tmpfs).length === 0 ? null : host.tmpfs), {
      omitEmpty: true,
    }),
    UTSMode: goField(''),
    UsernsMode: goField(''),
    ShmSize: goField(host.shmSize),
    Sysctls: goField(goMap(Object.keys(host.sysctls).length === 0 ? null : host.sysctls), {
      omitEmpty: true,
    }),
    Runtime: goField('crun'),
    Isolation: goField(''),
    CpuShares: goField(0),
    Memory: goField(memory),
    NanoCpus: goField(Math.round((host.cpus ?? 0) * NANO)),
    CgroupParent: goField(''),
    BlkioWeight: goField(0),
    BlkioWeightDevice: goField(goList([], '[]*blkiodev.WeightDevice')),
    BlkioDeviceReadBps: goField(goList([], '[]*blkiodev.ThrottleDevice')),
    BlkioDeviceWriteBps: goField(goList([], '[]*blkiodev.ThrottleDevice')),
    BlkioDeviceReadIOps: goField(goList([], '[]*blkiodev.ThrottleDevice')),
    BlkioDeviceWriteIOps: goField(goList([], '[]*blkiodev.ThrottleDevice')),
    CpuPeriod: goField(0),
    CpuQuota: goField(0),
    CpuRealtimePeriod: goField(0),
    CpuRealtimeRuntime: goField(0),
    CpusetCpus: goField(''),
    CpusetMems: goField(''),
    Devices: goField(goList([], '[]container.DeviceMapping')),
    DeviceCgroupRules: goField(goStrings(null)),
    DeviceRequests: goField(goList(null, '[]container.DeviceRequest')),
    MemoryReservation: goField(0),
    MemorySwap: goField(memory * 2),
    MemorySwappiness: goField(goNil('*int64')),
    OomKillDisable: goField(false),
    PidsLimit: goField(host.pidsLimit ?? goNil('*int64')),
    Ulimits: goField(goList(host.ulimits.map(ulimit), '[]*units.Ulimit')),
    CpuCount: goField(0),
    CpuPercent: goField(0),
    IOMaximumIOps: goField(0),
    IOMaximumBandwidth: goField(0),
    Init: goField(host.init ? true : goNil('*bool'), { omitEmpty: true }),
    MaskedPaths: goField(goStrings(host.privileged ? null : MASKED)),
    ReadonlyPaths: goField(goStrings(host.privileged ? null : READ_ONLY)),
  });
}

function restartPolicy({ restartPolicy: text }: HostConfig): GoStruct {
  const [name = 'no', count = '0'] = text.split(':');
  return goStruct('container.RestartPolicy', {
    Name: goField(name === '' ? 'no' : name),
    MaximumRetryCount: goField(Number(count)),
  });
}

function bindings(record: ContainerRecord): GoValue {
  const ports = new Map<string, GoValue[]>();
  for (const { port, hostIp, hostPort } of askedPorts(record)) {
    const binding = goStruct('nat.PortBinding', {
      HostIP: goField(hostIp, { json: 'HostIp' }),
      HostPort: goField(hostPort),
    });
    ports.set(port, [...(ports.get(port) ?? []), binding]);
  }
  const entries = [...ports].map(
    ([port, list]) => [port, goList(list, '[]nat.PortBinding')] as const,
  );
  return goMap(Object.fromEntries(entries), 'nat.PortMap');
}

function ulimit({ name, soft, hard }: HostConfig['ulimits'][number]): GoStruct {
  return goStruct('*units.Ulimit', {
    Name: goField(name),
    Hard: goField(hard),
    Soft: goField(soft),
  });
}
