import { forgetAll } from '../build/cache.ts';
import { humanSize } from '../format/size.ts';
import { collectGarbage } from '../images/garbage.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { confirmed } from './confirm.ts';

export const builderPruneCommand: CommandDefinition = {
  name: 'builder prune',
  aliases: ['builder prune', 'buildx prune'],
  usage: '[OPTIONS]',
  summary: 'Remove build cache',
  flags: [
    {
      name: 'all',
      short: 'a',
      kind: 'bool',
      help: 'Remove all unused build cache, not just dangling ones',
    },
    { name: 'force', short: 'f', kind: 'bool', help: 'Do not prompt for confirmation' },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker builder prune', 'docker builder prune -a -f'],
  run: prune,
};

/** Every result is forgotten either way: here none is in use but while a build runs. */
async function prune(context: CommandContext): Promise<number> {
  const { engine, session, flags } = context;
  const what = flags.bool('all') ? 'all build cache' : 'all dangling build cache';
  if (!flags.bool('force') && !(await confirmed(context, `This will remove ${what}.`))) return 0;
  const keys = await forgetAll(engine);
  if (keys.length > 0) {
    session.stdout.write(`Deleted build cache objects:\n${keys.join('\n')}\n\n`);
  }
  const collected = await collectGarbage(engine);
  session.stdout.write(`Total reclaimed space: ${humanSize(collected?.bytes ?? 0, 4)}\n`);
  return 0;
}
