import { forgetAll } from '../build/cache.ts';
import { humanSize } from '../format/size.ts';
import { pruneNetworks } from '../networks/remove.ts';
import { collectGarbage } from '../images/garbage.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag } from './common-flags.ts';
import { confirmed } from './confirm.ts';
import { pruneContainers } from './container-prune.ts';
import { pruneImages } from './prune.ts';
import { usageError } from './usage-error.ts';
import { pruneVolumes } from './volume-prune.ts';

export const systemPruneCommand: CommandDefinition = {
  name: 'system prune',
  usage: '[OPTIONS]',
  summary: 'Remove unused data',
  flags: [
    {
      name: 'all',
      short: 'a',
      kind: 'bool',
      help: 'Remove all unused images not just dangling ones',
    },
    filterFlag(undefined, 'Provide filter values (e.g. "label=<key>=<value>")'),
    { name: 'force', short: 'f', kind: 'bool', help: 'Do not prompt for confirmation' },
    { name: 'volumes', kind: 'bool', help: 'Prune anonymous volumes' },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker system prune', 'docker system prune -a --volumes -f'],
  async run(context) {
    const { engine, session, flags } = context;
    const [all, volumes] = [flags.bool('all'), flags.bool('volumes')];
    const filters = flags.list('filter').filter((filter) => filter !== '');
    if (volumes && filters.some((filter) => filter.startsWith('until='))) {
      throw usageError('ERROR: The "until" filter is not supported with "--volumes"', 1);
    }
    const warning = warningOf({ all, volumes, filters });
    if (!flags.bool('force') && !(await confirmed(context, warning))) return 0;
    let reclaimed = 0;
    const told = (title: string, lines: readonly string[]): void => {
      if (lines.length > 0) session.stdout.write(`${title}:\n${lines.join('\n')}\n\n`);
    };
    const containers = await pruneContainers(engine, filters);
    told('Deleted Containers', containers.ids);
    reclaimed += containers.bytes;
    told('Deleted Networks', await pruneNetworks(engine, filters));
    if (volumes) {
      const gone = await pruneVolumes(engine, filters, false);
      told('Deleted Volumes', gone.names);
      reclaimed += gone.bytes;
    }
    const images = await pruneImages(engine, filters, all);
    told('Deleted Images', images.lines);
    reclaimed += images.bytes;
    // What a filter asks of a cached result nobody can say, so it keeps them all.
    const keys = filters.length === 0 ? await forgetAll(engine) : [];
    told('Deleted build cache objects', keys);
    if (keys.length > 0) reclaimed += (await collectGarbage(engine))?.bytes ?? 0;
    session.stdout.write(`Total reclaimed space: ${humanSize(reclaimed, 4)}\n`);
    return 0;
  },
};

function warningOf(options: {
  readonly all: boolean;
  readonly volumes: boolean;
  readonly filters: readonly string[];
}): string {
  const lines = [
    'all stopped containers',
    'all networks not used by at least one container',
    ...(options.volumes ? ['all anonymous volumes not used by at least one container'] : []),
    options.all
      ? 'all images without at least one container associated to them'
      : 'all dangling images',
    options.all ? 'all build cache' : 'unused build cache',
  ].map((line) => `  - ${line}\n`);
  const filtered =
    options.filters.length === 0
      ? ''
      : `\n  Items to be pruned will be filtered with:\n${options.filters.map((filter) => `  - ${filter}\n`).join('')}`;
  return `This will remove:\n${lines.join('')}${filtered}`;
}
