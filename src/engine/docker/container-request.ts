import { parsePorts } from '../build/ports.ts';
import { DEFAULT_SHM } from '../containers/spec.ts';
import { parseBytes } from '../containers/sizes.ts';
import type { HostConfig } from '../containers/record.ts';
import type { ContainerRequest, RequestedConfig } from '../containers/request.ts';
import { mountTarget } from '../containers/check-request.ts';
import { parseDuration } from '../dockerfile/durations.ts';
import { EngineError } from '../errors.ts';
import type { HealthConfig, OciPlatform } from '../oci/image.ts';
import { parsePlatform } from '../oci/platform.ts';
import type { CommandContext, Flags } from './command.ts';
import { parseUlimit, splitHost } from './flag-problems.ts';
import { readEnv, readLabels } from './key-values.ts';
import { requestedMounts } from './requested-mounts.ts';
import { requestedNetworks } from './network-flag.ts';
import { parsePortSpec } from '../networks/port-specs.ts';
import { refuseOthers } from './refused-flags.ts';
import { usageError } from './usage-error.ts';

type Attached = Pick<RequestedConfig, 'AttachStdin' | 'AttachStdout' | 'AttachStderr'>;

/**
 * What `docker run` or `create` asks for. Errors: `usage` with 125 for what Docker's client refuses,
 * `container-invalid` for what its daemon does.
 */
export async function containerRequest(context: CommandContext): Promise<ContainerRequest> {
  const { session, args, flags } = context;
  refuseOthers(flags);
  const [image = '', ...command] = args;
  const name = flags.string('name');
  const platform = wantedPlatform(context);
  const { mounts, binds, anonymous } = await requestedMounts(context);
  const ports = publishedPorts(flags);
  const { mode, endpoints } = requestedNetworks(flags);
  const health = healthOf(flags);
  const entrypoint = flags.string('entrypoint');
  const hostname = flags.string('hostname');
  const stopTimeout = flags.int('stop-timeout');
  const config: RequestedConfig = {
    ...attached(flags),
    ...(hostname !== undefined && { Hostname: hostname }),
    Domainname: '',
    Tty: flags.bool('tty'),
    OpenStdin: flags.bool('interactive'),
    StdinOnce: flags.bool('interactive') && attached(flags).AttachStdin,
    User: flags.string('user') ?? '',
    WorkingDir: flags.string('workdir') ?? '',
    Env: await readEnv(session, flags),
    Cmd: command,
    ...(entrypoint !== undefined && { Entrypoint: [entrypoint] }),
    Labels: await readLabels(session, flags),
    StopSignal: flags.string('stop-signal') ?? '',
    ...(stopTimeout !== undefined && { StopTimeout: stopTimeout }),
    ...(ports.length > 0 && { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) }),
    ...(anonymous.length > 0 && {
      Volumes: Object.fromEntries(anonymous.map((path) => [path, {}])),
    }),
    ...(health && { Healthcheck: health }),
  };
  return {
    ...{ image, config, mounts, host: hostConfig(flags, binds, mode), networks: endpoints },
    ...(name !== undefined && name !== '' && { name }),
    ...(platform && { platform }),
  };
}

/** `--platform`, or what DOCKER_DEFAULT_PLATFORM says. */
export function wantedPlatform({ session, flags }: CommandContext): OciPlatform | undefined {
  const text = flags.string('platform') ?? session.env['DOCKER_DEFAULT_PLATFORM'] ?? '';
  if (text === '') return undefined;
  try {
    return parsePlatform(text);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw usageError(
      `error parsing specified platform: ${JSON.stringify(text)}: cannot parse platform specifier: invalid argument`,
      125,
    );
  }
}

/** Which of a container's streams the command takes part in; `create` has no `-d`, and is as `run` without it. */
export function attached(flags: Flags): Attached {
  const given = flags.list('attach').map((name) => name.toLowerCase());
  if (given.length > 0) {
    return {
      AttachStdin: given.includes('stdin'),
      AttachStdout: given.includes('stdout'),
      AttachStderr: given.includes('stderr'),
    };
  }
  const isAttached = !(flags.has('detach') && flags.bool('detach'));
  const AttachStdin = isAttached && flags.bool('interactive');
  return { AttachStdin, AttachStdout: isAttached, AttachStderr: isAttached };
}

function hostConfig(flags: Flags, binds: readonly string[], networkMode: string): HostConfig {
  const memory = parseBytes(flags.string('memory') ?? '');
  const cpus = flags.string('cpus');
  const pidsLimit = flags.int('pids-limit');
  const shmSize = parseBytes(flags.string('shm-size') ?? '0') ?? 0;
  const autoRemove = flags.bool('rm');
  return {
    ...{ binds, autoRemove, containerIdFile: flags.string('cidfile') ?? '' },
    readOnlyRoot: flags.bool('read-only'),
    capAdd: flags.list('cap-add'),
    capDrop: flags.list('cap-drop'),
    securityOpt: securityOptions(flags),
    privileged: flags.bool('privileged'),
    init: flags.bool('init'),
    pidMode: pidMode(flags.string('pid') ?? ''),
    ipcMode: flags.string('ipc') ?? '',
    networkMode,
    ...(memory !== undefined && memory > 0 && { memory }),
    ...(cpus !== undefined && Number(cpus) !== 0 && { cpus: Number(cpus) }),
    ...(pidsLimit !== undefined && { pidsLimit }),
    shmSize: shmSize === 0 ? DEFAULT_SHM : shmSize,
    ulimits: flags.list('ulimit').flatMap((value) => {
      const parsed = parseUlimit(value);
      return 'problem' in parsed ? [] : [parsed];
    }),
    extraHosts: flags.list('add-host').map((value) => (splitHost(value) ?? []).join(':')),
    restartPolicy: restartPolicy(flags.string('restart') ?? 'no', autoRemove),
    groupAdd: flags.list('group-add'),
    dns: flags.list('dns').map((address) => address.trim()),
    sysctls: Object.fromEntries(flags.list('sysctl').map(keyValue)),
    publish: flags.list('publish'),
    publishAll: flags.bool('publish-all'),
    tmpfs: Object.fromEntries(flags.list('tmpfs').map(tmpfs)),
  };
}

