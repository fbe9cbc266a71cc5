import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import type { Nonce } from '../../labs/nonce.ts';
import { fileError } from '../files/file-errors.ts';
import type { FoundLab } from './find.ts';
import { findMarker, type Marker, OWN_FOLDER, readMarker, shownPath } from './marker.ts';
import { readProgress } from './progress.ts';
import { meantBy, misuse } from './trouble.ts';
import type { CommandWords, LabCommandName } from './words/words.ts';

/** What a command works on. */
export interface LabFolder {
  readonly found: FoundLab;
  readonly dir: string;
  /** Missing where `start` has not been. */
  readonly marker: Marker | undefined;
  /** Values that were drawn for the folder. */
  readonly nonce: Nonce;
}

interface Asked {
  readonly command: LabCommandName;
  /** What LAB says. */
  readonly slug: string | undefined;
  /** What `--dir` says. */
  readonly dir: string | undefined;
  readonly cwd: string;
  readonly home: string;
  readonly labs: readonly FoundLab[];
  readonly words: CommandWords;
}

/** The lab by its name. Throws `misuse` with what was probably meant. */
export function labNamed(slug: string, labs: readonly FoundLab[], words: CommandWords): FoundLab {
  const found = labs.find((lab) => lab.slug === slug);
  if (found) return found;
  const names = labs.map((lab) => lab.slug);
  throw misuse('lab-unknown', words.trouble.unknownLab(slug, meantBy(slug, names)));
}

/** The lab of a command: LAB, or the folder that the command is called in. */
export async function labAsked(asked: Asked): Promise<FoundLab> {
  const { command, slug, cwd, dir, labs, words } = asked;
  if (slug !== undefined) return labNamed(slug, labs, words);
  const here = await findMarker(resolve(cwd, dir ?? '.'), words);
  if (here) return labOf(here, asked);
  throw dir === undefined
    ? misuse('no-lab', words.trouble.noLabNamed(command))
    : misuse('not-a-lab', words.trouble.notLabFolder(command, dir));
}

/**
 * Lab and folder of a command, by LAB and `--dir`, the folder that it is called in, and what
 * progress remembers of the latest `start`. Throws `misuse` when one of them stays unknown.
 */
export async function labFolder(asked: Asked): Promise<LabFolder> {
  const { command, slug, dir, cwd, words } = asked;
  const wanted = slug === undefined ? undefined : labNamed(slug, asked.labs, words);
  if (dir !== undefined) {
    const path = await folderAt(resolve(cwd, dir), dir, words);
    const here = await findMarker(path, words);
    if (here && wanted && here.marker.lab !== wanted.slug) {
      throw misuse('other-lab', words.trouble.otherLab(here.marker.lab, wanted.slug));
    }
    if (here) return { found: labOf(here, asked), ...here, nonce: here.marker.nonce };
    if (!wanted) throw misuse('not-a-lab', words.trouble.notLabFolder(command, dir));
    return { found: wanted, dir: path, marker: undefined, nonce: {} };
  }
  const here = await findMarker(cwd, words);
  if (here && (!wanted || wanted.slug === here.marker.lab)) {
    return { found: labOf(here, asked), ...here, nonce: here.marker.nonce };
  }
  if (!wanted) throw misuse('not-a-lab', words.trouble.notLabFolder(command, cwd));
  const remembered = (await readProgress(asked.home)).get(wanted.slug)?.folder;
  for (const place of [join(cwd, wanted.slug), remembered]) {
    if (place === undefined) continue;
    const marker = await readMarker(place, words);
    if (marker?.lab === wanted.slug) {
      return { found: wanted, dir: place, marker, nonce: marker.nonce };
    }
  }
  if (here) throw misuse('other-lab', words.trouble.otherLab(here.marker.lab, wanted.slug));
  throw misuse('no-folder', words.trouble.noFolderOf(wanted.slug));
}

function labOf(
  { dir, marker }: { readonly dir: string; readonly marker: Marker },
  { labs, words, cwd }: Asked,
): FoundLab {
  const found = labs.find((lab) => lab.slug === marker.lab);
  if (found) return found;
  const file = shownPath(join(dir, OWN_FOLDER, 'lab.json'), cwd);
  throw misuse('lab-gone', words.trouble.labGone(marker.lab, file));
}

async function folderAt(path: string, shown: string, words: CommandWords): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    const failure = fileError(error, 'open', shown);
    if (!(failure instanceof EngineError) || failure.code !== 'not-found') throw failure;
    throw misuse('no-folder', words.trouble.folderMissing(shown));
  }
  throw misuse('not-a-folder', words.trouble.notAFolder(shown));
}
