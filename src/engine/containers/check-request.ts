import { EngineError } from '../errors.ts';
import { cleanGoPath } from '../dockerfile/glob.ts';
import { ALL_CAPABILITIES, capabilityName } from './capabilities.ts';
import type { HostConfig } from './record.ts';
import type { RequestedConfig } from './request.ts';
import { signalNumber } from './signals.ts';

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const LEAST_MEMORY = 6 * 1024 * 1024;
const MILLISECOND = 1_000_000;

/** What Docker's daemon refuses before it makes a container. Errors: `container-invalid`, `signal-invalid`. */
export function checkRequest(config: RequestedConfig, host: HostConfig): void {
  const { WorkingDir = '', StopSignal = '' } = config;
  if (WorkingDir !== '' && !WorkingDir.startsWith('/')) {
    throw invalid(
      `the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`,
    );
  }
  if (StopSignal !== '') signalNumber(StopSignal);
  checkHealth(config);
  checkRestart(host);
  checkCapabilities(host.capAdd, 'CapAdd');
  checkCapabilities(host.capDrop, 'CapDrop');
  checkModes(host);
  checkShared(config, host);
  if (host.memory !== undefined && host.memory > 0 && host.memory < LEAST_MEMORY) {
    throw invalid('Minimum memory limit allowed is 6MB');
  }
  if (host.cpus !== undefined && (host.cpus < 0.01 || host.cpus > 1)) {
    throw invalid('Range of CPUs is from 0.01 to 1.00, as there are only 1 CPUs available');
  }
  for (const option of host.securityOpt) checkSecurity(option);
}

/** Errors: `container-invalid`. `shown` is the name as the message has it. */
export function checkName(name: string, shown = name): void {
  if (NAME.test(name)) return;
  throw invalid(`Invalid container name (${shown}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
}

/** A mount's target, clean. Errors: `container-invalid`. */
export function mountTarget(path: string, word: (why: string) => string = (why) => why): string {
  if (!path.startsWith('/')) {
    throw invalid(word(`invalid mount path: '${path}' mount path must be absolute`));
  }
  return cleanGoPath(path);
}

export function invalid(message: string): EngineError {
  return new EngineError('container-invalid', message);
}

function checkHealth({ Healthcheck }: RequestedConfig): void {
  const { Interval = 0, Timeout = 0, StartPeriod = 0, StartInterval = 0 } = Healthcheck ?? {};
  for (const [name, value] of Object.entries({ Interval, Timeout, StartPeriod, StartInterval })) {
    if (value !== 0 && value < MILLISECOND) {
      throw invalid(`${name} in Healthcheck cannot be less than 1ms`);
    }
  }
}

function checkRestart({ restartPolicy, autoRemove }: HostConfig): void {
  const [name = '', count] = restartPolicy.split(':');
  if (!['', 'no', 'always', 'unless-stopped', 'on-failure'].includes(name)) {
    throw invalid(
      `invalid restart policy: unknown policy '${name}'; ` +
        "use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
    );
  }
  if (count !== undefined && Number(count) !== 0 && name !== 'on-failure') {
    throw invalid("invalid restart policy: maximum retry count can only be used with 'on-failure'");
  }
  if (count !== undefined && Number(count) < 0) {
    throw invalid('invalid restart policy: maximum retry count cannot be negative');
  }
  if (autoRemove && name !== '' && name !== 'no') {
    throw invalid("can't create 'AutoRemove' container with restart policy");
  }
}

function checkCapabilities(names: readonly string[], field: string): void {
  for (const name of names) {
    const whole = capabilityName(name);
    if (whole !== 'ALL' && !ALL_CAPABILITIES.includes(whole)) {
      throw invalid(`invalid ${field}: unknown capability: ${JSON.stringify(whole)}`);
    }
  }
}

function checkModes({ ipcMode, networkMode }: HostConfig): void {
  const ipc = ['', 'private', 'shareable', 'host', 'none'];
  if (!ipc.includes(ipcMode) && !/^container:./.test(ipcMode)) {
    throw invalid(`invalid IPC mode: ${ipcMode}`);
  }
  if (networkMode === 'container:') {
    throw invalid('Invalid network mode: invalid container format container:<name|id>');
  }
}

/** What belongs to a network cannot be chosen where the network is another container's. */
function checkShared({ Hostname = '', ExposedPorts }: RequestedConfig, host: HostConfig): void {
  if (!host.networkMode.startsWith('container:')) return;
  const type = 'the container type network mode';
  const conflicts: readonly (readonly [given: boolean, what: string])[] = [
    [Hostname !== '', 'hostname and the network mode'],
    [host.dns.length > 0, 'dns and the network mode'],
    [host.extraHosts.length > 0, 'custom host-to-IP mapping and the network mode'],
    [host.publish.length > 0 || host.publishAll, `port publishing and ${type}`],
    [Object.keys(ExposedPorts ?? {}).length > 0, `port exposing and ${type}`],
  ];
  const [, what] = conflicts.find(([given]) => given) ?? [];
  if (what !== undefined) throw invalid(`conflicting options: ${what}`);
}

function checkSecurity(option: string): void {
  const [, key = '', value = ''] = /^([^=:]*)[=:]?(.*)$/.exec(option) ?? [];
  const known = ['no-new-privileges', 'seccomp', 'apparmor', 'label', 'systempaths'];
  const isSwitch = key === 'no-new-privileges' && !['', 'true', 'false', '1', '0'].includes(value);
  if (!known.includes(key) || isSwitch) {
    throw invalid(`invalid --security-opt 2: ${JSON.stringify(option)}`);
  }
}

/** Whether `--security-opt` asks for no filter of system calls. */
export function isUnconfined({ securityOpt }: Pick<HostConfig, 'securityOpt'>): boolean {
  const last = securityOpt.findLast((option) => option.startsWith('seccomp'));
  return last !== undefined && /^seccomp[=:]unconfined$/.test(last);
}

/** Whether `--security-opt` asks for no-new-privileges. */
export function hasNoNewPrivileges({ securityOpt }: Pick<HostConfig, 'securityOpt'>): boolean {
  const last = securityOpt.findLast((option) => option.startsWith('no-new-privileges'));
  return last !== undefined && !/[=:](false|0)$/.test(last);
}
