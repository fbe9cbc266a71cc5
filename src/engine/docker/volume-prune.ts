import { emitEvent } from '../containers/events.ts';
import { volumePruneFilter, volumeUsers } from '../containers/filter.ts';
import { listContainers } from '../containers/registry.ts';
import { volumeSize } from '../containers/volume-trees.ts';
import { deleteVolume, listVolumes } from '../containers/volumes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { humanSize } from '../format/size.ts';
import { collectGarbage } from '../images/garbage.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag } from './common-flags.ts';
import { confirmed } from './confirm.ts';
import { usageError } from './usage-error.ts';

export const volumePruneCommand: CommandDefinition = {
  name: 'volume prune',
  usage: '[OPTIONS]',
  summary: 'Remove unused local volumes',
  flags: [
    {
      name: 'all',
      short: 'a',
      kind: 'bool',
      help: 'Remove all unused volumes, not just anonymous ones',
    },
    filterFlag(undefined, 'Provide filter values (e.g. "label=<label>")'),
    { name: 'force', short: 'f', kind: 'bool', help: 'Do not prompt for confirmation' },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker volume prune', 'docker volume prune -a -f'],
  async run(context) {
    const { engine, session, flags } = context;
    const all = flags.bool('all');
    const filters = flags.list('filter');
    if (all && filters.some((filter) => filter.startsWith('all='))) {
      throw usageError('conflicting options: cannot specify both --all and --filter all=1', 1);
    }
    if (!flags.bool('force') && !(await confirmed(context, warningOf(all)))) return 0;
    const { names, bytes } = await pruneVolumes(engine, filters, all);
    if (names.length > 0) session.stdout.write(`Deleted Volumes:\n${names.join('\n')}\n\n`);
    session.stdout.write(`Total reclaimed space: ${humanSize(bytes, 4)}\n`);
    return 0;
  },
};

/** Removes volumes that no container refers to: those that nobody named, or all. Errors: `filter-invalid`. */
export async function pruneVolumes(
  engine: Engine,
  filters: readonly string[],
  all: boolean,
): Promise<{ readonly names: readonly string[]; readonly bytes: number }> {
  const filter = volumePruneFilter(filters);
  const used = volumeUsers(await listContainers(engine));
  const names: string[] = [];
  let bytes = 0;
  for (const volume of await listVolumes(engine)) {
    const isWanted = all || filter.all || volume.anonymous;
    if (!isWanted || used.has(volume.name) || !filter.test(volume)) continue;
    bytes += await sizeOrNothing(engine, volume.name);
    await deleteVolume(engine, volume.name);
    names.push(volume.name);
    emitEvent(engine, {
      ...{ type: 'volume', action: 'destroy', id: volume.name },
      attributes: { driver: 'local' },
    });
  }
  emitEvent(engine, {
    ...{ type: 'volume', action: 'prune', id: '' },
    attributes: { reclaimed: String(bytes) },
  });
  if (names.length > 0) await collectGarbage(engine);
  return { names, bytes };
}

/** Of a volume whose content is lost, nothing: removing it is how one gets rid of it. */
async function sizeOrNothing(engine: Engine, name: string): Promise<number> {
  try {
    return await volumeSize(engine, name);
  } catch (error) {
    if (error instanceof EngineError) return 0;
    throw error;
  }
}

function warningOf(all: boolean): string {
  const which = all ? 'all' : 'anonymous';
  return `This will remove ${which} local volumes not used by at least one container.`;
}