function keyValue(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

function tmpfs(text: string): readonly [string, string] {
  const [path = '', ...options] = text.split(':');
  return [mountTarget(path), options.join(':')];
}

function securityOptions(flags: Flags): readonly string[] {
  const given = flags.list('security-opt');
  for (const option of given) {
    const isSwitch = option === 'no-new-privileges' || /[=:]/.test(option);
    if (!isSwitch) throw usageError(`Invalid --security-opt: ${JSON.stringify(option)}`, 125);
    // A profile is a file of system calls, and there is nothing here that reads one.
    if (/^(?:seccomp|apparmor)[=:](?!unconfined$)/.test(option)) {
      throw usageError(
        `--security-opt ${option} is not available here: there are no profiles`,
        125,
      );
    }
    if (/^systempaths/.test(option)) {
      throw usageError(`--security-opt ${option} is not available here: use --privileged`, 125);
    }
  }
  return given;
}

function pidMode(mode: string): string {
  if (mode === '' || mode === 'host' || /^container:./.test(mode)) return mode;
  throw usageError('--pid: invalid PID mode', 125);
}

function restartPolicy(text: string, autoRemove: boolean): string {
  const [name = '', count, ...more] = text.split(':');
  if (more.length > 0) throw usageError('invalid restart policy format', 125);
  if (count !== undefined && name === '') {
    throw usageError('invalid restart policy format: no policy provided before colon', 125);
  }
  if (count !== undefined && !/^[+-]?\d+$/.test(count)) {
    throw usageError('invalid restart policy format: maximum retry count must be an integer', 125);
  }
  if (autoRemove && name !== '' && name !== 'no') {
    throw usageError('Conflicting options: --restart and --rm', 125);
  }
  return text === '' ? 'no' : text;
}

/** Container ports of `--expose` and `-p`, as config keys. */
function publishedPorts(flags: Flags): readonly string[] {
  const exposed = flags.list('expose').flatMap((word) => {
    if (word.includes(':')) throw usageError(`invalid port format for --expose: ${word}`, 125);
    return portsOf(word, (why) => `invalid range format for --expose: ${word}, error: ${why}`);
  });
  const published = flags.list('publish').flatMap(publishedPort);
  return [...exposed, ...published];
}

/** Errors: `usage`, of what the machine cannot do too. */
function publishedPort(word: string): readonly string[] {
  const mappings = clientErrors(
    () => parsePortSpec(word),
    (why) => why,
  );
  for (const { port, hostIp } of mappings) {
    const what = `--publish ${word} is not available here`;
    if (!port.endsWith('/tcp')) throw usageError(`${what}: only tcp ports are published`, 125);
    if (hostIp.includes(':')) throw usageError(`${what}: the machine has IPv4 alone`, 125);
  }
  return mappings.map(({ port }) => port);
}

function portsOf(word: string, wording: (why: string) => string): readonly string[] {
  return clientErrors(() => parsePorts(word), wording);
}

function clientErrors<T>(read: () => T, wording: (why: string) => string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError) throw usageError(wording(error.message), 125);
    throw error;
  }
}

function healthOf(flags: Flags): HealthConfig | undefined {
  const command = flags.string('health-cmd') ?? '';
  const Retries = flags.int('health-retries') ?? 0;
  const durations = {
    Interval: nanoseconds(flags, 'health-interval'),
    Timeout: nanoseconds(flags, 'health-timeout'),
    StartPeriod: nanoseconds(flags, 'health-start-period'),
    StartInterval: nanoseconds(flags, 'health-start-interval'),
  };
  const isSet =
    command !== '' || Retries !== 0 || Object.values(durations).some((one) => one !== 0);
  if (flags.bool('no-healthcheck')) {
    if (isSet) throw usageError('--no-healthcheck conflicts with --health-* options', 125);
    return { Test: ['NONE'] };
  }
  if (!isSet) return undefined;
  if (Retries < 0) throw usageError('--health-retries cannot be negative', 125);
  return {
    ...(command !== '' && { Test: ['CMD-SHELL', command] }),
    ...Object.fromEntries(Object.entries(durations).filter(([, value]) => value !== 0)),
    ...(Retries !== 0 && { Retries }),
  };
}

function nanoseconds(flags: Flags, name: string): number {
  const parsed = parseDuration(flags.string(name) ?? '0s');
  const value = 'problem' in parsed ? 0 : parsed.nanoseconds;
  if (value < 0) throw usageError(`--${name} cannot be negative`, 125);
  return value;
}
