import { emitImageEvent } from '../images/image-event.ts';
import { importImage } from '../images/import.ts';
import { parsePlatform } from '../oci/platform.ts';
import { canonicalName } from '../oci/reference.ts';
import type { CommandDefinition } from './command.ts';
import { PLATFORM } from './common-flags.ts';
import { changedConfig } from './config-changes.ts';
import { clientReference } from './references.ts';
import { usageError } from './usage-error.ts';

export const importCommand: CommandDefinition = {
  name: 'import',
  aliases: ['image import', 'import'],
  usage: '[OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
  summary: 'Import the contents from a tarball to create a filesystem image',
  flags: [
    {
      name: 'change',
      short: 'c',
      kind: 'list',
      value: 'list',
      help: 'Apply Dockerfile instruction to the created image',
    },
    {
      name: 'message',
      short: 'm',
      kind: 'string',
      value: 'string',
      help: 'Set commit message for imported image',
    },
    PLATFORM,
  ],
  arguments: { min: 1, max: 2 },
  examples: [
    'docker import rootfs.tar.gz base:1.0',
    `tar c -C rootfs . | docker import -c 'CMD ["sh"]' - base:1.0`,
  ],
  async run({ engine, session, args, flags }) {
    const [source = '', reference] = args;
    const names = reference === undefined ? [] : [canonicalName(clientReference(reference))];
    if (/^https?:\/\//.test(source)) {
      throw usageError('import from a URL is not available here: there is no network', 1);
    }
    const file = source === '-' ? undefined : await session.files.open(source);
    if (source !== '-' && !file) throw usageError(`open ${source}: no such file or directory`, 1);
    const asked = flags.string('platform') ?? '';
    const platform = asked === '' ? engine.defaultPlatform : parsePlatform(asked);
    const record = await importImage(
      engine,
      file ? file.stream() : session.stdin,
      {
        platform,
        config: changedConfig({}, flags.list('change'), platform),
        comment: flags.string('message') ?? 'Imported from -',
        names,
      },
      session.signal,
    );
    emitImageEvent(engine, record, 'import');
    session.stdout.write(`${record.id}\n`);
    return 0;
  },
};
