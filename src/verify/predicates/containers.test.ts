import { describe, expect, it } from 'vitest';
import { simpleImage } from '../../testing/port-image.ts';
import { scriptedEngine, type ContainerScript } from '../../testing/verify-engine.ts';
import type { Verdict } from '../check.ts';
import type { Engine, StartFailure } from '../engine.ts';
import { answers, type AnswerExpectation } from './answers.ts';
import { runs, type RunExpectation } from './runs.ts';
import { sealed } from './sealed.ts';
import { stops, type StopOptions } from './stops.ts';

const image = await simpleImage([]);
const REFUSED: StartFailure = { started: false, message: 'exec: "app": not found' };

/** The status, and of a failure what was found. */
function shown(verdict: Verdict): string {
  if (verdict.status !== 'fail') return verdict.status;
  return `${verdict.expected.en} | ${verdict.found.en}`;
}

/** What a predicate says of a container, which must be gone then. */
async function about(
  script: ContainerScript | StartFailure,
  predicate: (engine: Engine) => Promise<Verdict>,
): Promise<string> {
  const engine = scriptedEngine({ run: () => script });
  const verdict = await predicate(engine);
  expect(engine.left()).toBe(0);
  if (verdict.status === 'fail') {
    // Both languages say the same of what was seen.
    for (const word of verdict.found.en.match(/`[^`]*`/g) ?? []) {
      expect(verdict.found['pt-BR']).toContain(word);
    }
  }
  return shown(verdict);
}

describe('runs', () => {
  it.each<[string, ContainerScript | StartFailure, RunExpectation, string]>([
    ['ends well', { exit: { code: 0 } }, {}, 'pass'],
    ['prints it', { stdout: 'oi caju', exit: { code: 0 } }, { stdout: 'caju' }, 'pass'],
    ['prints all', { stdout: 'a b', exit: { code: 0 } }, { stdout: ['a', /^a b$/] }, 'pass'],
    ['fails as wanted', { exit: { code: 126 } }, { exitCode: 'nonzero' }, 'pass'],
    ['ends somehow', { exit: { code: 3 } }, { exitCode: 'any' }, 'pass'],
    ['is silent', { stdout: 'ok', exit: { code: 0 } }, { without: 'TOKEN' }, 'pass'],
    [
      'prints something else',
      { stdout: 'oi goiaba\n', exit: { code: 0 } },
      { stdout: 'caju' },
      '`docker run IMAGE` prints `caju` on standard output | on standard output: `oi goiaba`',
    ],
    [
      'prints elsewhere',
      { stderr: 'caju', exit: { code: 0 } },
      { stdout: 'caju' },
      '`docker run IMAGE` prints `caju` on standard output | nothing on standard output',
    ],
    [
      'ends badly',
      { stderr: 'no module', exit: { code: 1 } },
      { stdout: 'caju' },
      '`docker run IMAGE` ends with code 0 | it ended with code 1; it printed on standard error: `no module`',
    ],
    [
      'ends well against its will',
      { exit: { code: 0 } },
      { exitCode: 'nonzero' },
      '`docker run IMAGE` ends with an error | it ended with code 0; it printed nothing',
    ],
    [
      'says too much',
      { stdout: 'TOKEN=1', exit: { code: 0 } },
      { without: 'TOKEN' },
      '`docker run IMAGE` does not print `TOKEN` | it printed on standard output: `TOKEN=1`',
    ],
    [
      'goes on',
      { stdout: 'up' },
      { seconds: 5 },
      '`docker run IMAGE` ends within 5 s | it is still running; so far it printed on standard output: `up`',
    ],
    [
      'does not start',
      REFUSED,
      {},
      '`docker run IMAGE` starts the process | exec: "app": not found',
    ],
  ])('%s', async (_, script, expectation, says) => {
    expect(await about(script, (engine) => runs(engine, { image }, expectation))).toBe(says);
  });
});

describe('answers', () => {
  const question = { port: 8080, path: '/oi' };

  it.each<[string, ContainerScript | StartFailure, AnswerExpectation, string]>([
    ['at once', { answer: () => ({}) }, {}, 'pass'],
    ['after a while', { deaf: 3, answer: () => ({ body: 'caju' }) }, { body: 'caju' }, 'pass'],
    ['as wanted', { answer: () => ({ status: 404 }) }, { status: [400, 404] }, 'pass'],
    [
      'with JSON that has more',
      { answer: () => ({ body: '{"a":{"b":[1]},"c":2}' }) },
      { json: { a: { b: [1] } } },
      'pass',
    ],
    [
      'with another status',
      { answer: () => ({ status: 500, body: 'oops' }) },
      { body: 'caju' },
      'with `docker run IMAGE`, `GET /oi` answers 200 | 500: `oops`',
    ],
    [
      'with another body',
      { answer: () => ({ body: 'goiaba' }) },
      { body: 'caju' },
      'with `docker run IMAGE`, `GET /oi` answers with `caju` in the body | 200: `goiaba`',
    ],
    [
      'with other JSON',
      { answer: () => ({ body: '{"a":2}' }) },
      { json: { a: 1 } },
      'with `docker run IMAGE`, `GET /oi` answers JSON with `{"a":1}` | 200: `{"a":2}`',
    ],
    [
      'never',
      { stdout: 'on 127.0.0.1' },
      { seconds: 0 },
      'with `docker run IMAGE`, `GET /oi` is answered on port 8080 | the process runs, but within 0 s nobody answered on port 8080 from outside the container; it printed on standard output: `on 127.0.0.1`',
    ],
    [
      'never, since it ended',
      { stderr: 'read-only', exit: { code: 1, after: 2 } },
      {},
      'with `docker run IMAGE`, `GET /oi` is answered on port 8080 | the process ended with code 1; it printed on standard error: `read-only`',
    ],
    [
      'never, since it did not start',
      REFUSED,
      {},
      '`docker run IMAGE` starts the process | exec: "app": not found',
    ],
  ])('%s', async (_, script, expectation, says) => {
    const verdict = await about(script, (engine) =>
      answers(engine, { image }, question, expectation),
    );
    expect(verdict).toBe(says);
  });

  it('asks what it is told, of a container with that port', async () => {
    const asked: unknown[] = [];
    const engine = scriptedEngine({
      run: () => ({ answer: (port, request) => (asked.push([port, request]), {}) }),
    });
    const post = { method: 'POST', path: '/', body: '{}', headers: { A: 'b' } };
    await answers(engine, { image, ports: [1] }, { port: 5000, ...post });
    expect(asked).toEqual([[5000, post]]);
    expect(engine.runs).toMatchObject([{ ports: [1, 5000] }]);
  });

  it('of a sealed container says how it was run', async () => {
    const engine = scriptedEngine({ run: () => ({ exit: { code: 1 } }) });
    const verdict = await answers(engine, sealed({ image, env: { A: 'b c' } }), question);
    expect(shown(verdict)).toContain(
      "`docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -e A='b c' IMAGE`",
    );
    expect(engine.runs).toMatchObject([
      { readOnly: true, dropCapabilities: true, noNewPrivileges: true, tmpfs: ['/tmp'] },
    ]);
  });
});

describe('stops', () => {
  const up: ContainerScript = { answer: () => ({ status: 503 }), stdout: 'up' };
  const http: StopOptions = { ready: { port: 8080, path: '/' } };
  const text: StopOptions = { ready: { prints: 'up' } };
  const quick = { seconds: 0.4, exitCode: 143 };

  it.each<[string, ContainerScript | StartFailure, StopOptions, string]>([
    ['in time', { ...up, stopped: quick }, http, 'pass'],
    ['in time, having printed', { ...up, stopped: quick }, text, 'pass'],
    [
      'only when it is killed',
      { ...up, stopped: { seconds: 10.2, exitCode: 137 } },
      http,
      '`docker stop` ends the process in less than 3 s | the process did not react to the signal and was killed after 10.2 s (code 137)',
    ],
    [
      'late',
      { ...up, stopped: { seconds: 5, exitCode: 0 } },
      text,
      '`docker stop` ends the process in less than 3 s | it took 5.0 s, code 0',
    ],
    [
      'before it was up',
      { stdout: 'bye', exit: { code: 2 } },
      text,
      '`docker run IMAGE` prints `up` and goes on running | it ended with code 2; it printed on standard output: `bye`',
    ],
    [
      'never, since it did not start',
      REFUSED,
      http,
      '`docker run IMAGE` starts the process | exec: "app": not found',
    ],
  ])('%s', async (_, script, options, says) => {
    expect(await about(script, (engine) => stops(engine, { image }, options))).toBe(says);
  });

  it('waits longer for the built-in engine, which emulates a processor', async () => {
    const script = { ...up, stopped: { seconds: 5, exitCode: 0 } };
    const engine = scriptedEngine({ kind: 'embedded', run: () => script });
    expect((await stops(engine, { image }, http)).status).toBe('pass');
  });
});
