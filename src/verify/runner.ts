import { builder, type Build } from './built.ts';
import type {
  Check,
  CheckContext,
  CheckResult,
  CheckStatus,
  Report,
  Verdict,
  Verifier,
} from './check.ts';
import { EngineTrouble, type Engine } from './engine.ts';
import type { Folder } from './folder.ts';
import { notBuiltVerdict } from './not-built.ts';
import { located, originOf, type Origin } from './where.ts';
import { words, type Words } from './words.ts';

export interface VerifyOptions {
  readonly engine: Engine;
  /** With this run's planted files in it. */
  readonly folder: Folder;
  readonly nonce: Readonly<Record<string, string>>;
  /** Only these checks and those they need. Throws `RangeError` for one that is not there. */
  readonly only?: readonly string[];
  /** Before a check runs; those that are skipped have no start. */
  readonly onStart?: (check: Check) => void;
  readonly onResult?: (result: CheckResult) => void;
  /** When it aborts, `verify` rejects with `EngineTrouble` `interrupted` at once. */
  readonly signal?: AbortSignal;
  /** Milliseconds a check may take; 20 minutes when missing. */
  readonly timeout?: number;
}

const TIMEOUT = 20 * 60 * 1000;

/**
 * Runs a lab's checks one after the other. A check whose `needs` did not pass is skipped. Only what a
 * check says, or a Dockerfile that does not build, is a failure: trouble of the engine, a timeout and
 * a mistake in a check are `broken`. The engine is the caller's to close.
 */
export async function verify(verifier: Verifier, options: VerifyOptions): Promise<Report> {
  const { engine, folder } = options;
  const began = performance.now();
  const build = builder(engine, folder);
  const results = new Map<string, CheckResult>();
  for (const check of chosen(verifier.checks, options.only)) {
    refuseAborted(options.signal);
    const obstacle = (check.needs ?? []).find((id) => results.get(id)?.status !== 'pass');
    const result =
      obstacle === undefined
        ? await runCheck(check, build, options)
        : skipped(check, verifier.checks, obstacle);
    refuseAborted(options.signal);
    results.set(check.id, result);
    options.onResult?.(result);
  }
  const checks = [...results.values()];
  return { status: overall(checks), seconds: secondsSince(began), checks };
}

function overall(checks: readonly CheckResult[]): Report['status'] {
  const has = (status: CheckStatus): boolean => checks.some((check) => check.status === status);
  if (has('broken')) return 'broken';
  return has('fail') ? 'fail' : 'pass';
}

function secondsSince(began: number): number {
  return Math.round(performance.now() - began) / 1000;
}

/** The checks asked for and all they need, in the verifier's order, which must have what is needed first. */
function chosen(checks: readonly Check[], only: readonly string[] | undefined): readonly Check[] {
  const known = new Map<string, Check>();
  for (const check of checks) {
    const missing = (check.needs ?? []).find((id) => !known.has(id));
    if (missing !== undefined)
      throw new Error(`${check.id} needs ${missing}, which must be before it`);
    if (known.has(check.id)) throw new Error(`there are two checks ${check.id}`);
    known.set(check.id, check);
  }
  if (!only) return checks;
  const wanted = new Set<string>();
  const want = (id: string): void => {
    const check = known.get(id);
    if (!check)
      throw new RangeError(`no check is called ${id}: there are ${[...known.keys()].join(', ')}`);
    wanted.add(id);
    for (const need of check.needs ?? []) want(need);
  };
  for (const id of only) want(id);
  return checks.filter(({ id }) => wanted.has(id));
}

function skipped({ id, title }: Check, checks: readonly Check[], obstacle: string): CheckResult {
  const needed = checks.find((check) => check.id === obstacle)?.title;
  const found = words(
    `depende de «${needed?.['pt-BR'] ?? obstacle}»`,
    `depends on “${needed?.en ?? obstacle}”`,
  );
  return { id, title, status: 'skip', found, seconds: 0 };
}

async function runCheck(check: Check, build: Build, options: VerifyOptions): Promise<CheckResult> {
  const { engine, folder, nonce, onStart, timeout = TIMEOUT } = options;
  onStart?.(check);
  const began = performance.now();
  const origins: Origin[] = [];
  const built: Build = async (what = {}) => {
    const image = await build(what);
    const origin = originOf(image, folder, what);
    if (origin) origins.push(origin);
    return image;
  };
  const ends = new AbortController();
  const signal = AbortSignal.any([ends.signal, ...(options.signal ? [options.signal] : [])]);
  const context: CheckContext = { engine, folder, nonce, built, signal };
  const about = { id: check.id, title: check.title };
  try {
    const verdict = await limited(check, context, timeout);
    return { ...about, ...told(verdict, origins), seconds: secondsSince(began) };
  } catch (error) {
    return { ...about, ...broken(error), seconds: secondsSince(began) };
  } finally {
    ends.abort();
  }
}

/** The verdict, unless it takes too long or the caller stops it. */
async function limited(check: Check, context: CheckContext, timeout: number): Promise<Verdict> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(interrupted());
  };
  const timer = setTimeout(() => {
    reject(tooLong(timeout));
  }, timeout);
  context.signal.addEventListener('abort', abort);
  try {
    return await Promise.race([check.run(context).catch(notBuiltVerdict), stopped]);
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', abort);
  }
}

type Told = Omit<CheckResult, 'id' | 'title' | 'seconds'>;

function told(verdict: Verdict, origins: readonly Origin[]): Told {
  if (verdict.status === 'skip') return { status: 'skip', found: verdict.why };
  if (verdict.status === 'pass') return verdict;
  const { where, ...rest } = verdict;
  return { ...rest, ...(where && { where: located(where, origins) }) };
}

function broken(error: unknown): Told {
  if (error instanceof EngineTrouble) {
    const { words: found, advice } = error;
    return { status: 'broken', found, ...(advice && { advice }) };
  }
  const said = error instanceof Error ? error.message : String(error);
  const found = words(
    `esta verificação tem um defeito (a sua resposta não tem culpa): ${said}`,
    `this check has a defect (your answer is not to blame): ${said}`,
  );
  return { status: 'broken', found };
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw interrupted();
}

function interrupted(): EngineTrouble {
  return new EngineTrouble('interrupted', words('foi interrompido', 'it was interrupted'));
}

function tooLong(timeout: number): EngineTrouble {
  const minutes = Math.max(1, Math.round(timeout / 60_000));
  const advice: Words = words(
    'Tente de novo; se a máquina está ocupada, feche o que não precisa.',
    'Try again; if the machine is busy, close what you do not need.',
  );
  return new EngineTrouble(
    'timeout',
    words(`não terminou em ${minutes} min`, `it did not end within ${minutes} min`),
    { advice },
  );
}
