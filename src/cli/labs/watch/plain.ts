import type { Lab } from '../../../labs/lab.ts';
import type { CheckResult } from '../../../verify/check.ts';
import { nextSlug } from '../next-lab.ts';
import type { Call } from '../command.ts';
import { headLines, resultLines, summaryLines } from '../render-report.ts';
import { inLanguage } from '../trouble.ts';
import { hintFor } from '../verification.ts';
import { EngineError } from '../../../engine/errors.ts';
import type { RunEvent } from './runs.ts';

/** What a watch writes where nobody sees a screen: one report after the other. */
export async function printEvent(
  { desk, language, view, print }: Call,
  lab: Lab,
  whole: boolean,
  event: RunEvent,
): Promise<void> {
  const hintOf = (result: CheckResult): string | undefined =>
    result.status === 'fail' ? hintFor(lab, result) : undefined;
  switch (event.kind) {
    case 'engine':
      print(...headLines(lab, event.engine, view), '');
      break;
    case 'result':
      print(...resultLines(event.result, hintOf(event.result), view));
      break;
    case 'report': {
      const next = await nextSlug(desk, lab.slug);
      print(...summaryLines(event.report, { slug: lab.slug, next, whole }, view), '');
      break;
    }
    case 'trouble':
      print(...troubleLines(event.trouble, language));
      break;
    case 'check':
    case 'bug':
      break;
  }
}

/** An expected failure as lines: what is wrong, what to do. */
export function troubleLines(trouble: Error, language: Call['language']): readonly string[] {
  const said = inLanguage(trouble, language);
  if (!(said instanceof EngineError)) return [trouble.message];
  return [`! ${said.message}`, ...(said.hint === undefined ? [] : [said.hint]), ''];
}
