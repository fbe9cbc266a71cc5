import { killContainer } from '../containers/control.ts';
import { killSignal } from '../containers/signals.ts';
import type { CommandDefinition } from './command.ts';
import { eachContainer } from './each-container.ts';
import { SIGNAL } from './stop.ts';

export const killCommand: CommandDefinition = {
  name: 'kill',
  aliases: ['container kill', 'kill'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Kill one or more running containers',
  flags: [SIGNAL],
  arguments: { min: 1 },
  examples: ['docker kill app', 'docker kill -s HUP web'],
  run: (context) => {
    const signal = context.flags.string('signal') ?? '';
    return eachContainer(
      context,
      async (record) => {
        const number = killSignal(signal === '' ? 'KILL' : signal);
        await killContainer(context.engine, record, number);
        return undefined;
      },
      (name) => `cannot kill container: ${name}: `,
    );
  },
};
