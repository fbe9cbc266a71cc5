import { renameContainer } from '../containers/control.ts';
import { findContainer } from '../containers/registry.ts';
import { EngineError } from '../errors.ts';
import type { CommandDefinition } from './command.ts';
import { printError } from './print-error.ts';

export const renameCommand: CommandDefinition = {
  name: 'rename',
  aliases: ['container rename', 'rename'],
  usage: 'CONTAINER NEW_NAME',
  summary: 'Rename a container',
  flags: [],
  arguments: { min: 2, max: 2 },
  examples: ['docker rename sleepy_hopper app'],
  async run({ engine, session, args }) {
    const [from = '', to = ''] = args.map((name) => name.trim());
    if (from === '' || to === '') {
      session.stderr.write('Error: Neither old nor new names may be empty\n');
      return 1;
    }
    try {
      await renameContainer(engine, await findContainer(engine, from), to);
      return 0;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      printError(error, session);
      session.stderr.write(`Error: failed to rename container named ${from}\n`);
      return 1;
    }
  },
};
