import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../pantry/make-folder.ts';
import { fileError } from '../files/file-errors.ts';
import { withLock } from '../store/file-lock.ts';
import { readJson, writeJson } from './json-file.ts';
import type { LabState } from './words/words.ts';

const when = z.string();

const entrySchema = z.object({
  /** When `start` made a folder for the first time. */
  started: when.optional(),
  /** The folder of the latest `start`. */
  folder: z.string().optional(),
  /** When it passed for the first time. */
  passed: when.optional(),
  /** Verifications that came to a verdict. */
  runs: z.number().default(0),
  /** IDs of the hints that were given, in their order. */
  hints: z.array(z.string()).default([]),
  /** Of a live lab: the steps that were done, or skipped, by their checks' ids. */
  steps: z
    .record(
      z.string(),
      z.discriminatedUnion('state', [
        z.object({
          state: z.literal('done'),
          at: when,
          found: z.object({ 'pt-BR': z.string(), en: z.string() }).optional(),
        }),
        z.object({ state: z.literal('skipped'), at: when, note: z.string() }),
      ]),
    )
    .optional(),
  /** The latest verdict. */
  last: z
    .object({
      at: when,
      status: z.enum(['pass', 'fail', 'broken']),
      /** IDs of the checks that failed. */
      failed: z.array(z.string()),
      /** The hint that the first of them named. */
      hint: z.string().optional(),
    })
    .optional(),
});

const progressSchema = z.object({
  schema: z.literal(1),
  labs: z.record(z.string(), entrySchema),
});

export type LabProgress = z.infer<typeof entrySchema>;

/** By slug. */
export type Progress = ReadonlyMap<string, LabProgress>;

/** What somebody is that has not done anything with a lab. */
export const nothingYet: LabProgress = { runs: 0, hints: [] };

export function stateOf(progress: LabProgress | undefined): LabState {
  if (progress?.passed !== undefined) return 'passed';
  return progress?.started === undefined && (progress?.runs ?? 0) === 0 ? 'new' : 'started';
}

const fileIn = (home: string): string => join(home, 'labs', 'progress.json');

/** What was done with each lab. A file that makes no sense counts as none. */
export async function readProgress(home: string): Promise<Progress> {
  const parsed = progressSchema.safeParse(await readJson(fileIn(home)));
  return new Map(Object.entries(parsed.data?.labs ?? {}));
}

/** Changes what is known of one lab; others that write at the same time wait. Rejects with EngineError. */
export async function updateProgress(
  home: string,
  slug: string,
  change: (before: LabProgress) => LabProgress,
): Promise<void> {
  const file = fileIn(home);
  try {
    makeFolder(join(home, 'labs'));
  } catch (error) {
    throw fileError(error, 'mkdir', join(home, 'labs'));
  }
  await withLock(join(home, 'labs', 'lock'), async () => {
    const found = await readJson(file);
    const parsed = progressSchema.safeParse(found);
    // Somebody edited it, or a newer version wrote it: theirs is kept beside ours.
    if (found !== undefined && !parsed.success) {
      await rename(file, `${file}.${Date.now()}.unreadable`);
    }
    const labs = parsed.data?.labs ?? {};
    await writeJson(file, {
      schema: 1,
      labs: { ...labs, [slug]: change(labs[slug] ?? nothingYet) },
    });
  });
}
