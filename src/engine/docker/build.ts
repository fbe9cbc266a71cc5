import { build } from '../build/build.ts';
import { BUILD_FLAGS, UNSUPPORTED } from '../build/command-flags.ts';
import { checkOnly } from '../build/check-only.ts';
import { type BuildInputs, readInputs } from '../build/inputs.ts';
import { type OutputSpec, parseOutput } from '../build/output-spec.ts';
import { writeOutput } from '../build/outputs.ts';
import { CANCELED } from '../build/progress.ts';
import { ProgressState } from '../build/progress-state.ts';
import { progressView, type ProgressView } from '../build/progress-view.ts';
import { failureText, warningsText } from '../build/render-failure.ts';
import type { BuildRequest, BuildResult } from '../build/request.ts';
import { readSecrets } from '../build/secrets.ts';
import { once, utf8 } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import { parsePlatform } from '../oci/platform.ts';
import { canonicalName, parseReference } from '../oci/reference.ts';
import type { CommandContext, CommandDefinition, Flags } from './command.ts';
import type { Session } from './session.ts';

export const buildCommand: CommandDefinition = {
  name: 'build',
  aliases: ['buildx build', 'buildx b', 'image build', 'builder build', 'build'],
  plugin: 'buildx',
  usage: '[OPTIONS] PATH | URL | -',
  summary: 'Build an image from a Dockerfile',
  flags: BUILD_FLAGS,
  arguments: { min: 1, max: 1 },
  stores: true,
  examples: [
    'docker build -t app .',
    'docker build --target build --build-arg VERSION=3 -t app:build .',
    'docker build -o type=local,dest=out .',
    'tar c . | docker build -t app -',
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { session } = context;
  const state = new ProgressState();
  let inputs: BuildInputs | undefined;
  let view: ProgressView | undefined;
  try {
    const plan = await readCommand(context);
    inputs = plan.inputs;
    if (plan.check) return await checkOnly(session, plan.request);
    view = progressView(session, context.flags, state);
    const result = await build(session.engine, plan.request, view.on);
    for (const output of plan.outputs) await writeOutput(session, output, result, plan.names);
    view.end();
    await report(context, result, plan.names);
    if (!view.isQuiet) session.stderr.write(warningsText(result.warnings));
    return 0;
  } catch (error) {
    if (session.signal.aborted && view) {
      view.end();
      session.stderr.write(`ERROR: failed to solve: Canceled: ${CANCELED}\n`);
    }
    if (session.signal.aborted || !(error instanceof EngineError)) throw error;
    view?.end();
    const lines = view?.linesOnFailure;
    session.stderr.write(failureText(error, inputs?.dockerfile, state, view !== undefined, lines));
    return error.exitCode;
  }
}

interface Command {
  readonly inputs: BuildInputs;
  readonly request: BuildRequest;
  readonly outputs: readonly OutputSpec[];
  readonly names: readonly string[];
  readonly check: boolean;
}

async function readCommand({ session, args, flags }: CommandContext): Promise<Command> {
  refuseUnsupported(flags);
  const names = flags.list('tag').map(tagName);
  const outputs = flags.list('output').map(parseOutput);
  refuseTerminal(session, outputs);
  const platform = platformOf(session, flags);
  const secrets = await readSecrets(session, flags.list('secret'));
  const inputs = await readInputs(session, args[0] ?? '', flags.string('file'));
  const target = flags.string('target') ?? '';
  const isImage = ({ type, dest }: OutputSpec): boolean =>
    type === 'image' || (type === 'docker' && dest === undefined);
  const request: BuildRequest = {
    ...inputs,
    ...(target !== '' && { target }),
    args: buildArgs(session, flags.list('build-arg')),
    ...(platform && { platform }),
    noCache: flags.bool('no-cache'),
    noCacheFilter: flags.list('no-cache-filter').flatMap((value) => value.split(',')),
    pull: flags.bool('pull'),
    labels: Object.fromEntries(flags.list('label').map(pair)),
    secrets,
    names,
    register: outputs.length === 0 || flags.bool('load') || outputs.some(isImage),
    signal: session.signal,
  };
  return { inputs, request, outputs, names, check: flags.bool('check') };
}

function refuseUnsupported(flags: Flags): void {
  for (const [name, why] of UNSUPPORTED) {
    if (!flags.given(name)) continue;
    throw new EngineError('flag-unsupported', `--${name} is not supported: ${why}`);
  }
  for (const name of ['provenance', 'sbom']) {
    const value = flags.string(name) ?? 'false';
    if (value === 'false') continue;
    throw new EngineError(
      'flag-unsupported',
      `--${name} is not supported: attestations are not made here`,
    );
  }
}

function refuseTerminal(session: Session, outputs: readonly OutputSpec[]): void {
  const typed = outputs.find(({ dest }) => dest === '-');
  if (!typed || session.stdout.columns === undefined) return;
  throw new EngineError(
    'output-terminal',
    `dest file is required for ${typed.type} exporter. refusing to write to console`,
    { hint: `Write -o type=${typed.type},dest=FILE, or redirect standard output.` },
  );
}

function tagName(text: string): string {
  try {
    const ref = parseReference(text);
    if (!ref.digest) return canonicalName(ref);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(
      'reference-invalid',
      `invalid tag ${JSON.stringify(text)}: ${error.message}`,
      {
        cause: error,
      },
    );
  }
  throw new EngineError(
    'reference-invalid',
    `invalid tag ${JSON.stringify(text)}: build tag cannot contain a digest`,
  );
}

function platformOf(session: Session, flags: Flags) {
  const given = flags.list('platform').flatMap((value) => value.split(','));
  const [first, second] = given;
  if (second !== undefined) {
    throw new EngineError(
      'platform-several',
      'Multi-platform build is not supported: name one platform at a time',
    );
  }
  if (first !== undefined) return parsePlatform(first);
  const preset = session.env['DOCKER_DEFAULT_PLATFORM'] ?? '';
  return preset === '' ? undefined : parsePlatform(preset);
}

/** A name without value takes the one of the caller's environment, if it has one. */
function buildArgs(session: Session, values: readonly string[]): Readonly<Record<string, string>> {
  const args: Record<string, string> = {};
  const epoch = session.env['SOURCE_DATE_EPOCH'];
  if (epoch !== undefined && epoch !== '') args['SOURCE_DATE_EPOCH'] = epoch;
  for (const value of values) {
    const [name, given] = pair(value);
    const used = value.includes('=') ? given : session.env[name];
    if (used !== undefined) args[name] = used;
  }
  return args;
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at === 0 || text === '') {
    throw new EngineError(
      'key-empty',
      `invalid key-value pair ${JSON.stringify(text)}: empty key`,
      { hint: 'Write NAME=VALUE; a shell variable that is empty leaves nothing of it.' },
    );
  }
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

async function report(
  { session, flags }: CommandContext,
  result: BuildResult,
  names: readonly string[],
): Promise<void> {
  const iidfile = flags.string('iidfile') ?? '';
  if (iidfile !== '') await session.files.write(iidfile, once(utf8(result.id)));
  const metadata = flags.string('metadata-file') ?? '';
  if (metadata !== '') {
    const document = {
      'containerimage.config.digest': result.id,
      'containerimage.digest': result.id,
      ...(names.length > 0 && { 'image.name': names.join(',') }),
    };
    await session.files.write(metadata, once(utf8(JSON.stringify(document, undefined, 2))));
  }
  if (flags.bool('quiet') || flags.string('progress') === 'quiet') {
    session.stdout.write(`${result.id}\n`);
  }
}
