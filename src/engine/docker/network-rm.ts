import { EngineError } from '../errors.ts';
import { findNetwork } from '../networks/registry.ts';
import { removeNetwork } from '../networks/remove.ts';
import type { CommandDefinition } from './command.ts';
import { printError } from './print-error.ts';

export const networkRmCommand: CommandDefinition = {
  name: 'network rm',
  aliases: ['network rm', 'network remove'],
  usage: 'NETWORK [NETWORK...]',
  summary: 'Remove one or more networks',
  flags: [
    {
      name: 'force',
      short: 'f',
      kind: 'bool',
      help: 'Do not error if the network does not exist',
    },
  ],
  arguments: { min: 1 },
  examples: ['docker network rm backend'],
  async run({ engine, session, args, flags }) {
    let code = 0;
    for (const name of args) {
      try {
        await removeNetwork(engine, await findNetwork(engine, name));
        session.stdout.write(`${name}\n`);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        if (flags.bool('force') && error.code === 'network-unknown') continue;
        printError(error, session);
        code = 1;
      }
    }
    return code;
  },
};
