import type { CheckResult, Report } from '../../verify/check.ts';
import type { Language } from '../../verify/words.ts';
import { countsOf, placeOf } from './render-report.ts';
import { harmless } from './text.ts';
import type { CommandWords } from './words/words.ts';

/** The report as JUnit XML, in the form that CI systems read: one suite, a case per check. */
export function junitXml(
  report: Report,
  about: {
    readonly lab: string;
    readonly language: Language;
    readonly words: CommandWords;
    readonly started: Date;
    readonly hintOf: (result: CheckResult) => string | undefined;
  },
): string {
  const { lab, language, words, started, hintOf } = about;
  const { fail, skip, broken } = countsOf(report.checks);
  const counts = `tests="${report.checks.length}" failures="${fail}" errors="${broken}" skipped="${skip}"`;
  const time = seconds(report.seconds);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="semdistro" ${counts} time="${time}">`,
    `  <testsuite name="${xml(lab)}" ${counts} time="${time}" timestamp="${started.toISOString().slice(0, 19)}">`,
    ...report.checks.flatMap((check) => testCase(check)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');

  function testCase(check: CheckResult): string[] {
    const name = xml(plain(check.title[language]));
    const head = `    <testcase classname="${xml(`${lab}.${check.id}`)}" name="${name}" time="${seconds(check.seconds)}"`;
    const inner = outcome(check);
    return inner === undefined ? [`${head}/>`] : [`${head}>`, `      ${inner}`, '    </testcase>'];
  }

  function outcome(check: CheckResult): string | undefined {
    const { id, status, expected, found, where } = check;
    const why = plain(found?.[language] ?? '');
    const message = xml(why.split('\n')[0] ?? '');
    if (status === 'pass') return undefined;
    if (status === 'skip') return `<skipped message="${message}"/>`;
    if (status === 'broken') return `<error type="broken" message="${message}">${xml(why)}</error>`;
    const { labels } = words.verify;
    const hint = hintOf(check);
    const lines = [
      ...(expected ? [`${labels.expected}: ${plain(expected[language])}`] : []),
      `${labels.found}: ${why}`,
      ...(where ? [`${labels.where}: ${plain(placeOf(where, words))}`] : []),
      ...(hint === undefined ? [] : [`${labels.hint}: ${hint}`]),
    ];
    return `<failure type="${xml(id)}" message="${message}">${xml(lines.join('\n'))}</failure>`;
  }
}

function seconds(value: number): string {
  return value.toFixed(3);
}

function plain(text: string): string {
  return harmless(text).trim();
}

/** XML 1.0 has no control characters and no lone surrogates, not even escaped. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
