import { createVolume, findVolume } from '../containers/volumes.ts';
import { emitEvent } from '../containers/events.ts';
import { EngineError } from '../errors.ts';
import type { CommandDefinition } from './command.ts';
import { usageError } from './usage-error.ts';

export const volumeCreateCommand: CommandDefinition = {
  name: 'volume create',
  usage: '[OPTIONS] [VOLUME]',
  summary: 'Create a volume',
  flags: [
    {
      name: 'driver',
      short: 'd',
      kind: 'string',
      value: 'string',
      default: 'local',
      help: 'Specify volume driver name',
    },
    { name: 'label', kind: 'list', value: 'list', help: 'Set metadata for a volume' },
    { name: 'name', kind: 'string', value: 'string', hidden: true, help: 'Specify volume name' },
    {
      name: 'opt',
      short: 'o',
      kind: 'list',
      value: 'map',
      help: 'Set driver specific options (default map[])',
    },
  ],
  arguments: { min: 0, max: 1 },
  examples: ['docker volume create data', 'docker volume create --label project=lab data'],
  async run({ engine, session, args, flags }) {
    const named = flags.string('name') ?? '';
    const [first] = args;
    if (named !== '' && first !== undefined) {
      throw usageError(
        'conflicting options: either specify --name or provide positional arg, not both',
        1,
      );
    }
    const name = first ?? named;
    const driver = flags.string('driver') ?? 'local';
    if (driver !== 'local') {
      throw new EngineError(
        'volume-driver',
        `create ${name}: error looking up volume plugin ${driver}: plugin ${JSON.stringify(driver)} not found`,
      );
    }
    checkOptions(name, flags.list('opt'));
    const labels = Object.fromEntries(
      flags.list('label').map((label) => {
        const equals = label.indexOf('=');
        return equals < 0 ? [label, ''] : [label.slice(0, equals), label.slice(equals + 1)];
      }),
    );
    const isNew = name === '' || !(await findVolume(engine, name));
    const volume = await createVolume(engine, {
      labels,
      ...(name === '' ? { anonymous: true } : { name }),
    });
    if (isNew) {
      emitEvent(engine, {
        ...{ type: 'volume', action: 'create', id: volume.name },
        attributes: { driver: 'local' },
      });
    }
    session.stdout.write(`${volume.name}\n`);
    return 0;
  },
};

/** Docker mounts something of its host where there are options, which there is not here. */
function checkOptions(name: string, options: readonly string[]): void {
  for (const option of options) {
    const [key = ''] = option.split('=');
    const shown = name === '' ? '' : `${name}: `;
    if (!['type', 'o', 'device', 'size'].includes(key)) {
      throw new EngineError(
        'volume-options',
        `create ${shown}invalid option: ${JSON.stringify(key)}`,
      );
    }
    throw new EngineError(
      'volume-options',
      `create ${shown}volumes with options are not available here`,
      {
        hint: 'A volume here is always an empty directory; a tmpfs is "docker run --tmpfs PATH".',
      },
    );
  }
}
