import type { Verdict } from '../check.ts';
import type { Engine, HttpAnswer, HttpRequest, RunRequest } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';
import { commandOf, patience, printed, shownEnd, withContainer } from './container.ts';
import type { Askable } from './askable.ts';
import { isPart } from './json.ts';
import { missingIn, named, type Pattern } from './text.ts';

/** One HTTP request to a port of a container. */
export interface Question extends HttpRequest {
  readonly port: number;
}

export interface AnswerExpectation {
  /** 200 when missing; several when each is right; `any`. */
  readonly status?: number | readonly number[] | 'any';
  /** What the body must contain. */
  readonly body?: Pattern;
  /** Fields that the body, as JSON, must have with these values; it may have others. */
  readonly json?: unknown;
  /** Until when somebody must listen; what the engine needs for a slow start when missing. */
  readonly seconds?: number;
}

/**
 * A container of the image serves HTTP: asked until somebody listens, judged by the first answer.
 * The port is published where the engine has to; ask for the one the program listens on.
 *
 *     run: async ({ engine, built, nonce }) =>
 *       answers(engine, { image: await built(), env: { NOME: drawn(nonce, 'nome') } },
 *               { port: 8080, path: '/' }, { body: drawn(nonce, 'nome') }),
 */
export async function answers(
  engine: Engine,
  request: RunRequest,
  question: Question,
  expected: AnswerExpectation = {},
): Promise<Verdict> {
  const ports = [...new Set([...(request.ports ?? []), question.port])];
  const seconds = expected.seconds ?? patience(engine);
  return withContainer(engine, { ...request, ports }, async (container) => {
    const verdict = await asks(container, question, { ...expected, seconds });
    return verdict.status === 'fail' ? underConditions(verdict, request) : verdict;
  });
}

/** Says how the container was run: what is right in an open container may fail in a sealed one. */
function underConditions(
  verdict: Verdict & { readonly status: 'fail' },
  request: RunRequest,
): Verdict {
  const command = `\`${commandOf(request)}\``;
  const { expected } = verdict;
  return {
    ...verdict,
    expected: words(`com ${command}, ${expected['pt-BR']}`, `with ${command}, ${expected.en}`),
  };
}

/**
 * The same of a container that runs already: one of `withContainer`, whose `ports` had this one, or a
 * learner's (`askable`). Ask
 * again and again: each call is one judged answer.
 */
export async function asks(
  container: Askable,
  question: Question,
  expected: AnswerExpectation = {},
): Promise<Verdict> {
  const { port, ...request } = question;
  const seconds = expected.seconds ?? 30;
  const answer = await firstAnswer(container, port, request, seconds);
  if ('status' in answer) return judged(question, answer, expected);
  const asked = `${request.method ?? 'GET'} ${request.path}`;
  return fail({
    expected: words(
      `\`${asked}\` tem resposta na porta ${port}`,
      `\`${asked}\` is answered on port ${port}`,
    ),
    found: answer.silence,
  });
}

const PAUSE = 250;

/** Asks until somebody answers. A container that ends wakes the pause, and nobody is asked any more. */
async function firstAnswer(
  container: Askable,
  port: number,
  request: HttpRequest,
  seconds: number,
): Promise<HttpAnswer | { readonly silence: Words }> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await container.request(port, request);
    if (answer) return answer;
    const code = await container.wait(PAUSE);
    if (code !== undefined) return { silence: await ended(container, code) };
    if (performance.now() >= end) return { silence: await unheard(container, port, seconds) };
  }
}

async function ended(container: Askable, code: number): Promise<Words> {
  const so = await printed(container);
  return words(
    `o processo terminou com código ${code}; ${so['pt-BR']}`,
    `the process ended with code ${code}; ${so.en}`,
  );
}

async function unheard(container: Askable, port: number, seconds: number): Promise<Words> {
  const so = await printed(container);
  return words(
    `o processo roda, mas em ${seconds} s ninguém respondeu na porta ${port} de fora do container; ${so['pt-BR']}`,
    `the process runs, but within ${seconds} s nobody answered on port ${port} from outside the container; ${so.en}`,
  );
}

function judged(question: Question, answer: HttpAnswer, expected: AnswerExpectation): Verdict {
  const asked = `\`${question.method ?? 'GET'} ${question.path}\``;
  const got = shownEnd(answer.body);
  const found =
    got === ''
      ? words(`${answer.status}, sem corpo`, `${answer.status}, with no body`)
      : words(`${answer.status}: ${got}`, `${answer.status}: ${got}`);
  const wrong = (pt: string, en: string): Verdict =>
    fail({ expected: words(`${asked} ${pt}`, `${asked} ${en}`), found });
  const { status = 200, body, json } = expected;
  const statuses = typeof status === 'number' ? [status] : status;
  if (statuses !== 'any' && !statuses.includes(answer.status)) {
    const list = statuses.join(' / ');
    return wrong(`responde ${list}`, `answers ${list}`);
  }
  const missing = body === undefined ? undefined : missingIn(answer.body, body);
  if (missing !== undefined) {
    const what = named(missing);
    return wrong(`responde com ${what['pt-BR']} no corpo`, `answers with ${what.en} in the body`);
  }
  if (json !== undefined && !isPart(json, answer.body)) {
    const what = `\`${JSON.stringify(json)}\``;
    return wrong(`responde JSON com ${what}`, `answers JSON with ${what}`);
  }
  return pass(found);
}
