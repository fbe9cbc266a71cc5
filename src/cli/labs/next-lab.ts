import type { Desk } from './desk.ts';
import { readProgress, stateOf } from './progress.ts';

/** The lab to do after this one: the next that has not passed, else the first; undefined when all have. */
export async function nextSlug(desk: Desk, slug: string): Promise<string | undefined> {
  const labs = await desk.labs();
  const progress = await readProgress(desk.home);
  const at = labs.findIndex((lab) => lab.slug === slug);
  // A playground has no lesson, and nothing to pass.
  return [...labs.slice(at + 1), ...labs.slice(0, Math.max(0, at))].find(
    (lab) => lab.manifest.lesson !== undefined && stateOf(progress.get(lab.slug)) !== 'passed',
  )?.slug;
}
