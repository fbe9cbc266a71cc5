import type { FlagDefinition } from '../docker/command.ts';

/** Flags of `docker buildx build`, in the order its help lists them. */
export const BUILD_FLAGS: readonly FlagDefinition[] = [
  list('build-arg', 'stringArray', 'Set build-time variables'),
  { name: 'check', kind: 'bool', help: 'Look for mistakes in the Dockerfile and build nothing' },
  {
    name: 'file',
    short: 'f',
    kind: 'string',
    value: 'string',
    help: 'Name of the Dockerfile (default: "PATH/Dockerfile")',
  },
  text('iidfile', 'string', 'Write the image ID to the file'),
  list('label', 'stringArray', 'Set metadata for an image'),
  { name: 'load', kind: 'bool', help: 'Shorthand for "--output=type=docker"' },
  text('metadata-file', 'string', 'Write build result metadata to the file'),
  { name: 'no-cache', kind: 'bool', help: 'Do not use cache when building the image' },
  list('no-cache-filter', 'stringArray', 'Do not cache specified stages'),
  {
    name: 'output',
    short: 'o',
    kind: 'list',
    value: 'stringArray',
    help: 'Output destination (format: "type=local,dest=path")',
  },
  list('platform', 'stringArray', 'Set target platform for build'),
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
  list(
    'secret',
    'stringArray',
    'Secret to expose to the build (format: "id=mysecret[,src=/local/secret]")',
  ),
  {
    name: 'tag',
    short: 't',
    kind: 'list',
    value: 'stringArray',
    help: 'Name and optionally a tag (format: "name:tag")',
  },
  text('target', 'string', 'Set the target build stage to build'),
  ...['rm', 'force-rm', 'compress'].map((name): FlagDefinition => {
    return { name, kind: 'bool', help: 'Means nothing to BuildKit', hidden: true };
  }),
  ...['provenance', 'sbom'].map((name): FlagDefinition => {
    return { ...text(name, 'string', 'Attestations are not made here'), hidden: true };
  }),
  ...UNSUPPORTED_LISTS().map(({ name, help }) => ({
    ...list(name, 'stringArray', help),
    hidden: true,
  })),
  { name: 'push', kind: 'bool', help: 'There is no registry here', hidden: true },
  { name: 'squash', kind: 'bool', help: 'Not supported by BuildKit', hidden: true },
];

/** Flags Docker has and this engine has no use for: given one, it says so instead of ignoring it. */
export const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ...UNSUPPORTED_LISTS().map(({ name, help }) => [name, help] as const),
  ['push', 'there is no registry to push to; "docker save" writes an image to a file'],
  ['squash', 'BuildKit does not squash; copy what you need into a last stage instead'],
]);

function UNSUPPORTED_LISTS(): readonly { readonly name: string; readonly help: string }[] {
  const processes = 'settings of the machine that runs RUN cannot be changed here';
  const caches = 'the cache is the one of this store';
  return [
    { name: 'add-host', help: processes },
    { name: 'allow', help: processes },
    { name: 'annotation', help: 'annotations are not written here; use --label' },
    { name: 'attest', help: 'attestations are not made here' },
    { name: 'build-context', help: 'write the files into the context, or COPY --from an image' },
    { name: 'builder', help: 'there is one builder' },
    { name: 'cache-from', help: caches },
    { name: 'cache-to', help: caches },
    { name: 'cgroup-parent', help: processes },
    { name: 'network', help: 'use RUN --network' },
    { name: 'shm-size', help: processes },
    { name: 'ssh', help: 'there is no SSH agent here' },
    { name: 'ulimit', help: processes },
  ];
}

function list(name: string, value: string, help: string): FlagDefinition {
  return { name, kind: 'list', value, help };
}

function text(name: string, value: string, help: string): FlagDefinition {
  return { name, kind: 'string', value, help };
}
