import type { Lab } from '../../labs/lab.ts';
import { asMarked, withMarks } from '../../labs/steps.ts';
import type { CheckResult, Report } from '../../verify/check.ts';
import type { Engine } from '../../verify/engine.ts';
import { checksAsked, engineAsked, folderOf } from './chosen-lab.ts';
import type { Call, LabCommand } from './command.ts';
import type { LabFolder } from './lab-folder.ts';
import { junitXml } from './junit.ts';
import { liveLine } from './live-line.ts';
import { paintFor } from './paint.ts';
import { reportJson } from './report-json.ts';
import { headLines, resultLines, summaryLines } from './render-report.ts';
import { nextSlug } from './next-lab.ts';
import { BROKEN, INTERRUPTED, inLanguage, misuse, troubleFrom } from './trouble.ts';
import { noteFailure } from './remember.ts';
import { keepSteps, stepsOf } from './steps.ts';
import {
  brokenReport,
  hintFor,
  lacksValues,
  readAnswer,
  rememberVerdict,
  runVerification,
} from './verification.ts';
import { versionOf } from './version.ts';

/** `semdistro verify`. */
export const verifyCommand: LabCommand = {
  name: 'verify',
  options: { dir: 'text', engine: 'text', only: 'texts', json: 'flag', junit: 'flag' },
  most: 1,
  async run(call) {
    const { args, desk, words } = call;
    if (args.flag('json') && args.flag('junit')) {
      throw misuse('bad-option', words.trouble.notBoth('--json', '--junit'));
    }
    const wish = engineAsked(call);
    const place = await folderOf(call, 'verify');
    const lab = await desk.lab(place.found.slug);
    const only = checksAsked(call, lab);
    if (lacksValues(lab, place.nonce)) {
      throw misuse('start-first', words.trouble.startFirst(lab.slug));
    }
    noteChanges(call, lab, place);
    const forPeople = !args.flag('json') && !args.flag('junit');
    const started = desk.now();
    const live = liveLine(desk.stderr, paintFor(desk.stderr, desk.env), words.seconds);
    let engine: Engine | undefined;
    let report: Report;
    try {
      const { folder, leftOut } = await readAnswer(desk, lab, place.dir);
      for (const { path, why } of leftOut)
        call.note(words.verify.leftOut(path, why[call.language]));
      const marks = lab.manifest.live ? await stepsOf(desk, lab) : {};
      if (lab.verifier.checks.length > 0) {
        live.show(words.verify.opening);
        engine = await desk.openEngine(wish, desk.signal);
        live.clear();
        if (forPeople) call.print(...headLines(lab, engine, call.view), '');
        report = await runVerification({
          ...{ lab, engine, folder, nonce: place.nonce, signal: desk.signal },
          ...(only && { only }),
          onStart: ({ title }) => {
            live.show(title[call.language]);
          },
          onResult: (result) => {
            live.clear();
            const shown = asMarked(result, marks);
            if (forPeople) call.print(...resultLines(shown, hintOf(lab)(shown), call.view));
          },
        });
        if (lab.manifest.live)
          report = withMarks(report, await keepSteps(desk, lab, report.checks));
      } else {
        report = { status: 'pass', seconds: 0, checks: [] };
      }
    } catch (error) {
      live.clear();
      const trouble = troubleFrom(error);
      if (desk.signal.aborted) {
        call.note(words.verify.interrupted);
        return INTERRUPTED;
      }
      if (!trouble) throw error;
      if (forPeople) throw trouble;
      // For programs the reason is in the report; for whoever reads the log it is on stderr.
      report = brokenReport(lab.verifier.checks, trouble);
      const said = inLanguage(trouble, call.language);
      if (said instanceof Error) call.note(`semdistro verify: ${said.message}`);
    } finally {
      live.clear();
      await engine?.close();
    }
    if (report.checks.length > 0) {
      await noteFailure(call, () => rememberVerdict(desk, lab, report, only === undefined));
    }
    const about = { lab: lab.slug, language: call.language, hintOf: hintOf(lab) };
    if (args.flag('json')) {
      const { kind, version } = engine ?? {};
      const known = kind && version !== undefined ? { kind, version } : null;
      call.print(JSON.stringify(reportJson(report, { ...about, engine: known }), null, 2));
    } else if (args.flag('junit')) {
      desk.stdout.write(junitXml(report, { ...about, words, started }));
    } else {
      const next = await nextSlug(desk, lab.slug);
      call.print(...summaryLines(report, { slug: lab.slug, next, whole: !only }, call.view));
    }
    return exitCodeOf(report);
  },
};

export function exitCodeOf({ status }: Report): number {
  if (status === 'broken') return BROKEN;
  return status === 'fail' ? 1 : 0;
}

const hintOf =
  (lab: Lab) =>
  (result: CheckResult): string | undefined =>
    result.status === 'fail' ? hintFor(lab, result) : undefined;

/** The lab on the shelf is no longer what the folder was made from. */
function noteChanges(call: Call, lab: Lab, { marker }: LabFolder): void {
  if (marker && marker.version !== versionOf(lab)) call.note(call.words.verify.changed, '');
}
