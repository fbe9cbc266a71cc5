import { containerFilter } from '../containers/filter.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { listContainers } from '../containers/registry.ts';
import { containerSize } from '../containers/size.ts';
import { isRunning } from '../containers/state.ts';
import type { Engine } from '../engine.ts';
import { EngineError, reworded } from '../errors.ts';
import { formatListing, type Row, rowStruct } from '../format/listing.ts';
import { UTC } from '../format/time.ts';
import { parseTemplate } from '../gotemplate/template.ts';
import { listImages } from '../images/catalog.ts';
import { pickImage } from '../images/find.ts';
import type { Digest } from '../oci/digest.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { filterFlag, LIST_FORMAT, NO_TRUNC } from './common-flags.ts';
import { containerListing, containerRow } from './container-rows.ts';

export const psCommand: CommandDefinition = {
  name: 'ps',
  aliases: ['container ls', 'container list', 'container ps', 'ps'],
  usage: '[OPTIONS]',
  summary: 'List containers',
  flags: [
    {
      name: 'all',
      short: 'a',
      kind: 'bool',
      help: 'Show all containers (default shows just running)',
    },
    filterFlag('f', 'Filter output based on conditions provided'),
    LIST_FORMAT,
    {
      name: 'last',
      short: 'n',
      kind: 'int',
      value: 'int',
      default: '-1',
      help: 'Show n last created containers (includes all states)',
    },
    {
      name: 'latest',
      short: 'l',
      kind: 'bool',
      help: 'Show the latest created container (includes all states)',
    },
    NO_TRUNC,
    { name: 'quiet', short: 'q', kind: 'bool', help: 'Only display container IDs' },
    { name: 'size', short: 's', kind: 'bool', help: 'Display total file sizes' },
  ],
  arguments: { min: 0, max: 0 },
  examples: [
    'docker ps',
    'docker ps -a',
    "docker ps -a --filter status=exited --format '{{.Names}}: {{.Status}}'",
  ],
  async run({ engine, session, flags }) {
    const format = flags.string('format') ?? '';
    checkFormat(format);
    const records = await selected({ engine, flags });
    const wantsSize = flags.bool('size');
    const quiet = flags.bool('quiet');
    const needsSize = wantsSize || (!quiet && /\.Size\b/.test(format));
    const sizes = new Map(
      needsSize
        ? await Promise.all(
            records.map(async (one) => [one.id, await containerSize(engine, one)] as const),
          )
        : [],
    );
    const options = {
      trunc: !flags.bool('no-trunc'),
      now: engine.platform.now(),
      zone: session.zone ?? UTC,
      images: await currentImages(engine, records),
      ...(needsSize && { sizes }),
    };
    const rows = records.map((record) => containerRow(record, options));
    if (quiet && format !== '') {
      session.stderr.write(
        'WARNING: Ignoring custom format, because both --format and --quiet are set.\n',
      );
    }
    const listing = containerListing(wantsSize);
    session.stdout.write(formatListing(listing, rows, quiet ? { quiet } : { format }));
    return 0;
  },
};

/** Docker tries a template before it asks for containers, and words what is wrong with it in its own way. */
function checkFormat(format: string): void {
  if (format === '' || format === 'table' || format === 'json') return;
  const attempt = <T>(what: string, run: () => T): T => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw reworded(error, `failed to ${what} template: ${error.message}`);
    }
  };
  const template = attempt('parse', () => parseTemplate(format));
  const nothing = rowStruct('*formatter.ContainerContext', emptyRow());
  attempt('execute', () => template.render(nothing));
}

function emptyRow(): Row {
  const fields = Object.keys(containerListing(true).titles);
  return {
    ...Object.fromEntries(fields.map((name) => [name, () => ''])),
    Label: { method: () => '' },
  };
}

async function selected({
  engine,
  flags,
}: Pick<CommandContext, 'engine' | 'flags'>): Promise<readonly ContainerRecord[]> {
  const filters = flags.list('filter').filter((filter) => filter !== '');
  const last = flags.bool('latest') ? 1 : (flags.int('last') ?? -1);
  const all = await listContainers(engine);
  const isWanted = await containerFilter(engine, all, filters);
  // A status that is asked for may be one that is not shown otherwise.
  const everything =
    flags.bool('all') || last > 0 || filters.some((filter) => /^\s*status\s*=/i.test(filter));
  const found = all.filter((record) => (everything || isRunning(record)) && isWanted(record));
  return last > 0 ? found.slice(0, last) : found;
}

/** Which image has the names that the containers were made by now; a name may be gone. */
export async function currentImages(
  engine: Engine,
  records: readonly ContainerRecord[],
): Promise<ReadonlyMap<string, Digest>> {
  const images = await listImages(engine);
  const found = new Map<string, Digest>();
  for (const { imageName } of records) {
    try {
      found.set(imageName, pickImage(images, imageName).id);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
  }
  return found;
}
