import { emitEvent } from '../containers/events.ts';
import { listContainers } from '../containers/registry.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { humanSize } from '../format/size.ts';
import { listImages } from '../images/catalog.ts';
import { filterImages, isDangling } from '../images/filter.ts';
import { collectGarbage } from '../images/garbage.ts';
import { removeImage } from '../images/remove.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag } from './common-flags.ts';
import { confirmed } from './confirm.ts';

const PRUNE_FILTERS = new Set(['dangling', 'label', 'label!', 'until']);

export const pruneCommand: CommandDefinition = {
  name: 'image prune',
  usage: '[OPTIONS]',
  summary: 'Remove unused images',
  flags: [
    {
      name: 'all',
      short: 'a',
      kind: 'bool',
      help: 'Remove all unused images, not just dangling ones',
    },
    filterFlag(undefined, 'Provide filter values (e.g. "until=<timestamp>")'),
    { name: 'force', short: 'f', kind: 'bool', help: 'Do not prompt for confirmation' },
  ],
  arguments: { min: 0, max: 0 },
  examples: [
    'docker image prune',
    'docker image prune -a -f',
    'docker image prune --filter until=24h',
  ],
  async run(context) {
    const { engine, session, flags } = context;
    const all = flags.bool('all');
    if (!flags.bool('force') && !(await confirmed(context, warningOf(all)))) return 0;
    const { lines, bytes } = await pruneImages(engine, flags.list('filter'), all);
    if (lines.length > 0) session.stdout.write(`Deleted Images:\n${lines.join('\n')}\n\n`);
    session.stdout.write(`Total reclaimed space: ${humanSize(bytes, 4)}\n`);
    return 0;
  },
};

/**
 * Removes images that no container has, those without a name or all, and tells it line by line as
 * Docker does. Errors: `filter-invalid`.
 */
export async function pruneImages(
  engine: Engine,
  filters: readonly string[],
  all: boolean,
): Promise<{ readonly lines: readonly string[]; readonly bytes: number }> {
  for (const filter of filters) {
    const name = filter.slice(0, filter.indexOf('='));
    if (PRUNE_FILTERS.has(name)) continue;
    throw new EngineError('filter-invalid', `invalid filter '${name}'`);
  }
  const images = filterImages(await listImages(engine), filters, engine.platform.now());
  const used = new Set((await listContainers(engine)).map(({ image }) => image));
  const lines: string[] = [];
  let bytes = 0;
  for (const image of images) {
    if ((!all && !isDangling(image)) || used.has(image.id)) continue;
    const removal = await removeImage(engine, image.id, { force: true });
    bytes += removal.reclaimed;
    for (const step of removal.steps) {
      lines.push(step.kind === 'untagged' ? `untagged: ${step.name}` : `deleted: ${step.digest}`);
    }
  }
  if (lines.length > 0) await collectGarbage(engine);
  emitEvent(engine, {
    ...{ type: 'image', action: 'prune', id: '' },
    attributes: { reclaimed: String(bytes) },
  });
  return { lines, bytes };
}

function warningOf(all: boolean): string {
  const what = all
    ? 'all images without at least one container associated to them'
    : 'all dangling images';
  return `This will remove ${what}.`;
}
