import { waitContainer } from '../containers/control.ts';
import type { CommandDefinition } from './command.ts';
import { eachContainer } from './each-container.ts';

export const waitCommand: CommandDefinition = {
  name: 'wait',
  aliases: ['container wait', 'wait'],
  usage: 'CONTAINER [CONTAINER...]',
  summary: 'Block until one or more containers stop, then print their exit codes',
  flags: [],
  arguments: { min: 1 },
  examples: ['docker wait app'],
  run: (context) =>
    eachContainer(context, async (record) => String(await waitContainer(context.engine, record))),
};
