import type { Verdict } from '../check.ts';
import type { Container, Engine, RunRequest } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';
import { commandOf, patience, printed, shownEnd, withContainer } from './container.ts';
import { missingIn, named, presentIn, type Pattern } from './text.ts';

export interface RunExpectation {
  /** What standard output must contain. */
  readonly stdout?: Pattern;
  readonly stderr?: Pattern;
  /** What may be in neither stream. */
  readonly without?: Pattern;
  /** 0 when missing. Codes of programs that cannot be started vary: say `nonzero` or `any` there. */
  readonly exitCode?: number | 'nonzero' | 'any';
  /** Until when it must have ended; what the engine needs for a slow start when missing. */
  readonly seconds?: number;
}

/**
 * A container of the image starts, ends by itself and printed what it should. For a program that
 * stays, see `answers`.
 *
 *     run: async ({ engine, built, nonce }) =>
 *       runs(engine, { image: await built(), env: { SAUDACAO: drawn(nonce, 'saudacao') } },
 *            { stdout: drawn(nonce, 'saudacao') }),
 */
export async function runs(
  engine: Engine,
  request: RunRequest,
  expected: RunExpectation = {},
): Promise<Verdict> {
  const seconds = expected.seconds ?? patience(engine);
  return withContainer(engine, request, async (container) => {
    const code = await container.wait(seconds * 1000);
    if (code === undefined) return stillRuns(container, request, seconds);
    return (
      (await wrongCode(container, request, code, expected.exitCode ?? 0)) ??
      (await wrongOutput(container, request, expected))
    );
  });
}

async function stillRuns(
  container: Container,
  request: RunRequest,
  seconds: number,
): Promise<Verdict> {
  const so = await printed(container);
  const command = `\`${commandOf(request)}\``;
  return fail({
    expected: words(`${command} termina em ${seconds} s`, `${command} ends within ${seconds} s`),
    found: words(
      `ainda está rodando; até agora ${so['pt-BR']}`,
      `it is still running; so far ${so.en}`,
    ),
  });
}

async function wrongCode(
  container: Container,
  request: RunRequest,
  code: number,
  wanted: number | 'nonzero' | 'any',
): Promise<Verdict | undefined> {
  if (wanted === 'any' || code === wanted || (wanted === 'nonzero' && code !== 0)) return undefined;
  const so = await printed(container);
  const command = `\`${commandOf(request)}\``;
  const expected =
    wanted === 'nonzero'
      ? words(`${command} termina com um erro`, `${command} ends with an error`)
      : words(`${command} termina com código ${wanted}`, `${command} ends with code ${wanted}`);
  return fail({
    expected,
    found: words(
      `terminou com código ${code}; ${so['pt-BR']}`,
      `it ended with code ${code}; ${so.en}`,
    ),
  });
}

async function wrongOutput(
  container: Container,
  request: RunRequest,
  { stdout, stderr, without }: RunExpectation,
): Promise<Verdict> {
  const logs = await container.logs();
  const command = `\`${commandOf(request)}\``;
  const lacking = (
    text: string,
    pattern: Pattern | undefined,
    stream: Words,
  ): Verdict | undefined => {
    const piece = pattern === undefined ? undefined : missingIn(text, pattern);
    if (piece === undefined) return undefined;
    const what = named(piece);
    return fail({
      expected: words(
        `${command} imprime ${what['pt-BR']} na ${stream['pt-BR']}`,
        `${command} prints ${what.en} on ${stream.en}`,
      ),
      found: foundOn(text, stream),
    });
  };
  const present = without === undefined ? undefined : presentIn(logs.stdout + logs.stderr, without);
  if (present !== undefined) {
    const what = named(present);
    const so = await printed(container);
    return fail({
      expected: words(
        `${command} não imprime ${what['pt-BR']}`,
        `${command} does not print ${what.en}`,
      ),
      found: so,
    });
  }
  return (
    lacking(logs.stdout, stdout, words('saída padrão', 'standard output')) ??
    lacking(logs.stderr, stderr, words('saída de erros', 'standard error')) ??
    pass(await printed(container))
  );
}

function foundOn(text: string, stream: Words): Words {
  const end = shownEnd(text);
  if (end === '') return words(`nada na ${stream['pt-BR']}`, `nothing on ${stream.en}`);
  return words(`na ${stream['pt-BR']}: ${end}`, `on ${stream.en}: ${end}`);
}
