import { emitEvent } from '../containers/events.ts';
import { volumeUsers } from '../containers/filter.ts';
import { listContainers } from '../containers/registry.ts';
import { deleteVolume, findVolume } from '../containers/volumes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { collectGarbage } from '../images/garbage.ts';
import type { CommandDefinition } from './command.ts';
import { printError } from './print-error.ts';

export const volumeRmCommand: CommandDefinition = {
  name: 'volume rm',
  aliases: ['volume rm', 'volume remove'],
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  summary: 'Remove one or more volumes',
  description:
    'Remove one or more volumes. You cannot remove a volume that is in use by a container.',
  flags: [
    { name: 'force', short: 'f', kind: 'bool', help: 'Force the removal of one or more volumes' },
  ],
  arguments: { min: 1 },
  examples: ['docker volume rm data', 'docker volume rm $(docker volume ls -qf dangling=true)'],
  async run({ engine, session, args, flags }) {
    const errors: EngineError[] = [];
    for (const name of args) {
      try {
        await removeVolume(engine, name, flags.bool('force'));
        session.stdout.write(`${name}\n`);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        errors.push(error);
      }
    }
    if (errors.length < args.length) await collectGarbage(engine);
    for (const error of errors) printError(error, session);
    return errors.length === 0 ? 0 : 1;
  },
};

async function removeVolume(engine: Engine, name: string, force: boolean): Promise<void> {
  const volume = await findVolume(engine, name);
  if (!volume) {
    if (force) return;
    throw new EngineError('volume-unknown', `get ${name}: no such volume`);
  }
  const users = volumeUsers(await listContainers(engine)).get(name);
  if (users) {
    // Oldest first.
    const ids = users
      .map(({ id }) => id)
      .toReversed()
      .join(', ');
    throw new EngineError('volume-in-use', `remove ${name}: volume is in use - [${ids}]`, {
      hint: 'Remove the containers first: "docker rm".',
    });
  }
  await deleteVolume(engine, name);
  emitEvent(engine, {
    ...{ type: 'volume', action: 'destroy', id: name },
    attributes: { driver: 'local' },
  });
}
