import type { LabContent } from '../../labs/lab.ts';
import { unpackLab } from '../../labs/packed.ts';
import type { Verifier } from '../../verify/check.ts';
import { WorkbenchFailure } from '../failure.ts';
import { packed, verifiers } from './lab-files.ts';
import { fetched } from './fetched.ts';

/** Names of the labs that the site has. */
export const labSlugs: readonly string[] = Object.keys(packed)
  .flatMap((path) => /\/labs\/([^/]+)\/lab\.yaml$/.exec(path)?.[1] ?? [])
  .sort();

const read = new Map<string, Promise<LabContent>>();

/** Throws WorkbenchFailure `lab-unknown`. */
export function requireLab(slug: string): void {
  if (!labSlugs.includes(slug)) {
    throw new WorkbenchFailure('lab-unknown', `there is no lab ${slug}`);
  }
}

/**
 * A lab, without the wrong answers that prove its checks; that it fits together was seen to when the
 * site was built. The same for the same name. Rejects with WorkbenchFailure `lab-unknown`,
 * `code-unreachable`.
 */
export async function labNamed(slug: string): Promise<LabContent> {
  requireLab(slug);
  const known = read.get(slug);
  if (known) return known;
  const load = packed[`../../../labs/${slug}/lab.yaml`];
  if (!load) throw new Error(`labs/${slug} has no lab.yaml`);
  const lab = fetched(load).then(unpackLab);
  read.set(slug, lab);
  lab.catch(() => read.delete(slug));
  return lab;
}

/** Its checks; none of a playground. Rejects with WorkbenchFailure `code-unreachable`. */
export async function verifierOf(slug: string): Promise<Verifier> {
  const load = verifiers[`../../../labs/${slug}/verify.ts`];
  return load ? fetched(load) : { checks: [] };
}
