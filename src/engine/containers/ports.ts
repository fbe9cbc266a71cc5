import type { ContainerRecord } from './record.ts';
import { isRunning } from './state.ts';

/** A port of a container that is reached from outside. */
export interface PublishedPort {
  /** In the container: `80/tcp`. */
  readonly port: string;
  readonly hostIp: string;
  readonly hostPort: string;
}

/**
 * What `-p` asked for with a port outside, `8080:80` or `127.0.0.1:8080:80/tcp`, in the order of the
 * ports; nothing of a container that does not run, as in Docker.
 */
export function publishedPorts(record: ContainerRecord): readonly PublishedPort[] {
  return isRunning(record) ? portBindings(record) : [];
}

/** The same whether the container runs or not. */
export function portBindings({ host }: ContainerRecord): readonly PublishedPort[] {
  const found = host.publish.flatMap((spec): readonly PublishedPort[] => {
    const [, ip = '', hostPort, port, protocol = 'tcp'] =
      /^(?:(.*):)?(\d+):(\d+)(?:\/(\w+))?$/.exec(spec) ?? [];
    if (hostPort === undefined || port === undefined) return [];
    return [{ port: `${port}/${protocol}`, hostIp: ip.replace(/^\[|\]$/g, ''), hostPort }];
  });
  return found.toSorted((a, b) => parseInt(a.port, 10) - parseInt(b.port, 10));
}

/** `0.0.0.0:8080->80/tcp, 443/tcp`: published ports, then those that are only exposed. */
export function shownPorts(record: ContainerRecord): string {
  if (!isRunning(record)) return '';
  const published = publishedPorts(record);
  const exposed = Object.keys(record.config.ExposedPorts ?? {}).filter(
    (port) => !published.some((one) => one.port === port),
  );
  return [
    ...published.map(
      ({ port, hostIp, hostPort }) => `${hostIp === '' ? '0.0.0.0' : hostIp}:${hostPort}->${port}`,
    ),
    ...exposed.toSorted((a, b) => parseInt(a, 10) - parseInt(b, 10)),
  ].join(', ');
}
