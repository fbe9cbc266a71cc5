/** What Docker's client says of a flag's value that is wrong; undefined when it is fine. */

const IP4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const IP6 = /^(?=.*:.*:)[0-9a-f:]{2,39}$/i;

function isIp(text: string): boolean {
  return IP4.test(text) || IP6.test(text);
}

export function ipProblem(value: string): string | undefined {
  return isIp(value.trim()) ? undefined : `IP address is not correctly formatted: ${value}`;
}

export function attachProblem(value: string): string | undefined {
  const known = ['stdin', 'stdout', 'stderr'].includes(value.toLowerCase());
  return known ? undefined : 'valid streams are STDIN, STDOUT and STDERR';
}

export function envProblem(value: string): string | undefined {
  return value === '' || value.startsWith('=')
    ? `invalid environment variable: ${value}`
    : undefined;
}

export function labelProblem(value: string): string | undefined {
  return value.trim() === '' || value.startsWith('=')
    ? `invalid label '${value}': empty name`
    : undefined;
}

/** `host:ip` or `host=ip`; the address may be in brackets, or `host-gateway`. */
export function splitHost(value: string): readonly [host: string, ip: string] | undefined {
  const [, host = '', ip = ''] = /^([^=:]+)[=:](.+)$/s.exec(value) ?? [];
  return host === '' ? undefined : [host, ip.replace(/^\[(.*)\]$/, '$1')];
}

export function hostProblem(value: string): string | undefined {
  const [host, ip] = splitHost(value) ?? [];
  if (host === undefined || ip === undefined) {
    return `bad format for add-host: ${JSON.stringify(value)}`;
  }
  if (ip === 'host-gateway') return 'there is no gateway to a host here';
  return isIp(ip) ? undefined : `invalid IP address in add-host: ${JSON.stringify(ip)}`;
}

/** What Docker lets a container set in its own namespaces. */
const SYSCTLS = new Set([
  ...['kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni', 'kernel.sem', 'kernel.shmall'],
  ...['kernel.shmmax', 'kernel.shmmni', 'kernel.shm_rmid_forced'],
]);

export function sysctlProblem(value: string): string | undefined {
  const at = value.indexOf('=');
  const name = value.slice(0, Math.max(at, 0));
  const isKnown = SYSCTLS.has(name) || /^(?:net|fs\.mqueue)\./.test(name);
  return at >= 0 && isKnown ? undefined : `sysctl '${value}' is not allowed`;
}

const ULIMITS = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(
    ' ',
  ),
);

export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** `nofile=1024:2048`, or what is wrong with it. */
export function parseUlimit(value: string): Ulimit | { readonly problem: string } {
  const [, name = '', limits = ''] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  if (name === '') return { problem: `invalid ulimit argument: ${value}` };
  if (!ULIMITS.has(name)) return { problem: `invalid ulimit type: ${name}` };
  const parts = limits.split(':');
  if (parts.length > 2) {
    return {
      problem: `too many limit value arguments - ${limits}, can only have up to two, \`soft[:hard]\``,
    };
  }
  for (const part of parts) {
    if (!/^[+-]?\d+$/.test(part)) {
      return { problem: `strconv.ParseInt: parsing ${JSON.stringify(part)}: invalid syntax` };
    }
  }
  const [soft = 0, hard = soft] = parts.map(Number);
  if (hard >= 0 && (soft > hard || soft < 0)) {
    return {
      problem: `ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`,
    };
  }
  return { name, soft, hard };
}

export function ulimitProblem(value: string): string | undefined {
  const parsed = parseUlimit(value);
  return 'problem' in parsed ? parsed.problem : undefined;
}
