import { EngineError } from '../../engine/errors.ts';
import { EngineTrouble, type TroubleCode } from '../../verify/engine.ts';
import { words, type Words } from '../../verify/words.ts';

interface Trouble {
  readonly codes: RegExp;
  readonly code: TroubleCode;
  readonly words: Words;
  readonly advice: Words;
}

/** What the engine's codes mean where they are nobody's fault; looked through in this order. */
const TROUBLES: readonly Trouble[] = [
  {
    codes: /^(?:machine-missing|no-process-host)$/,
    code: 'no-engine',
    words: words(
      'O motor embutido não tem a máquina que executa processos',
      'The built-in engine has no machine to run processes',
    ),
    advice: words(
      'Rode `npm start` na pasta do Sem Distro, ou use `--engine docker`.',
      'Run `npm start` in the folder of Sem Distro, or use `--engine docker`.',
    ),
  },
  {
    codes: /^(?:store-full|no-space)$/,
    code: 'no-space',
    words: words('Acabou o espaço em disco', 'The disk is full'),
    advice: words(
      '`semdistro docker system df` mostra o que ocupa o disco, e `semdistro docker system prune` libera.',
      '`semdistro docker system df` shows what takes the disk, and `semdistro docker system prune` frees it.',
    ),
  },
  {
    codes: /^machine-(?:crashed|stopped|closed)$/,
    code: 'engine-failed',
    words: words(
      'A máquina que executa os processos parou no meio',
      'The machine that runs the processes stopped half way',
    ),
    advice: words(
      'Verifique de novo: ela recomeça sozinha, e imagens e arquivos continuam lá.',
      'Verify again: it starts by itself, and images and files are still there.',
    ),
  },
  {
    codes: /^machine-/,
    code: 'engine-failed',
    words: words(
      'A máquina que executa os processos está estragada',
      'The machine that runs the processes is damaged',
    ),
    advice: words(
      'Refaça a máquina com `semdistro machine build`.',
      'Make it again with `semdistro machine build`.',
    ),
  },
  {
    codes: /^(?:store|record)-/,
    code: 'engine-failed',
    words: words(
      'O lugar onde o motor embutido guarda as imagens falhou',
      'The place where the built-in engine keeps its images failed',
    ),
    advice: words(
      '`semdistro doctor` diz se a pasta pode ser escrita e se há espaço no disco.',
      '`semdistro doctor` says whether the folder can be written and the disk has space.',
    ),
  },
  {
    // A source that is missing is what a COPY names: the learner's.
    codes: /^(?:blob|source(?!-missing)|toc|gzip)-/,
    code: 'engine-failed',
    words: words('Uma imagem não pôde ser lida', 'An image could not be read'),
    advice: words(
      '`semdistro pantry verify` diz qual está estragada, e `semdistro pantry build` a refaz.',
      '`semdistro pantry verify` says which one is damaged, and `semdistro pantry build` makes it again.',
    ),
  },
];

/** What nobody expects here. */
const UNKNOWN: Pick<Trouble, 'code' | 'words' | 'advice'> = {
  code: 'engine-failed',
  words: words('O motor embutido falhou', 'The built-in engine failed'),
  advice: words(
    'Tente de novo; se continuar, `semdistro doctor` diz o que falta.',
    'Try again; if it goes on, `semdistro doctor` says what is missing.',
  ),
};

/** Trouble of the engine's own that an error tells of; undefined when a learner's files can cause it. */
export function troubleOf(error: unknown): EngineTrouble | undefined {
  if (error instanceof EngineTrouble) return error;
  if (!(error instanceof EngineError)) return undefined;
  const known = TROUBLES.find(({ codes }) => codes.test(error.code));
  return known && asTrouble(known, error);
}

/** For what learners cannot cause: an EngineError of whatever kind is trouble. Bugs pass as they are. */
export async function untroubled<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble) throw trouble;
    throw error instanceof EngineError ? asTrouble(UNKNOWN, error) : error;
  }
}

/** The engine's own sentence names the file or the number, and comes in parentheses: it is in English. */
function asTrouble(
  { code, words: sentence, advice }: Pick<Trouble, 'code' | 'words' | 'advice'>,
  error: EngineError,
): EngineTrouble {
  const { message } = error;
  return new EngineTrouble(
    code,
    words(`${sentence['pt-BR']} (${message})`, `${sentence.en} (${message})`),
    { advice, cause: error },
  );
}
