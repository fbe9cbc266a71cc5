import { isRunning } from '../containers/state.ts';
import { type ContainerDiskUsage, containerDiskUsage } from '../containers/usage.ts';
import type { Engine } from '../engine.ts';
import { formatListing, type Listing, type Row, rowStruct } from '../format/listing.ts';
import { humanSize } from '../format/size.ts';
import { templateError } from '../format/template-error.ts';
import { goJson } from '../gotemplate/json.ts';
import { parseTemplate } from '../gotemplate/template.ts';
import { type DiskUsage, diskUsage } from '../images/usage.ts';
import { type GoValue, goList } from '../gotemplate/value.ts';
import type { CommandDefinition } from './command.ts';
import { LIST_FORMAT } from './common-flags.ts';
import { containerListing, containerRow } from './container-rows.ts';
import { UTC } from '../format/time.ts';
import { imageListing, type ImageRowOptions, imageRows, SINCE } from './image-rows.ts';
import { currentImages } from './ps.ts';
import { usageError } from './usage-error.ts';
import { VOLUME_LISTING, volumeRow } from './volume-ls.ts';

const LISTING: Listing = {
  type: '*formatter.diskUsageImagesContext',
  titles: {
    Type: 'TYPE',
    TotalCount: 'TOTAL',
    Active: 'ACTIVE',
    Size: 'SIZE',
    Reclaimable: 'RECLAIMABLE',
  },
  table: '{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}',
};

const VERBOSE =
  `{{.Repository}}\t{{.Tag}}\t{{.ID}}\t${SINCE}\t{{.Size}}\t` +
  '{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}';

const VERBOSE_CONTAINERS =
  '{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t' +
  '{{.RunningFor}}\t{{.Status}}\t{{.Names}}';

export const systemDfCommand: CommandDefinition = {
  name: 'system df',
  usage: '[OPTIONS]',
  summary: 'Show docker disk usage',
  flags: [
    LIST_FORMAT,
    {
      name: 'verbose',
      short: 'v',
      kind: 'bool',
      help: 'Show detailed information on space usage',
    },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker system df', 'docker system df -v'],
  async run({ engine, session, flags }) {
    const usage = { ...(await diskUsage(engine)), ...(await containerDiskUsage(engine)) };
    const format = flags.string('format');
    if (!flags.bool('verbose')) {
      session.stdout.write(formatListing(LISTING, summary(usage), { format }));
      return 0;
    }
    const clock = { now: engine.platform.now(), zone: session.zone ?? UTC };
    const trunc = (format ?? '') === '';
    const rows = await verboseRows(engine, usage, { trunc, ...clock });
    session.stdout.write(trunc ? verbose(usage, rows) : verboseFormat(rows, format ?? ''));
    return 0;
  },
};

type Usage = DiskUsage & ContainerDiskUsage;

function summary(usage: Usage): readonly Row[] {
  const { images, imageBytes, shared, cacheRecords, cacheBytes, containers, volumes } = usage;
  const users = containersByImage(usage);
  const used = images.filter(({ id }) => users.has(id));
  const own = sum(used.map((image) => image.size - (shared.get(image) ?? 0)));
  const running = containers.filter(({ record }) => isRunning(record));
  const linked = volumes.filter(({ links }) => links > 0);
  const bytesOf = (list: readonly { readonly bytes: number }[]): number =>
    sum(list.map(({ bytes }) => bytes));
  return [
    line('Images', { count: images.length, active: used.length, bytes: imageBytes, kept: own }),
    line('Containers', {
      ...{ count: containers.length, active: running.length },
      ...{ bytes: bytesOf(containers), kept: bytesOf(running) },
    }),
    line('Local Volumes', {
      ...{ count: volumes.length, active: linked.length },
      ...{ bytes: bytesOf(volumes), kept: bytesOf(linked) },
    }),
    // Docker tells no share of this one.
    {
      ...line('Build Cache', { count: cacheRecords, active: 0, bytes: cacheBytes, kept: 0 }),
      Reclaimable: () => humanSize(cacheBytes, 4),
    },
  ];
}

function line(
  type: string,
  of: {
    readonly count: number;
    readonly active: number;
    readonly bytes: number;
    /** Bytes of what is active. */
    readonly kept: number;
  },
): Row {
  const free = of.bytes - of.kept;
  const share = of.bytes > 0 ? ` (${Math.trunc((free * 100) / of.bytes)}%)` : '';
  return {
    Active: () => String(of.active),
    Reclaimable: () => humanSize(free, 4) + share,
    Size: () => humanSize(of.bytes, 4),
    TotalCount: () => String(of.count),
    Type: () => type,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function containersByImage({ containers }: ContainerDiskUsage): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { record } of containers) found.set(record.image, (found.get(record.image) ?? 0) + 1);
  return found;
}

/** When and where it is looked at. */
type Clock = Pick<ImageRowOptions, 'now' | 'zone'>;

interface VerboseRows {
  readonly images: readonly Row[];
  readonly containers: readonly Row[];
  readonly volumes: readonly Row[];
}

async function verboseRows(
  engine: Engine,
  usage: Usage,
  { trunc, ...clock }: Clock & { readonly trunc: boolean },
): Promise<VerboseRows> {
  const { images, shared, containers, volumes } = usage;
  const current = await currentImages(
    engine,
    containers.map(({ record }) => record),
  );
  const sizes = new Map(
    containers.map(({ record, bytes }) => [record.id, { own: bytes, total: 0 }]),
  );
  const options = { trunc, ...clock };
  return {
    images: imageRows(images, {
      ...{ digests: false, ...options, shared },
      containers: containersByImage(usage),
    }),
    containers: containers.map(({ record }) =>
      containerRow(record, { ...options, sizes, images: current }),
    ),
    volumes: volumes.map(({ volume, links, bytes }) => volumeRow(volume, { links, bytes })),
  };
}

function verbose({ cacheBytes }: Usage, rows: VerboseRows): string {
  return `Images space usage:

${formatListing({ ...imageListing(false), table: VERBOSE }, rows.images)}
Containers space usage:

${formatListing({ ...containerListing(true), table: VERBOSE_CONTAINERS }, rows.containers)}
Local Volumes space usage:

${formatListing({ ...VOLUME_LISTING, table: '{{.Name}}\t{{.Links}}\t{{.Size}}' }, rows.volumes)}
Build cache usage: ${humanSize(cacheBytes, 4)}

CACHE ID   CACHE TYPE   SIZE      CREATED   LAST USED   USAGE     SHARED
`;
}

function verboseFormat(rows: VerboseRows, format: string): string {
  if (format.startsWith('table')) {
    throw usageError('the verbose output cannot be a table of your own: use json or a template', 1);
  }
  const list = (items: readonly Row[], type: string): GoValue =>
    goList(
      items.map((row) => rowStruct(type, row)),
      `[]${type}`,
    );
  const data: GoValue = {
    kind: 'struct',
    type: '*formatter.diskUsageContext',
    fields: new Map([
      ['Images', { value: () => list(rows.images, '*formatter.imageContext') }],
      ['Containers', { value: () => list(rows.containers, '*formatter.ContainerContext') }],
      ['Volumes', { value: () => list(rows.volumes, '*formatter.volumeContext') }],
      ['BuildCache', { value: () => list([], '*formatter.buildCacheContext') }],
    ]),
  };
  if (format === 'json') return `${goJson(data)}\n`;
  return `${templateError(() => parseTemplate(format).render(data))}\n`;
}
