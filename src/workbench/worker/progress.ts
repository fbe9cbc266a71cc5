import { isObject } from '../../engine/json.ts';
import { LONGEST_NOTE, mergedMarks, type StepMark, type StepMarks } from '../../labs/steps.ts';
import { WorkbenchFailure } from '../failure.ts';
import type { Progress, ProgressDesk } from '../port.ts';
import type { Storage } from '../files/storage.ts';

const KEY = 'progress';
/** A file that somebody kept is a few kilobytes. */
const LONGEST = 1024 * 1024;

const LONGEST_NAME = 200;
/** As `toISOString` writes it, or with another zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

export const noProgress: Progress = { lessons: [], labs: {}, answers: [] };

/** What is known of what somebody did; what makes no sense counts as nothing. */
export function progressOf(document: unknown): Progress {
  return read(document) ?? noProgress;
}

/** Undefined for what is no progress as `export` writes it. */
function read(document: unknown): Progress | undefined {
  if (!isObject(document) || document['schema'] !== 1) return undefined;
  const { lessons, labs, answers } = document;
  if (!areNames(lessons) || !areNames(answers) || !areLabs(labs)) return undefined;
  return { lessons, labs, answers };
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST_NAME;

const areNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(isName);

const areLabs = (value: unknown): value is Progress['labs'] =>
  isObject(value) && Object.entries(value).every(([slug, lab]) => isName(slug) && isLab(lab));

const isLab = (value: unknown): value is Progress['labs'][string] =>
  isObject(value) &&
  (value['state'] === 'started' || value['state'] === 'passed') &&
  isInstant(value['at']) &&
  (value['steps'] === undefined || areSteps(value['steps']));

const areSteps = (value: unknown): value is StepMarks =>
  isObject(value) && Object.entries(value).every(([id, mark]) => isName(id) && isMark(mark));

const isMark = (value: unknown): value is StepMark =>
  isObject(value) &&
  isInstant(value['at']) &&
  (value['state'] === 'done'
    ? value['found'] === undefined || areWords(value['found'])
    : value['state'] === 'skipped' && isNote(value['note']));

const isNote = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= LONGEST_NOTE;

const areWords = (value: unknown): boolean =>
  isObject(value) && typeof value['pt-BR'] === 'string' && typeof value['en'] === 'string';

const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));

/** Both: a lab that was passed in one is passed, whichever was first. */
export function merged(a: Progress, b: Progress): Progress {
  const union = (one: readonly string[], other: readonly string[]): readonly string[] => [
    ...new Set([...one, ...other]),
  ];
  const labs: Record<string, Progress['labs'][string]> = { ...a.labs };
  for (const [slug, theirs] of Object.entries(b.labs)) {
    const ours = labs[slug];
    const better = !ours || isBetter(theirs, ours) ? theirs : ours;
    const steps = mergedMarks(ours?.steps ?? {}, theirs.steps ?? {});
    labs[slug] = { ...better, ...(Object.keys(steps).length > 0 && { steps }) };
  }
  return { lessons: union(a.lessons, b.lessons), labs, answers: union(a.answers, b.answers) };
}

function isBetter(a: Progress['labs'][string], b: Progress['labs'][string]): boolean {
  if (a.state !== b.state) return a.state === 'passed';
  return Date.parse(a.at) < Date.parse(b.at);
}

/** Progress, kept; what is about one lab is for the workbench itself. */
export interface KeptProgress extends ProgressDesk {
  noteLab(slug: string, state: 'started' | 'passed'): Promise<void>;
  /** Its steps are these: those of a live lab that was begun. */
  noteSteps(slug: string, steps: StepMarks): Promise<void>;
}

export function keptProgress(
  storage: Pick<Storage, 'document' | 'update'>,
  now: () => Date,
): KeptProgress {
  const kept = async (): Promise<Progress> => progressOf(await storage.document(KEY));
  const add = (more: Progress): Promise<void> =>
    storage.update(KEY, (old) => ({ schema: 1, ...merged(progressOf(old), more) }));
  return {
    read: kept,
    note: (entry) =>
      add(
        'lesson' in entry
          ? { ...noProgress, lessons: [entry.lesson] }
          : { ...noProgress, answers: [entry.answer] },
      ),
    noteLab: (slug, state) =>
      add({ ...noProgress, labs: { [slug]: { state, at: now().toISOString() } } }),
    noteSteps: (slug, steps) =>
      storage.update(KEY, (old) => {
        const before = progressOf(old);
        const lab = before.labs[slug] ?? { state: 'started', at: now().toISOString() };
        return { schema: 1, ...before, labs: { ...before.labs, [slug]: { ...lab, steps } } };
      }),
    async export() {
      return `${JSON.stringify({ schema: 1, ...(await kept()) }, null, 2)}\n`;
    },
    async import(text) {
      const theirs = read(text.length > LONGEST ? undefined : jsonOf(text));
      if (!theirs) {
        throw new WorkbenchFailure(
          'progress-invalid',
          'this is no file of progress that the workshop wrote',
        );
      }
      await add(theirs);
      return kept();
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
