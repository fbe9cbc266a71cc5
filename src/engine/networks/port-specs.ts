import { EngineError } from '../errors.ts';
import { parseAddress } from './address.ts';

const PROTOCOLS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);
const HIGHEST = 65535;
const IPV6 = /^(?=.*:.*:)[\da-f:]+$/i;

/** One port of a container that is to be reached from outside. */
export interface PortMapping {
  /** In the container: `80/tcp`. */
  readonly port: string;
  /** '' for all addresses. */
  readonly hostIp: string;
  /** A number, `8000-8010` for any of these, '' for one that is free. */
  readonly hostPort: string;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * What one `-p` asks for: `80`, `8080:80/tcp`, `127.0.0.1::80`, `8000-8002:80-82`. Errors:
 * `port-invalid`, in the words of Docker's client.
 */
export function parsePortSpec(text: string): readonly PortMapping[] {
  const { ip, host, container, protocol } = split(text);
  const hostIp = ip.replace(/^\[(.*)\]$/, '$1');
  if (hostIp !== '' && parseAddress(hostIp) === undefined && !IPV6.test(hostIp)) {
    throw wrong(`Invalid ip address: ${hostIp}`);
  }
  if (container === '') throw wrong(`No port specified: ${text}<empty>`);
  const ports = range(container);
  if (!ports) throw wrong(`Invalid containerPort: ${container}`);
  const outside = host === '' ? undefined : range(host);
  if (host !== '' && !outside) throw wrong(`Invalid hostPort: ${host}`);
  const isMany = ports.last > ports.first;
  if (outside && isMany && ports.last - ports.first !== outside.last - outside.first) {
    throw wrong(`Invalid ranges specified for container and host Ports: ${container} and ${host}`);
  }
  if (!PROTOCOLS.has(protocol.toLowerCase())) throw wrong(`Invalid proto: ${protocol}`);
  return Array.from({ length: ports.last - ports.first + 1 }, (_, index) => ({
    port: `${ports.first + index}/${protocol.toLowerCase()}`,
    hostIp,
    hostPort: !outside ? '' : isMany ? String(outside.first + index) : rangeText(outside),
  }));
}

/** The numbers that a mapping's port outside may be; undefined when any will do. */
export function hostPorts({ hostPort }: PortMapping): Range | undefined {
  return hostPort === '' || hostPort === '0' ? undefined : range(hostPort);
}

function split(text: string): {
  readonly ip: string;
  readonly host: string;
  readonly container: string;
  readonly protocol: string;
} {
  const parts = text.split(':');
  const last = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  const slash = last.indexOf('/');
  const [container, protocol] =
    slash < 0 ? [last, 'tcp'] : [last.slice(0, slash), last.slice(slash + 1)];
  return { ip: parts.join(':'), host, container, protocol: protocol === '' ? 'tcp' : protocol };
}

function range(text: string): Range | undefined {
  const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === '' || Number(first) > HIGHEST || Number(last) > HIGHEST) return undefined;
  return Number(last) < Number(first) ? undefined : { first: Number(first), last: Number(last) };
}

function rangeText({ first, last }: Range): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function wrong(message: string): EngineError {
  return new EngineError('port-invalid', message);
}
