import { EngineError } from '../../engine/errors.ts';
import { parseDockerignore } from '../../engine/dockerfile/ignore.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { type BuildRequest, EngineTrouble } from '../../verify/engine.ts';
import { textOf } from '../../verify/folder.ts';
import { buildKitBuild } from './build-kit.ts';
import { classicBuild } from './classic-build.ts';
import type { Connection } from './connect.ts';
import { failedLine } from './failed-line.ts';
import { treeOfFolder } from './file-sync.ts';
import { apiError, troubleFrom, troubleOf, asTrouble } from './trouble.ts';
import { both } from './words.ts';

/** What a builder is given, and what it comes to. */
export interface BuildJob {
  readonly request: BuildRequest;
  readonly dockerfile: string;
  /** What `.dockerignore` leaves. */
  readonly context: FileTree;
  /** The Dockerfile and its ignore files, ignored or not. */
  readonly instructions: FileTree;
  /** The name that the image gets. */
  readonly tag: string;
  readonly signal: AbortSignal;
}

export type BuildResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly message: string;
      readonly log: string;
      readonly step: string | undefined;
    };

type Failure = {
  readonly ok: false;
  readonly message: string;
  readonly log: string;
  readonly line?: number;
};

const TEN_MINUTES = 600_000;

/**
 * Builds, and names the image `tag`. Undefined when it is built, else why not. Errors: EngineTrouble
 * where the learner could not help it: `timeout`, `no-space`, `no-network`, `engine-failed`.
 */
export async function buildImage(
  connection: Connection,
  request: BuildRequest,
  { tag, closing }: { readonly tag: string; readonly closing: AbortSignal },
): Promise<Failure | undefined> {
  const { context, dockerfile = 'Dockerfile', timeout = TEN_MINUTES } = request;
  const source = textOf(context, dockerfile);
  if (source === undefined) {
    const message = `failed to read dockerfile: open ${dockerfile}: no such file or directory`;
    return { ok: false, message, log: '' };
  }
  const ignore = textOf(context, `${dockerfile}.dockerignore`) ?? textOf(context, '.dockerignore');
  const kept = keptBy(ignore ?? '');
  if (!kept.ok) return { ok: false, message: kept.message, log: '' };
  const own = new Set([dockerfile, `${dockerfile}.dockerignore`, '.dockerignore']);
  const late = AbortSignal.timeout(timeout);
  const job: BuildJob = {
    ...{ request, dockerfile, tag },
    context: treeOfFolder(context, kept.wanted),
    instructions: treeOfFolder(context, (path) => own.has(path)),
    signal: AbortSignal.any([late, closing]),
  };
  const build = connection.kind === 'podman' ? classicBuild : buildKitBuild;
  const result = await build(connection, job).catch((error: unknown) => {
    if (late.aborted) throw tooLong(timeout);
    if (closing.aborted) throw interrupted();
    const { status, message } = apiError(error);
    // An answer to the request itself: a Dockerfile that cannot be parsed, with builders that parse it first.
    if (status === undefined || error instanceof EngineTrouble) throw troubleFrom(error);
    return { ok: false, message, log: '', step: undefined } as const;
  });
  if (late.aborted) throw tooLong(timeout);
  if (result.ok) return undefined;
  const { message, log, step } = result;
  const trouble = troubleOf(message);
  // What a RUN could not reach is the learner's business: the builder then tells of an exit code.
  if (trouble !== undefined && !/exit code|non-zero code|exit status/.test(message)) {
    throw asTrouble(message);
  }
  const line = failedLine(source, message, step);
  return { ok: false, message, log, ...(line !== undefined && { line }) };
}

type Kept =
  | { readonly ok: true; readonly wanted: (path: string) => boolean }
  | { readonly ok: false; readonly message: string };

function keptBy(ignore: string): Kept {
  try {
    const rules = parseDockerignore(ignore);
    return { ok: true, wanted: (path) => rules.verdict(path) === 'keep' };
  } catch (error) {
    if (error instanceof EngineError) return { ok: false, message: error.message };
    throw error;
  }
}

function tooLong(timeout: number): EngineTrouble {
  const seconds = Math.round(timeout / 1000);
  return new EngineTrouble(
    'timeout',
    both(
      `O build não terminou em ${seconds} segundos e foi interrompido.`,
      `The build did not end within ${seconds} seconds and was stopped.`,
    ),
    {
      advice: both(
        'Rode `docker build .` na pasta para ver em que passo ele fica parado.',
        'Run `docker build .` in the folder to see at which step it stays.',
      ),
    },
  );
}

export function interrupted(): EngineTrouble {
  return new EngineTrouble(
    'interrupted',
    both('A verificação foi interrompida.', 'The verification was interrupted.'),
  );
}
