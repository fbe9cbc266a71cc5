import { pruneNetworks } from '../networks/remove.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag } from './common-flags.ts';
import { confirmed } from './confirm.ts';

export const networkPruneCommand: CommandDefinition = {
  name: 'network prune',
  usage: '[OPTIONS]',
  summary: 'Remove all unused networks',
  flags: [
    filterFlag(undefined, 'Provide filter values (e.g. "until=<timestamp>")'),
    { name: 'force', short: 'f', kind: 'bool', help: 'Do not prompt for confirmation' },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker network prune', 'docker network prune -f --filter until=24h'],
  async run(context) {
    const { engine, session, flags } = context;
    const warning = 'This will remove all custom networks not used by at least one container.';
    if (!flags.bool('force') && !(await confirmed(context, warning))) return 0;
    const names = await pruneNetworks(engine, flags.list('filter'));
    if (names.length > 0) session.stdout.write(`Deleted Networks:\n${names.join('\n')}\n\n`);
    return 0;
  },
};
