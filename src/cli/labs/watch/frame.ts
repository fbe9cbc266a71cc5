import type { Lab } from '../../../labs/lab.ts';
import type { Check, CheckResult, Report } from '../../../verify/check.ts';
import type { Engine } from '../../../verify/engine.ts';
import { headLines, resultLines, summaryLines, type View } from '../render-report.ts';
import { hintFor } from '../verification.ts';

/** What a watch shows of its latest run. */
export interface RunState {
  readonly engine: Engine | undefined;
  readonly results: readonly CheckResult[];
  /** The check that runs now, and since when (milliseconds of `performance.now()`). */
  readonly current: { readonly check: Check | undefined; readonly since: number } | undefined;
  readonly report: Report | undefined;
  /** When the report came. */
  readonly at: Date | undefined;
  /** Instead of a report: nothing could be checked. */
  readonly trouble: readonly string[] | undefined;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;

/** A screen's lines: where there is no room for all, `body` is cut and `foot` stays. */
export interface Frame {
  readonly body: readonly string[];
  readonly foot: readonly string[];
}

/** The run, `now` for what is still going on. Only the first thing to do is told in full: it is one at a time. */
export function runFrame(
  lab: Lab,
  state: RunState,
  about: {
    readonly next: string | undefined;
    readonly whole: boolean;
    /** A file that was just saved, and the like. */
    readonly news: readonly string[];
    readonly now: number;
  },
  view: View,
): Frame {
  const { words, language, paint } = view;
  const { engine, results, current, report, at, trouble } = state;
  const head = engine
    ? headLines(lab, engine, view)
    : [`${paint.bold(lab.slug)} · ${lab.manifest.title[language]}`];
  const lines = [...head, ''];
  const first = results.find(({ status }) => status === 'fail' || status === 'broken');
  for (const result of results) {
    const hint = result.status === 'fail' ? hintFor(lab, result) : undefined;
    const [line = '', ...rest] = resultLines(result, hint, view);
    lines.push(line, ...(result === first ? rest : []));
  }
  if (current) {
    const spent = (about.now - current.since) / 1000;
    const mark = FRAMES[Math.floor(about.now / 120) % FRAMES.length] ?? '';
    const title = current.check?.title[language] ?? words.verify.opening;
    const took = spent >= 2 ? paint.dim(` ${words.seconds(Math.floor(spent))}`) : '';
    lines.push(`${paint.cyan(mark)} ${title}${took}`);
    // What is still to come, where nothing was left out.
    const from = current.check
      ? lab.verifier.checks.findIndex(({ id }) => id === current.check?.id) + 1
      : 0;
    if (about.whole) {
      lines.push(
        ...lab.verifier.checks.slice(from).map(({ title: one }) => paint.dim(`· ${one[language]}`)),
      );
    }
  }
  const foot: string[] = [];
  if (report) {
    const when = at && words.watch.verdictAt(at.toTimeString().slice(0, 8));
    const next = { slug: lab.slug, next: about.next, whole: about.whole };
    foot.push(...summaryLines(report, { ...next, ...(when !== undefined && { when }) }, view));
  }
  if (trouble) foot.push(...trouble);
  if (about.news.length > 0) foot.push('', ...about.news);
  return { body: lines, foot };
}

/** The keys there are, for the last line. */
export function keysLine({ words, paint }: View): string {
  return words.watch.keys.map(([key, does]) => `${paint.bold(key)} ${paint.dim(does)}`).join('  ');
}
