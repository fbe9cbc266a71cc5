import type { BuildOptions } from './check.ts';
import type { BuildOutcome } from './engine.ts';
import { fail, type Failure } from './verdicts.ts';
import { verbatim, words } from './words.ts';

/** The learner's Dockerfile does not build: fails the check that asked, with what the engine said. */
export class NotBuilt extends Error {
  readonly outcome: Extract<BuildOutcome, { readonly ok: false }>;
  /** Path of the Dockerfile in the learner's folder. */
  readonly dockerfile: string;
  readonly options: BuildOptions;

  constructor(
    outcome: Extract<BuildOutcome, { readonly ok: false }>,
    dockerfile: string,
    options: BuildOptions,
  ) {
    super(outcome.message);
    this.name = 'NotBuilt';
    this.outcome = outcome;
    this.dockerfile = dockerfile;
    this.options = options;
  }
}

/** A build that failed as the verdict of the check that wanted it; anything else is thrown on. */
export function notBuiltVerdict(error: unknown): Failure {
  if (!(error instanceof NotBuilt)) throw error;
  const { outcome, dockerfile, options } = error;
  const command = commandOf(options);
  const { line } = outcome;
  return fail({
    expected: words(`\`${command}\` constrói a imagem`, `\`${command}\` builds the image`),
    found: verbatim(foundIn(outcome)),
    where: { source: { file: dockerfile, ...(line !== undefined && { line }) } },
  });
}

/** The message alone says "did not complete successfully"; why is among the last lines of the log. */
function foundIn({ message, log }: NotBuilt['outcome']): string {
  const last = log.trimEnd().split('\n').slice(-LAST_LINES).join('\n').trim();
  return last === '' ? message : `${last}\n${message}`;
}

const LAST_LINES = 6;

function commandOf({ context = '', dockerfile, target, args = {} }: BuildOptions): string {
  const flags = [
    ...(dockerfile === undefined ? [] : ['-f', [context, dockerfile].filter(Boolean).join('/')]),
    ...(target === undefined ? [] : ['--target', target]),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  ];
  return ['docker build', ...flags, context === '' ? '.' : context].join(' ');
}
