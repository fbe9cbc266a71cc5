import { EngineError } from '../../engine/errors.ts';
import { EngineTrouble, type TroubleCode } from '../../verify/engine.ts';
import { words, type Words } from '../../verify/words.ts';

/** What the engine's codes mean where they are nobody's fault; looked through in this order. */
const TROUBLES: readonly (readonly [RegExp, TroubleCode])[] = [
  [/^(?:machine-missing|no-process-host)$/, 'no-engine'],
  [/^(?:store-full|no-space)$/, 'no-space'],
  // A source that is missing is what a COPY names: the learner's.
  [/^(?:machine|store|blob|record|source(?!-missing)|toc|gzip)-/, 'engine-failed'],
];

const SENTENCES: Partial<Record<TroubleCode, Words>> = {
  'no-engine': words(
    'O motor embutido não tem a máquina que executa processos',
    'The built-in engine has no machine to run processes',
  ),
  'no-space': words('Acabou o espaço em disco', 'The disk is full'),
};

const ADVICE: Partial<Record<TroubleCode, Words>> = {
  'no-engine': words(
    'Rode `npm start` na pasta do Sem Distro, ou use `--engine docker`.',
    'Run `npm start` in the folder of Sem Distro, or use `--engine docker`.',
  ),
  'no-space': words(
    '`semdistro docker system df` mostra o que ocupa o disco, e `semdistro docker system prune` libera.',
    '`semdistro docker system df` shows what takes the disk, and `semdistro docker system prune` frees it.',
  ),
};

/** Trouble of the engine's own that an error tells of; undefined when a learner's files can cause it. */
export function troubleOf(error: unknown): EngineTrouble | undefined {
  if (error instanceof EngineTrouble) return error;
  if (!(error instanceof EngineError)) return undefined;
  const code = TROUBLES.find(([pattern]) => pattern.test(error.code))?.[1];
  return code && asTrouble(code, error);
}

/** For what learners cannot cause: an EngineError of whatever kind is trouble. Bugs pass as they are. */
export async function untroubled<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble) throw trouble;
    throw error instanceof EngineError ? asTrouble('engine-failed', error) : error;
  }
}

function asTrouble(code: TroubleCode, error: EngineError): EngineTrouble {
  const { message } = error;
  const sentence =
    SENTENCES[code] ?? words('O motor embutido falhou', 'The built-in engine failed');
  const advice = ADVICE[code];
  return new EngineTrouble(
    code,
    words(`${sentence['pt-BR']}: ${message}`, `${sentence.en}: ${message}`),
    { ...(advice && { advice }), cause: error },
  );
}
