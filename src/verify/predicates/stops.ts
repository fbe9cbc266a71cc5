import type { Verdict } from '../check.ts';
import type { Container, Engine, RunRequest } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { words } from '../words.ts';
import { asks, type Question } from './answers.ts';
import { commandOf, patience, printed, withContainer } from './container.ts';
import { missingIn, named, type Pattern } from './text.ts';

export interface StopOptions {
  /** When the program is up: an answer it gives, or what it prints. A signal before that proves nothing. */
  readonly ready: Question | { readonly prints: Pattern };
  /** What stopping may take; 3, and 8 on the built-in engine, which emulates a processor. */
  readonly seconds?: number;
}

/** Docker's grace before it kills. */
const GRACE = 10;
const KILLED = 137;

/**
 * `docker stop` ends the program in time, by its own will: a process that ignores the signal is
 * killed after 10 s.
 *
 *     run: async ({ engine, built }) =>
 *       stops(engine, { image: await built() }, { ready: { port: 8080, path: '/' } }),
 */
export async function stops(
  engine: Engine,
  request: RunRequest,
  { ready, seconds = engine.kind === 'embedded' ? 8 : 3 }: StopOptions,
): Promise<Verdict> {
  const port = 'port' in ready ? [ready.port] : [];
  const ports = [...new Set([...(request.ports ?? []), ...port])];
  return withContainer(engine, { ...request, ports }, async (container) => {
    const up =
      'port' in ready
        ? await asks(container, ready, { status: 'any', seconds: patience(engine) })
        : await prints(container, request, ready.prints, patience(engine));
    if (up.status !== 'pass') return up;
    const stopped = await container.stop(GRACE);
    const took = stopped.seconds.toFixed(1);
    const killed = stopped.exitCode === KILLED;
    if (!killed && stopped.seconds < seconds) {
      return pass(
        words(
          `parou em ${took} s, código ${stopped.exitCode}`,
          `it stopped within ${took} s, code ${stopped.exitCode}`,
        ),
      );
    }
    return fail({
      expected: words(
        `\`docker stop\` encerra o processo em menos de ${seconds} s`,
        `\`docker stop\` ends the process in less than ${seconds} s`,
      ),
      found: killed
        ? words(
            `o processo não reagiu ao sinal e foi morto depois de ${took} s (código ${KILLED})`,
            `the process did not react to the signal and was killed after ${took} s (code ${KILLED})`,
          )
        : words(
            `levou ${took} s, código ${stopped.exitCode}`,
            `it took ${took} s, code ${stopped.exitCode}`,
          ),
    });
  });
}

const PAUSE = 250;

/** Reads what is printed until it is there; a container that ends wakes the pause. */
async function prints(
  container: Container,
  request: RunRequest,
  pattern: Pattern,
  seconds: number,
): Promise<Verdict> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const { stdout, stderr } = await container.logs();
    const missing = missingIn(stdout + stderr, pattern);
    if (missing === undefined) return pass();
    const code = await container.wait(PAUSE);
    if (code === undefined && performance.now() < end) continue;
    const what = named(missing);
    const so = await printed(container);
    return fail({
      expected: words(
        `\`${commandOf(request)}\` imprime ${what['pt-BR']} e continua rodando`,
        `\`${commandOf(request)}\` prints ${what.en} and goes on running`,
      ),
      found:
        code === undefined
          ? so
          : words(
              `terminou com código ${code}; ${so['pt-BR']}`,
              `it ended with code ${code}; ${so.en}`,
            ),
    });
  }
}
