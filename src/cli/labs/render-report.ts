import type { Lab } from '../../labs/lab.ts';
import type { CheckResult, CheckStatus, Report, Where } from '../../verify/check.ts';
import type { Engine } from '../../verify/engine.ts';
import type { Language } from '../../verify/words.ts';
import type { Paint } from './paint.ts';
import { columnsOf, cut, harmless, inked, padded, wrapped } from './text.ts';
import type { CommandWords } from './words/words.ts';

/** How results are shown to people. */
export interface View {
  readonly words: CommandWords;
  readonly language: Language;
  readonly paint: Paint;
  /** Columns to wrap at; undefined where the output is no terminal and nothing is wrapped. */
  readonly columns: number | undefined;
}

/** Layers' commands can be pages long. */
const MOST_COMMAND = 60;
/** From here on a check says how long it took. */
const SLOW = 2;
const INDENT = '    ';

/** A check's line, and below it what was expected, found, where, and which hint helps. */
export function resultLines(result: CheckResult, hint: string | undefined, view: View): string[] {
  const { words, language, paint } = view;
  const { status, found, expected, where, advice, seconds } = result;
  const took = seconds >= SLOW && status !== 'skip' ? paint.dim(` ${words.seconds(seconds)}`) : '';
  const head = `${markOf(status, paint)} ${text(result.title[language], view)}${took}`;
  const { labels } = words.verify;
  const rows: (readonly [string, string])[] = [];
  if (status === 'fail') {
    if (expected) rows.push([labels.expected, expected[language]]);
    if (found) rows.push([labels.found, found[language]]);
    if (where) rows.push([labels.where, placeOf(where, words)]);
    if (hint !== undefined) rows.push([labels.hint, words.verify.hintSeen(hint)]);
  } else if (found && status === 'broken') {
    rows.push([labels.why, found[language]]);
    if (advice) rows.push([labels.advice, advice[language]]);
    if (where) rows.push([labels.where, placeOf(where, words)]);
  }
  if (status === 'skip' && found) return skipLines(head, found[language], view);
  const width = Math.max(0, ...rows.map(([label]) => columnsOf(label))) + 1;
  return [head, ...rows.flatMap(([label, value]) => row(label, value, width, view))];
}

/** A skipped check has nothing to say but why. */
function skipLines(head: string, why: string, { paint, columns }: View): string[] {
  const [first = '', ...rest] = wrapped(`${head} (${harmless(why)})`, columns ?? Infinity);
  return [first, ...rest.map((line) => `  ${line}`)].map((line) => inked(paint.dim(line), paint));
}

/** Where the evidence is: `Dockerfile, line 4; layer 3 (COPY app /); /app in the image`. */
export function placeOf({ source, layer, path }: Where, words: CommandWords): string {
  const { place } = words.verify;
  const parts = [];
  if (source?.line !== undefined) parts.push(place.line(source.file, source.line));
  else if (source) parts.push(source.file);
  if (layer) {
    const createdBy = cut(layer.createdBy.replaceAll(/\s+/g, ' ').trim(), MOST_COMMAND);
    parts.push(place.layer(layer.index + 1, createdBy));
  }
  if (path !== undefined) parts.push(place.inImage(path));
  return parts.join('; ');
}

export function markOf(status: CheckStatus, paint: Paint): string {
  switch (status) {
    case 'pass':
      return paint.green('✓');
    case 'fail':
      return paint.red('✗');
    case 'skip':
      return paint.dim('–');
    case 'broken':
      return paint.yellow('!');
  }
}

/** Text of a lab, or of a learner's program, on its way to a terminal. */
export function text(value: string, { paint }: View): string {
  return inked(harmless(value), paint);
}

function row(label: string, value: string, width: number, view: View): string[] {
  const { paint, columns } = view;
  const start = `${INDENT}${paint.dim(padded(`${label}:`, width))} `;
  const room = columns === undefined ? Infinity : Math.max(20, columns - INDENT.length - width - 2);
  const below = ' '.repeat(INDENT.length + width + 1);
  return wrapped(harmless(value).trimEnd(), room).map(
    (line, at) => `${at === 0 ? start : below}${inked(line, paint)}`,
  );
}

/** Which lab is checked, on what. */
export function headLines(
  lab: Pick<Lab, 'slug' | 'manifest'>,
  engine: Engine,
  view: View,
): string[] {
  const { words, language, paint } = view;
  return [
    `${paint.bold(lab.slug)} · ${lab.manifest.title[language]}`,
    paint.dim(words.verify.engine(engine.kind, engine.version, engine.platform)),
  ];
}

/** The verdict, how many came to what, and what to do now. */
export function summaryLines(
  report: Report,
  about: {
    readonly slug: string;
    readonly next: string | undefined;
    /** Whether all checks were asked for. */
    readonly whole: boolean;
    /** When it was, for who sees many. */
    readonly when?: string;
  },
  view: View,
): string[] {
  const { words, paint, columns } = view;
  const { verify } = words;
  if (report.checks.length === 0) return [verify.noChecks];
  const counts = verify.counts(countsOf(report.checks), words.seconds(report.seconds));
  const when = about.when === undefined ? '' : ` · ${paint.dim(about.when)}`;
  const verdict = (said: string): string[] => [
    '',
    ...wrapped(`${said} ${counts}${when}`, columns ?? Infinity),
  ];
  if (report.status === 'broken') return verdict(paint.yellow(verify.broken));
  if (report.status === 'fail') return verdict(paint.red(verify.failed));
  if (!about.whole) return verdict(paint.green(verify.passedPart));
  return [
    ...verdict(paint.green(verify.passed)),
    inked(verify.solutionIs(about.slug), paint),
    inked(about.next === undefined ? verify.allPassed : verify.nextIs(about.next), paint),
  ];
}

/** How many came to what. */
export function countsOf(checks: readonly CheckResult[]): Readonly<Record<CheckStatus, number>> {
  const counts = { pass: 0, fail: 0, skip: 0, broken: 0 };
  for (const { status } of checks) counts[status]++;
  return counts;
}
