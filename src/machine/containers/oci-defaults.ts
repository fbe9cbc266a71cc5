/** What Docker gives every container that is not privileged (moby, oci/defaults.go), as of 26.1. */
export const MASKED_PATHS: readonly string[] = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];

export const READONLY_PATHS: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];

const character = (major: number, minor: number, access = 'rwm'): object => ({
  allow: true,
  type: 'c',
  major,
  minor,
  access,
});

/** zero, null, urandom, random, console, tty, ptmx, fuse may be made and used; of other devices only names be made. */
export const DEVICE_RULES: readonly object[] = [
  { allow: false, access: 'rwm' },
  { allow: true, type: 'c', access: 'm' },
  { allow: true, type: 'b', access: 'm' },
  ...[character(1, 3), character(1, 5), character(1, 7), character(1, 8), character(1, 9)],
  ...[character(5, 0), character(5, 1), character(5, 2), character(10, 229, 'rwm')],
  { allow: true, type: 'c', major: 136, access: 'rwm' },
];

/** moby, daemon/oci_linux.go: of containers with a network of their own. */
export const NETWORK_SYSCTLS: Readonly<Record<string, string>> = {
  'net.ipv4.ip_unprivileged_port_start': '0',
  'net.ipv4.ping_group_range': '0 2147483647',
};

/** What a privileged container sees beside the usual; the ports that the machine itself uses are not among them. */
export const PRIVILEGED_DEVICES: readonly object[] = [
  { path: '/dev/kmsg', type: 'c', major: 1, minor: 11, fileMode: 0o644, uid: 0, gid: 0 },
  { path: '/dev/mem', type: 'c', major: 1, minor: 1, fileMode: 0o640, uid: 0, gid: 0 },
  { path: '/dev/port', type: 'c', major: 1, minor: 4, fileMode: 0o640, uid: 0, gid: 0 },
];

/** The mounts every container has, in Docker's order; `/dev/shm` and `/dev/mqueue` go with the IPC namespace. */
export function usualMounts(privileged: boolean): readonly OciMount[] {
  const access = privileged ? 'rw' : 'ro';
  return [
    mount('/proc', 'proc', 'proc', ['nosuid', 'noexec', 'nodev']),
    mount('/dev', 'tmpfs', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=65536k']),
    mount('/dev/pts', 'devpts', 'devpts', [
      ...['nosuid', 'noexec', 'newinstance'],
      ...['ptmxmode=0666', 'mode=0620', 'gid=5'],
    ]),
    mount('/sys', 'sysfs', 'sysfs', ['nosuid', 'noexec', 'nodev', access]),
    mount('/sys/fs/cgroup', 'cgroup', 'cgroup', [access, 'nosuid', 'noexec', 'nodev']),
    mount('/dev/mqueue', 'mqueue', 'mqueue', ['nosuid', 'noexec', 'nodev']),
  ];
}

export interface OciMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export function mount(
  destination: string,
  type: string,
  source: string,
  options: readonly string[],
): OciMount {
  return { destination, type, source, options };
}
