import { parseDuration } from '../dockerfile/durations.ts';
import { parseBytes } from '../containers/sizes.ts';
import type { FlagDefinition } from './command.ts';
import { attachProblem, envProblem, hostProblem, labelProblem } from './flag-problems.ts';
import { ipProblem, sysctlProblem, ulimitProblem } from './flag-problems.ts';
import { networkProblem } from './network-flag.ts';
import { mountProblem } from './mount-flag.ts';
import { REFUSED_FLAGS } from './refused-flags.ts';

function bool(name: string, help: string, more: Partial<FlagDefinition> = {}): FlagDefinition {
  return { name, kind: 'bool', help, ...more };
}

function text(name: string, help: string, more: Partial<FlagDefinition> = {}): FlagDefinition {
  return { name, kind: 'string', value: 'string', help, ...more };
}

function list(name: string, help: string, more: Partial<FlagDefinition> = {}): FlagDefinition {
  return { name, kind: 'list', value: 'list', help, ...more };
}

function bytes(name: string, help: string, more: Partial<FlagDefinition> = {}): FlagDefinition {
  const check = (value: string): string | undefined =>
    parseBytes(value) === undefined ? `invalid size: '${value}'` : undefined;
  return text(name, help, { value: 'bytes', check, ...more });
}

function duration(name: string, help: string): FlagDefinition {
  const check = (value: string): string | undefined => {
    const parsed = parseDuration(value);
    return 'problem' in parsed ? parsed.problem : undefined;
  };
  return text(name, `${help} (ms|s|m|h)`, { value: 'duration', default: '0s', check });
}

function cpusProblem(value: string): string | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)
    ? undefined
    : `failed to parse ${value} as a rational number`;
}

export const DETACH_KEYS = text(
  'detach-keys',
  'Override the key sequence for detaching a container',
);

/** Where help would be `-h`, Docker lists it. */
const HELP = bool('help', 'Print usage');

/** What `run` and `create` both take. */
const COMMON: readonly FlagDefinition[] = [
  list('add-host', 'Add a custom host-to-IP mapping (host:ip)', { check: hostProblem }),
  list('attach', 'Attach to STDIN, STDOUT or STDERR', { short: 'a', check: attachProblem }),
  list('cap-add', 'Add Linux capabilities'),
  list('cap-drop', 'Drop Linux capabilities'),
  text('cidfile', 'Write the container ID to the file'),
  text('cpus', 'Number of CPUs', { value: 'decimal', check: cpusProblem }),
  list('dns', 'Set custom DNS servers', { check: ipProblem }),
  text('entrypoint', 'Overwrite the default ENTRYPOINT of the image'),
  list('env', 'Set environment variables', { short: 'e', check: envProblem }),
  list('env-file', 'Read in a file of environment variables'),
  list('expose', 'Expose a port or a range of ports'),
  list('group-add', 'Add additional groups to join'),
  text('health-cmd', 'Command to run to check health'),
  duration('health-interval', 'Time between running the check'),
  {
    name: 'health-retries',
    kind: 'int',
    value: 'int',
    help: 'Consecutive failures needed to report unhealthy',
  },
  duration('health-start-interval', 'Time between running the check during the start period'),
  duration(
    'health-start-period',
    'Start period for the container to initialize before starting health-retries countdown',
  ),
  duration('health-timeout', 'Maximum time to allow one check to run'),
  HELP,
  text('hostname', 'Container host name', { short: 'h' }),
  bool('init', 'Run an init inside the container that forwards signals and reaps processes'),
  text('ip', 'IPv4 address (e.g., 172.30.100.104)'),
  bool('interactive', 'Keep STDIN open even if not attached', { short: 'i' }),
  text('ipc', 'IPC mode to use'),
  list('label', 'Set meta data on a container', { short: 'l', check: labelProblem }),
  list('label-file', 'Read in a line delimited file of labels'),
  text('mac-address', 'Container MAC address (e.g., 92:d0:c6:0a:29:33)'),
  bytes('memory', 'Memory limit', { short: 'm' }),
  list('mount', 'Attach a filesystem mount to the container', {
    value: 'mount',
    check: mountProblem,
  }),
  text('name', 'Assign a name to the container'),
  list('network', 'Connect a container to a network', { value: 'network', check: networkProblem }),
  list('net', 'Connect a container to a network', {
    ...{ value: 'network', hidden: true, check: networkProblem },
  }),
  list('network-alias', 'Add network-scoped alias for the container'),
  list('net-alias', 'Add network-scoped alias for the container', { hidden: true }),
  bool('no-healthcheck', 'Disable any container-specified HEALTHCHECK'),
  text('pid', 'PID namespace to use'),
  {
    name: 'pids-limit',
    kind: 'int',
    value: 'int',
    help: 'Tune container pids limit (set -1 for unlimited)',
  },
  text('platform', 'Set platform if server is multi-platform capable'),
  bool('privileged', 'Give extended privileges to this container'),
  list('publish', "Publish a container's port(s) to the host", { short: 'p' }),
  bool('publish-all', 'Publish all exposed ports to random ports', { short: 'P' }),
  bool('quiet', 'Suppress the pull output', { short: 'q' }),
  bool('read-only', "Mount the container's root filesystem as read only"),
  text('restart', 'Restart policy to apply when a container exits', { default: 'no' }),
  bool('rm', 'Automatically remove the container when it exits'),
  list('security-opt', 'Security Options'),
  bytes('shm-size', 'Size of /dev/shm'),
  text('stop-signal', 'Signal to stop the container'),
  {
    name: 'stop-timeout',
    kind: 'int',
    value: 'int',
    help: 'Timeout (in seconds) to stop a container',
  },
  list('sysctl', 'Sysctl options', { value: 'map', default: 'map[]', check: sysctlProblem }),
  list('tmpfs', 'Mount a tmpfs directory'),
  bool('tty', 'Allocate a pseudo-TTY', { short: 't' }),
  list('ulimit', 'Ulimit options', { value: 'ulimit', default: '[]', check: ulimitProblem }),
  text('user', 'Username or UID (format: <name|uid>[:<group|gid>])', { short: 'u' }),
  list('volume', 'Bind mount a volume', { short: 'v' }),
  text('workdir', 'Working directory inside the container', { short: 'w' }),
  ...REFUSED_FLAGS,
];

export const CREATE_FLAGS: readonly FlagDefinition[] = [
  ...COMMON,
  text('pull', `Pull image before creating ("always", "|missing", "never")`, {
    default: 'missing',
  }),
];

export const RUN_FLAGS: readonly FlagDefinition[] = [
  ...COMMON,
  bool('detach', 'Run container in background and print container ID', { short: 'd' }),
  DETACH_KEYS,
  text('pull', 'Pull image before running ("always", "missing", "never")', { default: 'missing' }),
  bool('sig-proxy', 'Proxy received signals to the process', { default: 'true' }),
];
