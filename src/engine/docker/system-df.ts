import { formatListing, type Listing, type Row } from '../format/listing.ts';
import { humanSize } from '../format/size.ts';
import { templateError } from '../format/template-error.ts';
import { goJson } from '../gotemplate/json.ts';
import { parseTemplate } from '../gotemplate/template.ts';
import { type DiskUsage, diskUsage } from '../images/usage.ts';
import type { GoValue } from '../gotemplate/value.ts';
import type { CommandDefinition } from './command.ts';
import { LIST_FORMAT } from './common-flags.ts';
import { UTC } from '../format/time.ts';
import { imageListing, type ImageRowOptions, imageRows, SINCE } from './image-rows.ts';
import { usageError } from './usage-error.ts';

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
    const usage = await diskUsage(engine);
    const format = flags.string('format');
    if (!flags.bool('verbose')) {
      session.stdout.write(formatListing(LISTING, summary(usage), { format }));
      return 0;
    }
    const clock = { now: engine.platform.now(), zone: session.zone ?? UTC };
    session.stdout.write(
      (format ?? '') === '' ? verbose(usage, clock) : verboseFormat(usage, clock, format ?? ''),
    );
    return 0;
  },
};

function summary({ images, imageBytes, cacheRecords, cacheBytes }: DiskUsage): readonly Row[] {
  return [
    line('Images', images.length, imageBytes, imageBytes > 0 ? ' (100%)' : ''),
    line('Containers', 0, 0, ''),
    line('Local Volumes', 0, 0, ''),
    line('Build Cache', cacheRecords, cacheBytes, ''),
  ];
}

/** Nothing runs, so nothing is active and everything could go. */
function line(type: string, count: number, bytes: number, percent: string): Row {
  return {
    Active: () => '0',
    Reclaimable: () => humanSize(bytes, 4) + percent,
    Size: () => humanSize(bytes, 4),
    TotalCount: () => String(count),
    Type: () => type,
  };
}

/** When and where it is looked at. */
type Clock = Pick<ImageRowOptions, 'now' | 'zone'>;

function verbose({ images, shared, cacheBytes }: DiskUsage, clock: Clock): string {
  const rows = imageRows(images, { digests: false, trunc: true, ...clock, shared });
  return `Images space usage:

${formatListing({ ...imageListing(false), table: VERBOSE }, rows)}
Containers space usage:

CONTAINER ID   IMAGE     COMMAND   LOCAL VOLUMES   SIZE      CREATED   STATUS    NAMES

Local Volumes space usage:

VOLUME NAME   LINKS     SIZE

Build cache usage: ${humanSize(cacheBytes, 4)}

CACHE ID   CACHE TYPE   SIZE      CREATED   LAST USED   USAGE     SHARED
`;
}

function verboseFormat({ images, shared }: DiskUsage, clock: Clock, format: string): string {
  if (format.startsWith('table')) {
    throw usageError('the verbose output cannot be a table of your own: use json or a template', 1);
  }
  const rows = imageRows(images, { digests: false, trunc: false, ...clock, shared });
  const list = (items: readonly Row[]): GoValue => ({
    kind: 'slice',
    items: items.map((row) => ({
      kind: 'struct',
      type: '*formatter.imageContext',
      fields: new Map(Object.entries(row).map(([name, value]) => [name, { value }])),
      context: true,
    })),
    nil: false,
    type: '[]*formatter.imageContext',
  });
  const data: GoValue = {
    kind: 'struct',
    type: '*formatter.diskUsageContext',
    fields: new Map([
      ['Images', { value: () => list(rows) }],
      ['Containers', { value: () => list([]) }],
      ['Volumes', { value: () => list([]) }],
      ['BuildCache', { value: () => list([]) }],
    ]),
  };
  if (format === 'json') return `${goJson(data)}\n`;
  return `${templateError(() => parseTemplate(format).render(data))}\n`;
}
