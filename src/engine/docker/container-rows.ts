import { endpointsOf } from '../networks/endpoints.ts';
import { shownPorts } from '../containers/ports.ts';
import type { ContainerRecord, ContainerState } from '../containers/record.ts';
import { NEVER } from '../containers/state.ts';
import { humanDuration } from '../format/duration.ts';
import { ellipsis } from '../format/ellipsis.ts';
import { quote } from '../format/go-quote.ts';
import type { Listing, Row } from '../format/listing.ts';
import { humanSize } from '../format/size.ts';
import { goTime, unixSeconds, type Zone } from '../format/time.ts';
import type { Digest } from '../oci/digest.ts';
import { hexOf } from '../oci/digest.ts';

const TABLE =
  '{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}';

/** How `docker ps` lists, with a column for sizes or without. */
export function containerListing(size: boolean): Listing {
  return {
    type: '*formatter.ContainerContext',
    titles: {
      ID: 'CONTAINER ID',
      Names: 'NAMES',
      Image: 'IMAGE',
      Command: 'COMMAND',
      CreatedAt: 'CREATED AT',
      RunningFor: 'CREATED',
      Ports: 'PORTS',
      State: 'STATE',
      Status: 'STATUS',
      Size: 'SIZE',
      Labels: 'LABELS',
      Mounts: 'MOUNTS',
      LocalVolumes: 'LOCAL VOLUMES',
      Networks: 'NETWORKS',
    },
    table: size ? `${TABLE}\t{{.Size}}` : TABLE,
    quiet: '{{.ID}}',
  };
}

/** Bytes a container wrote, and with what is below. */
export interface ContainerSize {
  readonly own: number;
  readonly total: number;
}

export interface ContainerRowOptions {
  readonly trunc: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly zone: Zone;
  /** By ID, when sizes were asked for. */
  readonly sizes?: ReadonlyMap<string, ContainerSize>;
  /** By the name that was typed, the image that has it now. */
  readonly images: ReadonlyMap<string, Digest>;
}

const COMMAND = 20;
const MOUNT = 15;

/** A container as `docker ps` shows it. */
export function containerRow(record: ContainerRecord, options: ContainerRowOptions): Row {
  const { trunc, now, zone } = options;
  const labels = Object.entries(record.config.Labels ?? {});
  const created = unixSeconds(record.created);
  return {
    Command: () => {
      const command = commandText(record);
      return quote(trunc ? ellipsis(command, COMMAND) : command);
    },
    CreatedAt: () => goTime(created, zone),
    ID: () => (trunc ? record.id.slice(0, 12) : record.id),
    Image: () => imageText(record, options),
    Label: { method: (name) => record.config.Labels?.[name] ?? '' },
    Labels: () => labels.map(([name, value]) => `${name}=${value}`).join(','),
    LocalVolumes: () => String(record.mounts.filter(({ type }) => type === 'volume').length),
    Mounts: () =>
      mountNames(record)
        .map((name) => (trunc ? ellipsis(name, MOUNT) : name))
        .join(','),
    Names: () => record.name,
    Networks: () =>
      endpointsOf(record)
        .map(({ network }) => network)
        .toSorted()
        .join(','),
    Ports: () => shownPorts(record),
    RunningFor: () => `${humanDuration(now - created * 1000)} ago`,
    Size: () => sizeText(options.sizes?.get(record.id)),
    State: () => record.state.status,
    Status: () => statusText(record.state, now),
  };
}

/** `2B (virtual 2.03MB)` */
export function sizeText(size: ContainerSize = { own: 0, total: 0 }): string {
  const own = humanSize(size.own);
  return size.total > 0 ? `${own} (virtual ${humanSize(size.total)})` : own;
}

/** The program and its arguments, those with a space quoted, as Docker's daemon tells it. */
export function commandText({ config }: ContainerRecord): string {
  const [path = '', ...args] = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  return [path, ...args.map((arg) => (arg.includes(' ') ? `'${arg}'` : arg))].join(' ');
}

/** `Up 3 minutes (healthy)`, `Exited (3) 5 seconds ago`. */
export function statusText(state: ContainerState, now: number): string {
  const since = (time: string): string => humanDuration(now - Date.parse(time));
  switch (state.status) {
    case 'running': {
      const { health } = state;
      const up = `Up ${since(state.startedAt)}`;
      if (!health) return up;
      return `${up} (${health.status === 'starting' ? 'health: starting' : health.status})`;
    }
    case 'paused':
      return `Up ${since(state.startedAt)} (Paused)`;
    case 'restarting':
      return `Restarting (${state.exitCode}) ${since(state.finishedAt)} ago`;
    case 'dead':
      return 'Dead';
    case 'created':
      return 'Created';
    case 'exited':
      if (state.startedAt === NEVER) return 'Created';
      if (state.finishedAt === NEVER) return '';
      return `Exited (${state.exitCode}) ${since(state.finishedAt)} ago`;
  }
}

/** The name that was typed, as long as it still is that image's, or else the ID. */
function imageText(record: ContainerRecord, { trunc, images }: ContainerRowOptions): string {
  const short = hexOf(record.image).slice(0, 12);
  if (images.get(record.imageName) === record.image && record.imageName !== short) {
    return trunc && record.imageName.replace('sha256:', '').startsWith(short)
      ? short
      : record.imageName;
  }
  return trunc ? short : record.image;
}

function mountNames({ mounts }: ContainerRecord): readonly string[] {
  return mounts.flatMap((mount) => {
    if (mount.type === 'volume') return [mount.name];
    return mount.type === 'bind' ? [mount.shown] : [];
  });
}
