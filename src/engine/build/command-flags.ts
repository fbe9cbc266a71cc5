import type { FlagDefinition } from '../docker/command.ts';

const PROCESSES = 'settings of the machine that runs RUN cannot be changed here';
const CACHES = 'the cache is the one of this store';

/** Flags that take values and that this engine has no use for, with what is said of them. */
const UNSUPPORTED_LISTS: readonly (readonly [name: string, why: string])[] = [
  ['add-host', PROCESSES],
  ['allow', PROCESSES],
  ['annotation', 'annotations are not written here; use --label'],
  ['attest', 'attestations are not made here'],
  ['build-context', 'write the files into the context, or COPY --from an image'],
  ['builder', 'there is one builder'],
  ['cache-from', CACHES],
  ['cache-to', CACHES],
  ['cgroup-parent', PROCESSES],
  ['network', 'use RUN --network'],
  ['shm-size', PROCESSES],
  ['ssh', 'there is no SSH agent here'],
  ['ulimit', PROCESSES],
];

/** Flags of `docker buildx build`, in the order its help lists them. */
export const BUILD_FLAGS: readonly FlagDefinition[] = [
  list('build-arg', 'Set build-time variables'),
  { name: 'check', kind: 'bool', help: 'Look for mistakes in the Dockerfile and build nothing' },
  {
    name: 'file',
    short: 'f',
    kind: 'string',
    value: 'string',
    help: 'Name of the Dockerfile (default: "PATH/Dockerfile")',
  },
  text('iidfile', 'Write the image ID to the file'),
  list('label', 'Set metadata for an image'),
  { name: 'load', kind: 'bool', help: 'Shorthand for "--output=type=docker"' },
  text('metadata-file', 'Write build result metadata to the file'),
  { name: 'no-cache', kind: 'bool', help: 'Do not use cache when building the image' },
  list('no-cache-filter', 'Do not cache specified stages'),
  {
    name: 'output',
    short: 'o',
    kind: 'list',
    value: 'stringArray',
    help: 'Output destination (format: "type=local,dest=path")',
  },
  list('platform', 'Set target platform for build'),
  {
    name: 'progress',
    kind: 'string',
    value: 'string',
    help: 'Set type of progress output ("auto", "plain", "tty"). Use plain to show container output',
    default: 'auto',
  },
  { name: 'pull', kind: 'bool', help: 'Always attempt to pull all referenced images' },
  {
    name: 'quiet',
    short: 'q',
    kind: 'bool',
    help: 'Suppress the build output and print image ID on success',
  },
  list('secret', 'Secret to expose to the build (format: "id=mysecret[,src=/local/secret]")'),
  {
    name: 'tag',
    short: 't',
    kind: 'list',
    value: 'stringArray',
    help: 'Name and optionally a tag (format: "name:tag")',
  },
  text('target', 'Set the target build stage to build'),
  ...['rm', 'force-rm', 'compress'].map((name): FlagDefinition => {
    return { name, kind: 'bool', help: 'Means nothing to BuildKit', hidden: true };
  }),
  ...['provenance', 'sbom'].map((name): FlagDefinition => {
    return { ...text(name, 'Attestations are not made here'), hidden: true };
  }),
  ...UNSUPPORTED_LISTS.map(([name, why]) => ({ ...list(name, why), hidden: true })),
  { name: 'push', kind: 'bool', help: 'There is no registry here', hidden: true },
  { name: 'squash', kind: 'bool', help: 'Not supported by BuildKit', hidden: true },
];

/** Flags Docker has and this engine has no use for: given one, it says so instead of ignoring it. */
export const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ...UNSUPPORTED_LISTS,
  ['push', 'there is no registry to push to; "docker save" writes an image to a file'],
  ['squash', 'BuildKit does not squash; copy what you need into a last stage instead'],
]);

function list(name: string, help: string): FlagDefinition {
  return { name, kind: 'list', value: 'stringArray', help };
}

function text(name: string, help: string): FlagDefinition {
  return { name, kind: 'string', value: 'string', help };
}
