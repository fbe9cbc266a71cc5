import { pauseContainer, unpauseContainer } from '../containers/control.ts';
import type { CommandDefinition } from './command.ts';
import { eachContainer } from './each-container.ts';

export const pauseCommand: CommandDefinition = {
  name: 'pause',
  aliases: ['container pause', 'pause'],
  usage: 'CONTAINER [CONTAINER...]',
  summary: 'Pause all processes within one or more containers',
  flags: [],
  arguments: { min: 1 },
  examples: ['docker pause app'],
  run: (context) =>
    eachContainer(context, async (record) => {
      await pauseContainer(context.engine, record);
      return undefined;
    }),
};

export const unpauseCommand: CommandDefinition = {
  name: 'unpause',
  aliases: ['container unpause', 'unpause'],
  usage: 'CONTAINER [CONTAINER...]',
  summary: 'Unpause all processes within one or more containers',
  flags: [],
  arguments: { min: 1 },
  examples: ['docker unpause app'],
  run: (context) =>
    eachContainer(context, async (record) => {
      await unpauseContainer(context.engine, record);
      return undefined;
    }),
};
