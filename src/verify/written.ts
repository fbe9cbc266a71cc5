import type { Verdict, Where } from './check.ts';
import { textOf, type Folder } from './folder.ts';
import { fail, pass } from './verdicts.ts';
import { words, type Words } from './words.ts';

/** Answers that a learner wrote, a `key: value` a line; `#` begins a comment. */
export interface Written {
  readonly file: string;
  /** The value and its line, from 1; undefined when there is no such line or nothing after the colon. */
  get(key: string): WrittenAnswer | undefined;
  readonly keys: readonly string[];
}

export interface WrittenAnswer {
  readonly text: string;
  readonly line: number;
}

/**
 * The part of YAML that a list of answers needs: quotes around a value may be there or not, the last of
 * two lines with one key counts, and a line that is no answer is passed over. A file that is not there
 * has no answers.
 */
export function written(folder: Folder, file: string): Written {
  const answers = new Map<string, WrittenAnswer>();
  for (const [i, line] of (textOf(folder, file) ?? '').split(/\r?\n/).entries()) {
    const [, key = '', rest = ''] = /^\s*([^\s#:][^#:]*?)\s*:(?:\s+(.*))?$/.exec(line) ?? [];
    const text = valueOf(rest);
    if (key !== '') answers.set(key, { text, line: i + 1 });
  }
  return {
    file,
    keys: [...answers.keys()],
    get: (key) => {
      const answer = answers.get(key);
      return answer?.text === '' ? undefined : answer;
    },
  };
}

function valueOf(rest: string): string {
  const [, , quoted] = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(rest) ?? [];
  return (quoted ?? rest.replace(/(?:^|\s)#.*$/, '')).trim();
}

/** One line of an answer file, and who knows whether it is right. */
export interface WrittenQuestion {
  readonly key: string;
  /** Undefined when the value is right. */
  judge(text: string): Wrong | undefined;
}

export interface Wrong {
  readonly expected: Words;
  readonly found: Words;
  /** Evidence in the image; the line of the file is added. */
  readonly where?: Where;
  readonly hint?: string;
}

/** Every question has a line, and each line is right. The first that is not is told, and how many more. */
export function writtenRight(answers: Written, questions: readonly WrittenQuestion[]): Verdict {
  const wrong = questions.flatMap((question) => {
    const answer = answers.get(question.key);
    const why =
      answer === undefined ? missing(answers.file, question.key) : question.judge(answer.text);
    return why === undefined ? [] : [{ why, line: answer?.line }];
  });
  const [first] = wrong;
  if (first === undefined) return pass();
  const others = wrong.length - 1;
  const { expected, found, where, hint } = first.why;
  return fail({
    expected,
    found:
      others === 0
        ? found
        : words(
            `${found['pt-BR']} (e mais ${others} ${others === 1 ? 'linha' : 'linhas'} de \`${answers.file}\`)`,
            `${found.en} (and ${others} more ${others === 1 ? 'line' : 'lines'} of \`${answers.file}\`)`,
          ),
    where: {
      ...where,
      source: { file: answers.file, ...(first.line !== undefined && { line: first.line }) },
    },
    ...(hint !== undefined && { hint }),
  });
}

function missing(file: string, key: string): Wrong {
  return {
    expected: words(`uma resposta para \`${key}\``, `an answer for \`${key}\``),
    found: words(
      `\`${file}\` não tem valor para \`${key}\``,
      `\`${file}\` has no value for \`${key}\``,
    ),
  };
}

/** `sim` or `não`, also in English; undefined for anything else. */
export function yesOrNo(text: string): boolean | undefined {
  const said = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  if (['sim', 's', 'yes', 'y', 'true'].includes(said)) return true;
  return ['nao', 'n', 'no', 'false'].includes(said) ? false : undefined;
}

/** A question that is answered with yes or no; `evidence` shows why the other answer is wrong. */
export function yesNo(
  key: string,
  right: boolean,
  evidence: Words,
  more: Pick<Wrong, 'where' | 'hint'> = {},
): WrittenQuestion {
  return {
    key,
    judge: (text) => {
      const said = yesOrNo(text);
      if (said === right) return undefined;
      if (said === undefined) {
        return {
          expected: words('`sim` ou `nao`', '`sim` (yes) or `nao` (no)'),
          found: words(`\`${key}: ${text}\``, `\`${key}: ${text}\``),
        };
      }
      return {
        expected: evidence,
        found: words(`você respondeu \`${key}: ${text}\``, `you answered \`${key}: ${text}\``),
        ...more,
      };
    },
  };
}
