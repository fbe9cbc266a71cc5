import { type PortMapping, parsePortSpec } from '../networks/port-specs.ts';
import type { ContainerRecord } from './record.ts';
import { isRunning } from './state.ts';

/** A port of a container that is reached from outside. */
export interface PublishedPort {
  /** In the container: `80/tcp`. */
  readonly port: string;
  readonly hostIp: string;
  readonly hostPort: string;
}

/** Ports that are open, in the order of the container's; none of a container that does not run here. */
export function publishedPorts(record: ContainerRecord): readonly PublishedPort[] {
  return byPort(isRunning(record) ? (record.joined?.ports ?? []) : []);
}

/** What `-p` and `-P` ask for, in the order of the container's ports, whether it runs or not. */
export function portBindings(record: ContainerRecord): readonly PortMapping[] {
  const asked = askedPorts(record);
  const others = record.host.publishAll
    ? Object.keys(record.config.ExposedPorts ?? {})
        .filter((port) => port.endsWith('/tcp') && !asked.some((one) => one.port === port))
        .map((port) => ({ port, hostIp: '', hostPort: '' }))
    : [];
  return byPort([...asked, ...others]);
}

/** What `-p` asks for. */
export function askedPorts({ host }: Pick<ContainerRecord, 'host'>): readonly PortMapping[] {
  return byPort(host.publish.flatMap(parsePortSpec));
}

/** Whether a container's ports can be seen from outside: it runs, and is in a bridge that is not closed. */
export function hasPorts(record: ContainerRecord): boolean {
  const leases = isRunning(record) ? (record.joined?.leases ?? []) : [];
  return leases.some(({ place }) => place !== undefined);
}

/** `0.0.0.0:8080->80/tcp, 443/tcp`: neighbours in one, as Docker's client shows them. */
export function shownPorts(record: ContainerRecord): string {
  if (!hasPorts(record)) return '';
  const published = publishedPorts(record);
  const exposed = Object.keys(record.config.ExposedPorts ?? {})
    .filter((port) => !published.some((one) => one.port === port))
    .map((port) => ({ port, hostIp: '', hostPort: '' }));
  const groups = new Map<string, { first: number; last: number }>();
  const shown: string[] = [];
  const others: string[] = [];
  for (const { port, hostIp, hostPort } of byPort([...published, ...exposed])) {
    const number = parseInt(port, 10);
    const protocol = port.slice(port.indexOf('/') + 1);
    if (hostIp !== '' && hostPort !== String(number)) {
      others.push(`${hostIp}:${hostPort}->${port}`);
      continue;
    }
    const key = `${hostIp}/${protocol}`;
    const group = groups.get(key);
    if (group && number === group.last + 1) group.last = number;
    else {
      if (group) shown.push(groupText(key, group));
      groups.set(key, { first: number, last: number });
    }
  }
  const rest = [...groups].map(([key, group]) => groupText(key, group));
  return [...shown, ...rest, ...others].join(', ');
}

function groupText(
  key: string,
  { first, last }: { readonly first: number; readonly last: number },
): string {
  const [ip = '', protocol = ''] = key.split('/');
  const ports = first === last ? String(first) : `${first}-${last}`;
  return `${ip === '' ? ports : `${ip}:${ports}->${ports}`}/${protocol}`;
}

function byPort<T extends PortMapping>(ports: readonly T[]): readonly T[] {
  return ports.toSorted(
    (a, b) =>
      parseInt(a.port, 10) - parseInt(b.port, 10) ||
      order(a.hostIp, b.hostIp) ||
      Number(a.hostPort) - Number(b.hostPort) ||
      order(a.port, b.port),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
