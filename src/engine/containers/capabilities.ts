/** What Docker gives a container, in its order; `RUN` has the same. */
export const DEFAULT_CAPABILITIES: readonly string[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
];

/** All that Linux 6.1 has, in the kernel's order. */
export const ALL_CAPABILITIES: readonly string[] = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE ' +
  'NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO ' +
  'SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME ' +
  'SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG ' +
  'WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
)
  .split(' ')
  .map((name) => `CAP_${name}`);

/** `net_raw`, `CAP_NET_RAW` → `CAP_NET_RAW`; `ALL` stays. */
export function capabilityName(name: string): string {
  const upper = name.toUpperCase();
  return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}

/** What a container has after `--cap-add` and `--cap-drop`; with `ALL` added, what is dropped is all that it has not. */
export function grantedCapabilities(
  add: readonly string[],
  drop: readonly string[],
  privileged: boolean,
): readonly string[] {
  if (privileged) return ALL_CAPABILITIES;
  const added = add.map(capabilityName);
  const dropped = drop.map(capabilityName);
  const isKept = (name: string): boolean => !dropped.includes(name);
  if (added.includes('ALL')) return ALL_CAPABILITIES.filter(isKept);
  const base = dropped.includes('ALL') ? [] : DEFAULT_CAPABILITIES.filter(isKept);
  return [...new Set([...base, ...added])];
}
