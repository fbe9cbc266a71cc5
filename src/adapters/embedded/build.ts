import { build } from '../../engine/build/build.ts';
import { ProgressState } from '../../engine/build/progress-state.ts';
import type { BuildRequest as EngineRequest } from '../../engine/build/request.ts';
import { LocatedError } from '../../engine/dockerfile/located-error.ts';
import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/errors.ts';
import { EngineTrouble, type BuildOutcome, type BuildRequest } from '../../verify/engine.ts';
import { textOf, type Folder } from '../../verify/folder.ts';
import { words } from '../../verify/words.ts';
import { contextTree } from './context.ts';
import type { Images } from './image.ts';
import type { Session } from './session.ts';
import { troubleOf } from './trouble.ts';

const TIMEOUT = 10 * 60 * 1000;
const LONGEST_LOG = 16 * 1024;

/** What may last longer than a learner waits is stopped; `signal` is that of the whole engine. */
export async function buildImage(
  engine: Engine,
  { session, images, signal }: { session: Session; images: Images; signal: AbortSignal },
  request: BuildRequest,
): Promise<BuildOutcome> {
  const { context, dockerfile = 'Dockerfile', timeout = TIMEOUT } = request;
  const source = textOf(context, dockerfile);
  if (source === undefined) return missing(dockerfile);
  const state = new ProgressState();
  const late = AbortSignal.timeout(timeout);
  try {
    const result = await build(
      engine,
      {
        ...optional(request, context),
        dockerfile: { name: dockerfile.slice(dockerfile.lastIndexOf('/') + 1), source },
        context: async () => ({ tree: contextTree(context) }),
        labels: session.labels,
        signal: AbortSignal.any([late, signal]),
      },
      (event) => {
        state.apply(event);
      },
    );
    return { ok: true, image: await images.built(result.id) };
  } catch (error) {
    if (late.aborted) throw tooLong(timeout);
    if (signal.aborted) throw closed();
    const trouble = troubleOf(error);
    if (trouble) throw trouble;
    if (!(error instanceof EngineError)) throw error;
    return failed(error, state);
  }
}

function optional(
  { target, args, noCache }: BuildRequest,
  context: Folder,
): Pick<EngineRequest, 'target' | 'args' | 'noCache' | 'ignore'> {
  const ignore = textOf(context, '.dockerignore');
  return {
    ...(target !== undefined && { target }),
    ...(args && { args }),
    ...(noCache !== undefined && { noCache }),
    ...(ignore !== undefined && { ignore: { name: '.dockerignore', source: ignore } }),
  };
}

function missing(dockerfile: string): BuildOutcome {
  const message = `failed to read dockerfile: open ${dockerfile}: no such file or directory`;
  return { ok: false, message, log: '' };
}

/** The engine's advice (what the pantry has, why there is no network) is the end of the log. */
function failed(error: EngineError, { failed: step }: ProgressState): BuildOutcome {
  const lines = [...(step?.log.map(({ text }) => text) ?? []), ...(error.hint ? [error.hint] : [])];
  return {
    ok: false,
    message: error.message,
    log: lines
      .map((line) => `${line}\n`)
      .join('')
      .slice(-LONGEST_LOG),
    ...(error instanceof LocatedError && { line: error.range.start.line + 1 }),
  };
}

function tooLong(timeout: number): EngineTrouble {
  const seconds = Math.round(timeout / 1000);
  return new EngineTrouble(
    'timeout',
    words(
      `o build não terminou em ${seconds} s e foi interrompido`,
      `the build did not end within ${seconds} s and was stopped`,
    ),
    {
      advice: words(
        'Feche o que estiver pesando no computador e verifique de novo: o que já foi construído está guardado.',
        'Close what keeps the computer busy and verify again: what was built is kept.',
      ),
    },
  );
}

/** The engine was closed under a build. */
export function closed(): EngineTrouble {
  return new EngineTrouble('interrupted', words('foi interrompido', 'it was interrupted'));
}
