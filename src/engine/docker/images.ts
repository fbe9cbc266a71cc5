import { UTC } from '../format/time.ts';
import { formatListing } from '../format/listing.ts';
import { listImages } from '../images/catalog.ts';
import { filterImages } from '../images/filter.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag, LIST_FORMAT, NO_TRUNC } from './common-flags.ts';
import { imageListing, imageRows } from './image-rows.ts';
import { standInNotes } from './stand-in-notes.ts';

export const imagesCommand: CommandDefinition = {
  name: 'images',
  aliases: ['image ls', 'image list', 'images'],
  usage: '[OPTIONS] [REPOSITORY[:TAG]]',
  summary: 'List images',
  flags: [
    {
      name: 'all',
      short: 'a',
      kind: 'bool',
      help: 'Show all images (default hides intermediate images)',
    },
    { name: 'digests', kind: 'bool', help: 'Show digests' },
    filterFlag('f', 'Filter output based on conditions provided'),
    LIST_FORMAT,
    NO_TRUNC,
    { name: 'quiet', short: 'q', kind: 'bool', help: 'Only show image IDs' },
  ],
  arguments: { min: 0, max: 1 },
  examples: [
    'docker images',
    "docker images 'gcr.io/distroless/*'",
    'docker images --filter dangling=true -q',
    "docker images --format 'table {{.Repository}}\\t{{.Size}}'",
  ],
  async run({ engine, session, args, flags }) {
    const [reference] = args;
    const filters = flags.list('filter');
    const images = filterImages(
      await listImages(engine),
      reference === undefined ? filters : [...filters, `reference=${reference}`],
      engine.platform.now(),
    );
    const digests = flags.bool('digests');
    const quiet = flags.bool('quiet');
    const rows = imageRows(images, {
      digests,
      trunc: !flags.bool('no-trunc'),
      now: engine.platform.now(),
      zone: session.zone ?? UTC,
    });
    const format = withDigest(flags.string('format') ?? '', digests);
    session.stdout.write(formatListing(imageListing(digests), rows, { format, quiet }));
    if (!quiet && format === '') {
      for (const note of standInNotes(images)) session.stderr.write(`${note}\n`);
    }
    return 0;
  },
};

/** Docker adds the column to a table that lacks it. */
function withDigest(format: string, digests: boolean): string {
  const isTable = format.startsWith('table') && format !== 'table';
  return digests && isTable && !format.includes('{{.Digest}}') ? `${format}\t{{.Digest}}` : format;
}
