import { z } from 'zod';
import { WorkbenchFailure } from '../failure.ts';
import type { Progress, ProgressDesk } from '../port.ts';
import type { Storage } from '../files/storage.ts';

const KEY = 'progress';
/** A file that somebody kept is a few kilobytes. */
const LONGEST = 1024 * 1024;

const name = z.string().max(200);
const schema = z.object({
  schema: z.literal(1),
  lessons: z.array(name),
  labs: z.record(
    name,
    z.object({ state: z.enum(['started', 'passed']), at: z.iso.datetime({ offset: true }) }),
  ),
  answers: z.array(name),
});

export const noProgress: Progress = { lessons: [], labs: {}, answers: [] };

/** What is known of what somebody did; what makes no sense counts as nothing. */
export function progressOf(document: unknown): Progress {
  const { data } = schema.safeParse(document);
  if (!data) return noProgress;
  const { lessons, labs, answers } = data;
  return { lessons, labs, answers };
}

/** Both: a lab that was passed in one is passed, whichever was first. */
export function merged(a: Progress, b: Progress): Progress {
  const union = (one: readonly string[], other: readonly string[]): readonly string[] => [
    ...new Set([...one, ...other]),
  ];
  const labs: Record<string, Progress['labs'][string]> = { ...a.labs };
  for (const [slug, theirs] of Object.entries(b.labs)) {
    const ours = labs[slug];
    if (!ours || isBetter(theirs, ours)) labs[slug] = theirs;
  }
  return { lessons: union(a.lessons, b.lessons), labs, answers: union(a.answers, b.answers) };
}

function isBetter(a: Progress['labs'][string], b: Progress['labs'][string]): boolean {
  if (a.state !== b.state) return a.state === 'passed';
  return Date.parse(a.at) < Date.parse(b.at);
}

/** Progress, kept; `noteLab` is for the workbench itself. */
export interface KeptProgress extends ProgressDesk {
  noteLab(slug: string, state: 'started' | 'passed'): Promise<void>;
}

export function keptProgress(
  storage: Pick<Storage, 'document' | 'update'>,
  now: () => Date,
): KeptProgress {
  const read = async (): Promise<Progress> => progressOf(await storage.document(KEY));
  const add = (more: Progress): Promise<void> =>
    storage.update(KEY, (old) => ({ schema: 1, ...merged(progressOf(old), more) }));
  return {
    read,
    note: (entry) =>
      add(
        'lesson' in entry
          ? { ...noProgress, lessons: [entry.lesson] }
          : { ...noProgress, answers: [entry.answer] },
      ),
    noteLab: (slug, state) =>
      add({ ...noProgress, labs: { [slug]: { state, at: now().toISOString() } } }),
    async export() {
      return `${JSON.stringify({ schema: 1, ...(await read()) }, null, 2)}\n`;
    },
    async import(text) {
      const parsed = schema.safeParse(text.length > LONGEST ? undefined : jsonOf(text));
      if (!parsed.success) {
        throw new WorkbenchFailure(
          'progress-invalid',
          'this is no file of progress that the workshop wrote',
        );
      }
      const { lessons, labs, answers } = parsed.data;
      await add({ lessons, labs, answers });
      return read();
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
