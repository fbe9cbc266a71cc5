import { ellipsis } from '../format/ellipsis.ts';
import { humanDuration } from '../format/duration.ts';
import { formatListing, type Listing, type Row } from '../format/listing.ts';
import { humanSize } from '../format/size.ts';
import { rfc3339, unixSeconds, UTC, type Zone } from '../format/time.ts';
import { findImage } from '../images/find.ts';
import { openImage, type OpenedImage } from '../images/open.ts';
import { shortId } from '../oci/digest.ts';
import type { HistoryEntry } from '../oci/image.ts';
import type { CommandDefinition } from './command.ts';
import { LIST_FORMAT, NO_TRUNC } from './common-flags.ts';

const LISTING: Listing = {
  type: '*image.historyContext',
  titles: {
    ID: 'IMAGE',
    CreatedSince: 'CREATED',
    CreatedAt: 'CREATED AT',
    CreatedBy: 'CREATED BY',
    Size: 'SIZE',
    Comment: 'COMMENT',
  },
  table: '{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}',
  quiet: '{{.ID}}',
};

/** `CREATED BY` is cut here. */
const CREATED_BY = 45;

export const historyCommand: CommandDefinition = {
  name: 'history',
  aliases: ['image history', 'history'],
  usage: '[OPTIONS] IMAGE',
  summary: 'Show the history of an image',
  flags: [
    LIST_FORMAT,
    {
      name: 'human',
      short: 'H',
      kind: 'bool',
      default: 'true',
      help: 'Print sizes and dates in human readable format',
    },
    NO_TRUNC,
    { name: 'quiet', short: 'q', kind: 'bool', help: 'Only show image IDs' },
  ],
  arguments: { min: 1, max: 1 },
  examples: [
    'docker history gcr.io/distroless/static',
    'docker history --no-trunc app',
    "docker history --format '{{.CreatedBy}}: {{.Size}}' app",
  ],
  async run({ engine, session, args, flags }) {
    const image = await openImage(engine, await findImage(engine, args[0] ?? ''));
    const human = flags.bool('human');
    const options = {
      human,
      trunc: !flags.bool('no-trunc'),
      now: engine.platform.now(),
      zone: session.zone ?? UTC,
    };
    const listing = human
      ? LISTING
      : { ...LISTING, titles: { ...LISTING.titles, CreatedSince: 'CREATED AT' } };
    session.stdout.write(
      formatListing(listing, rows(image, options), {
        format: flags.string('format'),
        quiet: flags.bool('quiet'),
      }),
    );
    return 0;
  },
};

interface Options {
  readonly human: boolean;
  readonly trunc: boolean;
  readonly now: number;
  readonly zone: Zone;
}

/** Newest first. Only the newest has the image's ID: the others were never images here. */
function rows(image: OpenedImage, options: Options): readonly Row[] {
  const { record, config } = image;
  const id = options.trunc ? shortId(record.id) : record.id;
  const history = config.history;
  let layer = 0;
  const sized = history.map((entry) => ({
    entry,
    size: entry.empty_layer === true ? 0 : (record.layerSizes[layer++] ?? 0),
  }));
  return sized
    .toReversed()
    .map(({ entry, size }, index) => row(entry, index === 0 ? id : '<missing>', size, options));
}

function row(entry: HistoryEntry, id: string, size: number, options: Options): Row {
  const seconds = unixSeconds(entry.created);
  const createdAt = rfc3339(seconds, options.zone);
  // Tabs would make columns.
  const createdBy = (entry.created_by ?? '').replaceAll('\t', ' ');
  return {
    Comment: () => entry.comment ?? '',
    CreatedAt: () => createdAt,
    CreatedBy: () => (options.trunc ? ellipsis(createdBy, CREATED_BY) : createdBy),
    CreatedSince: () => {
      if (!options.human) return createdAt;
      if (seconds <= 0) return 'N/A';
      return `${humanDuration(options.now - seconds * 1000)} ago`;
    },
    ID: () => id,
    Size: () => (options.human ? humanSize(size) : String(size)),
  };
}
