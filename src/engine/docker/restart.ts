import { restartContainer } from '../containers/control.ts';
import type { CommandDefinition } from './command.ts';
import { eachContainer } from './each-container.ts';
import { SIGNAL, stopOptions, TIME } from './stop.ts';

export const restartCommand: CommandDefinition = {
  name: 'restart',
  aliases: ['container restart', 'restart'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Restart one or more containers',
  flags: [SIGNAL, TIME],
  arguments: { min: 1 },
  examples: ['docker restart app'],
  run: (context) =>
    eachContainer(context, async (record, name) => {
      await restartContainer(context.engine, record, stopOptions(context, name, 'restart'));
      return undefined;
    }),
};
