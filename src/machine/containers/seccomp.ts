/**
 * What Docker's default profile keeps processes from, as its documentation lists it
 * (docs.docker.com/engine/security/seccomp), by the capability that lifts it. Docker's own profile
 * names the 350 calls that are allowed; the other way round the filter is a sixth as long, and a
 * container starts sooner, in a machine that is emulated. Not refused, unlike there: values of
 * personality(2), and sockets of AF_VSOCK.
 */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['_sysctl', 'add_key', 'create_module', 'get_kernel_syms', 'kexec_file_load', 'kexec_load'],
    ...['keyctl', 'move_pages', 'nfsservctl', 'pivot_root', 'query_module', 'request_key'],
    ...['swapoff', 'swapon', 'sysfs', 'uselib', 'userfaultfd', 'ustat', 'vm86', 'vm86old'],
  ],
  CAP_SYS_ADMIN: [
    ...['bpf', 'fanotify_init', 'fsconfig', 'fsmount', 'fsopen', 'fspick', 'lookup_dcookie'],
    ...['mount', 'mount_setattr', 'move_mount', 'open_tree', 'perf_event_open', 'quotactl'],
    ...['setdomainname', 'sethostname', 'setns', 'syslog', 'umount', 'umount2', 'unshare'],
  ],
  CAP_DAC_READ_SEARCH: ['open_by_handle_at'],
  CAP_SYS_BOOT: ['reboot'],
  CAP_SYS_CHROOT: ['chroot'],
  CAP_SYS_MODULE: ['delete_module', 'finit_module', 'init_module'],
  CAP_SYS_NICE: ['get_mempolicy', 'mbind', 'set_mempolicy'],
  CAP_SYS_PACCT: ['acct'],
  CAP_SYS_PTRACE: ['kcmp', 'process_madvise'],
  CAP_SYS_RAWIO: ['ioperm', 'iopl'],
  CAP_SYS_TIME: ['clock_settime', 'clock_settime64', 'settimeofday', 'stime'],
  CAP_SYS_TTY_CONFIG: ['vhangup'],
};

/** Other capabilities that lift the refusal of a call too. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  CAP_BPF: ['bpf'],
  CAP_PERFMON: ['perf_event_open'],
  CAP_SYSLOG: ['syslog'],
};

const EPERM = 1;
const ENOSYS = 38;

/** CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET */
const NAMESPACE_FLAGS = [
  ...[0x00020000, 0x02000000, 0x04000000, 0x08000000],
  ...[0x10000000, 0x20000000, 0x40000000],
];

/** The filter of a container with these capabilities, as OCI's `linux.seccomp`. */
export function seccompProfile(capabilities: readonly string[]): object {
  const has = new Set(capabilities);
  const lifted = new Set(capabilities.flatMap((name) => ALSO[name] ?? []));
  const names = Object.entries(REFUSED).flatMap(([capability, calls]) =>
    has.has(capability) ? [] : calls.filter((call) => !lifted.has(call)),
  );
  const refused = { names, action: 'SCMP_ACT_ERRNO', errnoRet: EPERM };
  if (has.has('CAP_SYS_ADMIN')) return profile([refused]);
  // New namespaces: the C library falls back to clone, whose flags a filter can see, unlike clone3's.
  return profile([
    refused,
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
    ...NAMESPACE_FLAGS.map((flag) => ({
      ...{ names: ['clone'], action: 'SCMP_ACT_ERRNO', errnoRet: EPERM },
      args: [{ index: 0, value: flag, valueTwo: flag, op: 'SCMP_CMP_MASKED_EQ' }],
    })),
  ]);
}

function profile(syscalls: readonly object[]): object {
  return { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_X86'], syscalls };
}
