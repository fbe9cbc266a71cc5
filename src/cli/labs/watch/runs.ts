import type { Lab } from '../../../labs/lab.ts';
import type { Check, CheckResult, Report } from '../../../verify/check.ts';
import type { Engine, EngineTrouble } from '../../../verify/engine.ts';
import type { EngineError } from '../../../engine/errors.ts';
import type { Desk, EngineWish } from '../desk.ts';
import type { LabFolder } from '../lab-folder.ts';
import { troubleFrom } from '../trouble.ts';
import { readAnswer, rememberVerdict, runVerification } from '../verification.ts';

/** What happens in a run, by its number: what a run that was given up still says is nobody's business. */
export type RunEvent =
  | { readonly kind: 'engine'; readonly run: number; readonly engine: Engine }
  | { readonly kind: 'check'; readonly run: number; readonly check: Check }
  | { readonly kind: 'result'; readonly run: number; readonly result: CheckResult }
  | { readonly kind: 'report'; readonly run: number; readonly report: Report }
  | {
      readonly kind: 'trouble';
      readonly run: number;
      readonly trouble: EngineTrouble | EngineError;
    }
  | { readonly kind: 'bug'; readonly run: number; readonly error: unknown };

export interface Runs {
  /** Begins a run, giving up the one that is under way. */
  begin(): number;
  /** Gives up the run that is under way and closes the engine. */
  close(): Promise<void>;
}

/**
 * Verifies again and again with one engine, which stays open in between: that is what makes the second
 * run quick. An engine whose run was given up is closed with all it had started, and another opened.
 */
export function verificationRuns(
  work: {
    readonly desk: Desk;
    readonly lab: Lab;
    readonly place: LabFolder;
    readonly wish: EngineWish;
    readonly only: readonly string[] | undefined;
  },
  tell: (event: RunEvent) => void,
): Runs {
  const { desk, lab, place, wish, only } = work;
  let engine: Engine | undefined;
  let count = 0;
  let current: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;

  const closeEngine = async (): Promise<void> => {
    const closing = engine;
    engine = undefined;
    await closing?.close();
  };

  const perform = async (run: number, signal: AbortSignal): Promise<void> => {
    try {
      const { folder } = await readAnswer(desk, lab, place.dir);
      const opened = engine ?? (await desk.openEngine(wish, signal));
      engine = opened;
      // Given up meanwhile: the runner says so at once, and the engine is closed.
      tell({ kind: 'engine', run, engine: opened });
      const report = await runVerification({
        ...{ lab, engine: opened, folder, nonce: place.nonce, signal, ...(only && { only }) },
        onStart: (check) => {
          tell({ kind: 'check', run, check });
        },
        onResult: (result) => {
          tell({ kind: 'result', run, result });
        },
      });
      // The verdict stands even where it cannot be written down.
      await rememberVerdict(desk, lab, report, only === undefined).catch(() => undefined);
      tell({ kind: 'report', run, report });
      if (report.status === 'broken') await closeEngine();
    } catch (error) {
      await closeEngine().catch(() => undefined);
      if (signal.aborted) return;
      const trouble = troubleFrom(error);
      tell(trouble ? { kind: 'trouble', run, trouble } : { kind: 'bug', run, error });
    }
  };

  return {
    begin() {
      const before = current;
      before?.stop.abort();
      const stop = new AbortController();
      const run = ++count;
      const ended = (async () => {
        await before?.ended;
        if (!stop.signal.aborted) await perform(run, stop.signal);
      })();
      current = { stop, ended };
      return run;
    },
    async close() {
      current?.stop.abort();
      await current?.ended;
      await closeEngine();
    },
  };
}
