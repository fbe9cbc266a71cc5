import { applyConfig } from '../build/apply-config.ts';
import { configOf, emptyDraft } from '../build/draft.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { globalScope } from '../dockerfile/scopes.ts';
import { EngineError } from '../errors.ts';
import { importImage } from '../images/import.ts';
import { rootedPath } from '../layer/path.ts';
import type { ContainerConfig, OciPlatform } from '../oci/image.ts';
import { parsePlatform, platformName } from '../oci/platform.ts';
import { canonicalName } from '../oci/reference.ts';
import type { CommandDefinition } from './command.ts';
import { PLATFORM } from './common-flags.ts';
import { clientReference } from './references.ts';
import { usageError } from './usage-error.ts';

/** Instructions that only change the config; Docker takes no others. */
const CHANGES = new Set(
  'cmd entrypoint env expose healthcheck label onbuild stopsignal user volume workdir'.split(' '),
);

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
        config: changed(flags.list('change'), platform),
        comment: flags.string('message') ?? 'Imported from -',
        names,
      },
      session.signal,
    );
    session.stdout.write(`${record.id}\n`);
    return 0;
  },
};

function changed(changes: readonly string[], platform: OciPlatform): ContainerConfig {
  for (const change of changes) {
    const word = /^\s*(\S*)/.exec(change)?.[1] ?? '';
    if (CHANGES.has(word.toLowerCase())) continue;
    throw new EngineError('change-invalid', `${word.toUpperCase()} is not a valid change command`);
  }
  const { dockerfile, diagnostics } = parseDockerfile(['FROM scratch', ...changes].join('\n'));
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (!dockerfile || problem) {
    throw new EngineError('change-invalid', problem?.message ?? 'invalid change');
  }
  const name = platformName(platform);
  const scope = globalScope(dockerfile, new Map(), { build: name, target: name });
  const draft = emptyDraft(platform, scope);
  // An import starts from nothing at all, not from BuildKit's PATH and directory.
  draft.env.clear();
  delete draft.config.WorkingDir;
  for (const instruction of dockerfile.stages[0]?.instructions ?? []) {
    if (instruction.kind === 'workdir') {
      const below: string = draft.config.WorkingDir ?? '';
      const path = instruction.value;
      draft.config.WorkingDir = `/${rootedPath(path.startsWith('/') ? path : `${below}/${path}`)}`;
    } else applyConfig(draft, instruction);
  }
  return configOf(draft);
}
