import { emitEvent } from '../containers/events.ts';
import { pruneFilter } from '../containers/filter.ts';
import { listContainers } from '../containers/registry.ts';
import { removeForGood } from '../containers/remove.ts';
import { containerSize } from '../containers/size.ts';
import { isRunning } from '../containers/state.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { humanSize } from '../format/size.ts';
import { collectGarbage } from '../images/garbage.ts';
import type { ContainerRecord } from '../containers/record.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag } from './common-flags.ts';
import { confirmed } from './confirm.ts';

export const containerPruneCommand: CommandDefinition = {
  name: 'container prune',
  usage: '[OPTIONS]',
  summary: 'Remove all stopped containers',
  flags: [
    filterFlag(undefined, 'Provide filter values (e.g. "until=<timestamp>")'),
    { name: 'force', short: 'f', kind: 'bool', help: 'Do not prompt for confirmation' },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker container prune', 'docker container prune -f --filter until=24h'],
  async run(context) {
    const { engine, session, flags } = context;
    const warning = 'This will remove all stopped containers.';
    if (!flags.bool('force') && !(await confirmed(context, warning))) return 0;
    const { ids, bytes } = await pruneContainers(engine, flags.list('filter'));
    if (ids.length > 0) session.stdout.write(`Deleted Containers:\n${ids.join('\n')}\n\n`);
    session.stdout.write(`Total reclaimed space: ${humanSize(bytes, 4)}\n`);
    return 0;
  },
};

/** Removes containers that do not run; their volumes stay. Errors: `filter-invalid`. */
export async function pruneContainers(
  engine: Engine,
  filters: readonly string[],
): Promise<{ readonly ids: readonly string[]; readonly bytes: number }> {
  const isWanted = pruneFilter(filters, engine.platform.now());
  const ids: string[] = [];
  let bytes = 0;
  for (const record of await listContainers(engine)) {
    const { created, config } = record;
    if (isRunning(record) || !isWanted({ created, labels: config.Labels ?? {} })) continue;
    bytes += await ownSize(engine, record);
    await removeForGood(engine, record, { volumes: false });
    ids.push(record.id);
  }
  emitEvent(engine, {
    ...{ type: 'container', action: 'prune', id: '' },
    attributes: { reclaimed: String(bytes) },
  });
  if (ids.length > 0) await collectGarbage(engine);
  return { ids, bytes };
}

/** Of one whose files are lost, nothing: removing it is how one gets rid of it. */
async function ownSize(engine: Engine, record: ContainerRecord): Promise<number> {
  try {
    return (await containerSize(engine, record)).own;
  } catch (error) {
    if (error instanceof EngineError) return 0;
    throw error;
  }
}
