import { rename } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { LANGUAGES } from '../../verify/words.ts';
import { fileError } from '../files/file-errors.ts';
import { readJson, writeJson } from './json-file.ts';
import { misuse } from './trouble.ts';
import type { CommandWords } from './words/words.ts';

/** What `start` leaves in a folder, so that LAB and DIR are known in it. */
const markerSchema = z.object({
  schema: z.literal(1),
  lab: z.string(),
  /** Of the files that were given out: `versionOf`. */
  version: z.string(),
  lang: z.enum(LANGUAGES),
  /** The values drawn for this folder. */
  nonce: z.record(z.string(), z.string()),
  started: z.string(),
});

export type Marker = z.infer<typeof markerSchema>;

/** This program's own folder in a learner's. */
export const OWN_FOLDER = '.semdistro';

const markerIn = (dir: string): string => join(dir, OWN_FOLDER, 'lab.json');
const beginningIn = (dir: string): string => join(dir, OWN_FOLDER, 'starting.json');

/** The marker of a folder; undefined when it has none. Throws `misuse` when it cannot be read. */
export async function readMarker(dir: string, words: CommandWords): Promise<Marker | undefined> {
  return parse(markerIn(dir), words);
}

/** The marker of a start that has not come to its end. */
export async function readBeginning(dir: string, words: CommandWords): Promise<Marker | undefined> {
  return parse(beginningIn(dir), words);
}

/** The folder of a lab that `dir` is, or is in. */
export async function findMarker(
  dir: string,
  words: CommandWords,
): Promise<{ readonly dir: string; readonly marker: Marker } | undefined> {
  for (let at = dir; ; at = dirname(at)) {
    const marker = await readMarker(at, words);
    if (marker) return { dir: at, marker };
    if (dirname(at) === at) return undefined;
  }
}

/** Says that a start is under way: what it writes may be overwritten by the next until `finishMarker`. */
export async function beginMarker(dir: string, marker: Marker): Promise<void> {
  await writeJson(beginningIn(dir), marker);
}

export async function finishMarker(dir: string): Promise<void> {
  try {
    await rename(beginningIn(dir), markerIn(dir));
  } catch (error) {
    throw fileError(error, 'rename', beginningIn(dir));
  }
}

export async function writeMarker(dir: string, marker: Marker): Promise<void> {
  await writeJson(markerIn(dir), marker);
}

async function parse(file: string, words: CommandWords): Promise<Marker | undefined> {
  const found = await readJson(file);
  if (found === undefined) return undefined;
  const parsed = markerSchema.safeParse(found);
  if (!parsed.success) throw misuse('bad-marker', words.trouble.badMarker(file));
  return parsed.data;
}

/** A folder as people write it: as it is below the working directory, absolute elsewhere. */
export function shownPath(dir: string, cwd: string): string {
  const below = relative(cwd, dir);
  if (below === '') return '.';
  return below.startsWith('..') ? dir : below;
}
