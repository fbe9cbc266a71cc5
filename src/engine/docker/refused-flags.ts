import type { FlagDefinition, Flags } from './command.ts';
import { usageError } from './usage-error.ts';

const LIMITS = 'only --memory, --cpus, --pids-limit and --ulimit are limited here';
const RESOLVER = 'there is no name server to ask';
const IPV4 = 'the machine has IPv4 alone';
const NAMES = 'containers of a network know each other by name';
const DEVICES = 'the machine has no devices to give away';
const ONE_RUNTIME = 'there is one runtime and one machine';
const LOGS = 'there is one way to keep logs, json-file';

/** Flags of Docker's `run` and `create` that are understood and refused: never taken and ignored. */
const REFUSED: Readonly<Record<string, string>> = {
  annotation: ONE_RUNTIME,
  'blkio-weight': LIMITS,
  'blkio-weight-device': LIMITS,
  'cgroup-parent': ONE_RUNTIME,
  cgroupns: ONE_RUNTIME,
  'cpu-period': LIMITS,
  'cpu-quota': LIMITS,
  'cpu-rt-period': LIMITS,
  'cpu-rt-runtime': LIMITS,
  'cpu-shares': LIMITS,
  'cpuset-cpus': LIMITS,
  'cpuset-mems': LIMITS,
  device: DEVICES,
  'device-cgroup-rule': DEVICES,
  'device-read-bps': DEVICES,
  'device-read-iops': DEVICES,
  'device-write-bps': DEVICES,
  'device-write-iops': DEVICES,
  'dns-opt': RESOLVER,
  'dns-option': RESOLVER,
  'dns-search': RESOLVER,
  domainname: 'give the whole name with --hostname',
  gpus: DEVICES,
  ip6: IPV4,
  isolation: ONE_RUNTIME,
  'kernel-memory': LIMITS,
  link: NAMES,
  'link-local-ip': IPV4,
  'log-driver': LOGS,
  'log-opt': LOGS,
  'memory-reservation': LIMITS,
  'memory-swap': LIMITS,
  'memory-swappiness': LIMITS,
  'oom-score-adj': LIMITS,
  runtime: ONE_RUNTIME,
  'storage-opt': ONE_RUNTIME,
  userns: ONE_RUNTIME,
  uts: ONE_RUNTIME,
  'volume-driver': 'volumes are local',
  'volumes-from': 'name the volumes with --volume',
};
const REFUSED_SWITCHES: Readonly<Record<string, string>> = {
  'disable-content-trust': 'there is no registry that signs images',
  'oom-kill-disable': LIMITS,
};
const SHORT: Readonly<Record<string, string>> = { 'cpu-shares': 'c' };

export const REFUSED_FLAGS: readonly FlagDefinition[] = [
  ...Object.entries(REFUSED).map(([name, help]): FlagDefinition => {
    const short = SHORT[name];
    return { name, kind: 'list', hidden: true, help, ...(short !== undefined && { short }) };
  }),
  ...Object.entries(REFUSED_SWITCHES).map(([name, help]): FlagDefinition => ({
    ...{ name, kind: 'bool', hidden: true, help },
  })),
];

/** Throws when one of them was given. */
export function refuseOthers(flags: Flags): void {
  for (const { name, help } of REFUSED_FLAGS) {
    if (flags.given(name)) throw usageError(`--${name} is not available here: ${help}`, 125);
  }
}
