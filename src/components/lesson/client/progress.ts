import { openStorage } from '../../../workbench/files/storage.ts';
import type { Progress } from '../../../workbench/port.ts';

/**
 * What the workbench keeps of somebody's progress, read and written without starting it. Its own
 * checks are too much code for a page to read: what has another shape counts as nothing here, too.
 */

/** As the worker names them. */
const STORAGE = 'semdistro';
const KEY = 'progress';

/** Nothing where the browser keeps nothing. */
export async function readProgress(): Promise<Pick<Progress, 'lessons' | 'labs'>> {
  try {
    const storage = await openStorage(indexedDB, STORAGE);
    const document = await storage.document(KEY);
    storage.close();
    return progressIn(document);
  } catch {
    return { lessons: [], labs: {} };
  }
}

/** Notes a lesson that was read to its end. */
export async function noteLesson(slug: string): Promise<void> {
  try {
    const storage = await openStorage(indexedDB, STORAGE);
    await storage.update(KEY, (old) => withLesson(old, slug));
    storage.close();
  } catch {
    // The lesson was read all the same.
  }
}

export function withLesson(document: unknown, slug: string): unknown {
  const { lessons, labs, answers } = progressIn(document);
  return { schema: 1, lessons: [...new Set([...lessons, slug])], labs, answers };
}

export function progressIn(document: unknown): Progress {
  const { lessons, labs, answers } = isObject(document) ? document : {};
  return {
    lessons: strings(lessons),
    labs: isObject(labs)
      ? Object.fromEntries(Object.entries(labs).flatMap(([slug, lab]) => labEntry(slug, lab)))
      : {},
    answers: strings(answers),
  };
}

function labEntry(slug: string, lab: unknown): readonly [string, Progress['labs'][string]][] {
  if (!isObject(lab)) return [];
  const { state, at } = lab;
  if ((state !== 'started' && state !== 'passed') || typeof at !== 'string') return [];
  return [[slug, { state, at }]];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
