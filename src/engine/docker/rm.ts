import { findContainer } from '../containers/registry.ts';
import { removeContainer } from '../containers/remove.ts';
import { EngineError } from '../errors.ts';
import type { CommandDefinition } from './command.ts';
import { printError } from './print-error.ts';
import { usageError } from './usage-error.ts';

export const rmCommand: CommandDefinition = {
  name: 'rm',
  aliases: ['container rm', 'container remove', 'rm'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Remove one or more containers',
  flags: [
    {
      name: 'force',
      short: 'f',
      kind: 'bool',
      help: 'Force the removal of a running container (uses SIGKILL)',
    },
    { name: 'link', short: 'l', kind: 'bool', hidden: true, help: 'Remove the specified link' },
    {
      name: 'volumes',
      short: 'v',
      kind: 'bool',
      help: 'Remove anonymous volumes associated with the container',
    },
  ],
  arguments: { min: 1 },
  examples: ['docker rm app', 'docker rm -fv $(docker ps -aq)'],
  async run({ engine, session, args, flags }) {
    if (flags.bool('link')) throw usageError('--link is not available here: there are no links', 1);
    const force = flags.bool('force');
    const errors: EngineError[] = [];
    for (const name of args) {
      try {
        const record = await findContainer(engine, name);
        await removeContainer(engine, record, { force, volumes: flags.bool('volumes') });
        session.stdout.write(`${name}\n`);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        errors.push(error);
      }
    }
    for (const error of errors) printError(error, session);
    const isFine = errors.every(({ code }) => force && code === 'container-unknown');
    return isFine ? 0 : 1;
  },
};
