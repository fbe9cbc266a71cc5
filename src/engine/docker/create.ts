import { EngineError } from '../errors.ts';
import type { CommandDefinition } from './command.ts';
import { CREATE_FLAGS } from './container-flags.ts';
import { createFromFlags } from './create-container.ts';
import { isClientError } from './print-error.ts';
import { printRunError } from './run-error.ts';

export const createCommand: CommandDefinition = {
  name: 'create',
  aliases: ['container create', 'create'],
  usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  summary: 'Create a new container',
  flags: CREATE_FLAGS,
  flagsFirst: true,
  arguments: { min: 1 },
  examples: ['docker create --name app -v data:/data app:1.0'],
  stores: true,
  async run(context) {
    try {
      const { id } = await createFromFlags(context);
      context.session.stdout.write(`${id}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof EngineError) || !isClientError(error) || error.exitCode !== 125) {
        throw error;
      }
      printRunError(error, context.session, { command: 'create', asksForHelp: true });
      return 125;
    }
  },
};
