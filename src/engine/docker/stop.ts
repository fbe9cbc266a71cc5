import { stopContainer } from '../containers/control.ts';
import { killSignal } from '../containers/signals.ts';
import { EngineError, reworded } from '../errors.ts';
import type { CommandContext, CommandDefinition, FlagDefinition } from './command.ts';
import { eachContainer } from './each-container.ts';

export const SIGNAL: FlagDefinition = {
  name: 'signal',
  short: 's',
  kind: 'string',
  value: 'string',
  help: 'Signal to send to the container',
};

export const TIME: FlagDefinition = {
  name: 'time',
  short: 't',
  kind: 'int',
  value: 'int',
  help: 'Seconds to wait before killing the container',
};

/** `-s` and `-t` of `stop` and `restart`. Errors: `signal-invalid`, about the container `name`. */
export function stopOptions(
  { flags }: CommandContext,
  name: string,
  command: string,
): { readonly signal?: number; readonly seconds?: number } {
  const signal = flags.string('signal') ?? '';
  const seconds = flags.int('time');
  try {
    return {
      ...(signal !== '' && { signal: killSignal(signal) }),
      ...(seconds !== undefined && { seconds }),
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw reworded(error, `cannot ${command} container: ${name}: ${error.message}`);
  }
}

export const stopCommand: CommandDefinition = {
  name: 'stop',
  aliases: ['container stop', 'stop'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Stop one or more running containers',
  flags: [SIGNAL, TIME],
  arguments: { min: 1 },
  examples: ['docker stop app', 'docker stop -t 2 app db'],
  run: (context) =>
    eachContainer(context, async (record, name) => {
      await stopContainer(context.engine, record, stopOptions(context, name, 'stop'));
      return undefined;
    }),
};
