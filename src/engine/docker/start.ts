import { findContainer } from '../containers/registry.ts';
import { startContainer } from '../containers/start.ts';
import { EngineError } from '../errors.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { DETACH_KEYS } from './container-flags.ts';
import { parseDetachKeys } from './detach-keys.ts';
import { printError } from './print-error.ts';
import { checkTerminal } from './streams.ts';
import { startTied } from './tied.ts';
import { usageError } from './usage-error.ts';

export const startCommand: CommandDefinition = {
  name: 'start',
  aliases: ['container start', 'start'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Start one or more stopped containers',
  flags: [
    {
      name: 'attach',
      short: 'a',
      kind: 'bool',
      help: 'Attach STDOUT/STDERR and forward signals',
    },
    DETACH_KEYS,
    { name: 'interactive', short: 'i', kind: 'bool', help: "Attach container's STDIN" },
  ],
  arguments: { min: 1 },
  examples: ['docker start app', 'docker start -ai shell'],
  async run(context) {
    const { engine, session, args, flags } = context;
    if (flags.bool('attach') || flags.bool('interactive')) return startAttached(context);
    const failed: string[] = [];
    for (const name of args) {
      try {
        await startContainer(engine, await findContainer(engine, name));
        session.stdout.write(`${name}\n`);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        printError(error, session);
        failed.push(name);
      }
    }
    if (failed.length === 0) return 0;
    session.stderr.write(`Error: failed to start containers: ${failed.join(', ')}\n`);
    return 1;
  },
};

async function startAttached(context: CommandContext): Promise<number> {
  const { engine, session, args, flags } = context;
  const [name = '', another] = args;
  if (another !== undefined)
    throw usageError('you cannot start and attach multiple containers at once', 1);
  const record = await findContainer(engine, name);
  const { Tty, OpenStdin } = record.config;
  const stdin = flags.bool('interactive') && OpenStdin;
  checkTerminal(session, { tty: Tty, stdin });
  const detachKeys = parseDetachKeys(flags.string('detach-keys'));
  try {
    const streams = { stdin, stdout: true, stderr: true, detachKeys, signals: true };
    const code = await startTied(context, record, streams);
    return code === 'detached' ? 0 : code;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    printError(error, session);
    return 1;
  }
}
