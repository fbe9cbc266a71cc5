import { commitContainer } from '../containers/commit.ts';
import { emitContainerEvent } from '../containers/container-event.ts';
import { pauseContainer, unpauseContainer } from '../containers/control.ts';
import { findContainer } from '../containers/registry.ts';
import { goJson } from '../gotemplate/json.ts';
import type { ContainerConfig } from '../oci/image.ts';
import { canonicalName } from '../oci/reference.ts';
import { VERSION } from './about.ts';
import type { CommandDefinition } from './command.ts';
import { changedConfig } from './config-changes.ts';
import { containerConfig } from './inspect-config.ts';
import { clientReference } from './references.ts';

export const commitCommand: CommandDefinition = {
  name: 'commit',
  aliases: ['container commit', 'commit'],
  usage: '[OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
  summary: "Create a new image from a container's changes",
  flags: [
    {
      name: 'author',
      short: 'a',
      kind: 'string',
      value: 'string',
      help: 'Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")',
    },
    {
      name: 'change',
      short: 'c',
      kind: 'list',
      value: 'list',
      help: 'Apply Dockerfile instruction to the created image',
    },
    { name: 'message', short: 'm', kind: 'string', value: 'string', help: 'Commit message' },
    {
      name: 'pause',
      short: 'p',
      kind: 'bool',
      default: 'true',
      help: 'Pause container during commit',
    },
  ],
  arguments: { min: 1, max: 2 },
  examples: [
    'docker commit web web:changed',
    `docker commit -c 'CMD ["sh"]' -m 'with tools' web web:tools`,
  ],
  // Its layer comes before the image that names it.
  stores: true,
  async run({ engine, session, args, flags }) {
    const [name = '', reference] = args;
    const names = reference === undefined ? [] : [canonicalName(clientReference(reference))];
    const record = await findContainer(engine, name);
    const { config, imageName, platform } = record;
    const changes = flags.list('change');
    // BuildKit's CMD sets it, Docker's commit does not.
    const ArgsEscaped = config.ArgsEscaped === true;
    const changed = { ...changedConfig(config, changes, platform), ArgsEscaped };
    const document = (fields: ContainerConfig): string =>
      goJson(containerConfig(fields, { ...config, Image: imageName }));
    const pauses = flags.bool('pause') && record.state.status === 'running';
    if (pauses) await pauseContainer(engine, record);
    try {
      const image = await commitContainer(engine, record, {
        author: flags.string('author') ?? '',
        comment: flags.string('message') ?? '',
        config: document(changed),
        containerConfig: document(config),
        dockerVersion: VERSION,
        names,
      });
      emitContainerEvent(engine, record, 'commit', {
        comment: flags.string('message') ?? '',
        imageID: image.id,
        imageRef: names[0] ?? '',
      });
      session.stdout.write(`${image.id}\n`);
    } finally {
      const now = pauses ? await findContainer(engine, record.id) : record;
      // It may have been killed meanwhile.
      if (pauses && now.state.status === 'paused') await unpauseContainer(engine, now);
    }
    return 0;
  },
};
