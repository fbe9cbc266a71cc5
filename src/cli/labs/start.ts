import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { patternMatcher } from '../../engine/dockerfile/pattern-matcher.ts';
import type { Lab } from '../../labs/lab.ts';
import { drawNonce } from '../../labs/nonce.ts';
import type { Folder } from '../../verify/folder.ts';
import { makeFolder } from '../../pantry/make-folder.ts';
import { fileError } from '../files/file-errors.ts';
import { errnoOf } from '../store/fs-errors.ts';
import type { Call, LabCommand } from './command.ts';
import { writeFolder } from './folder.ts';
import { labNamed } from './lab-folder.ts';
import {
  beginMarker,
  findMarker,
  finishMarker,
  type Marker,
  OWN_FOLDER,
  readBeginning,
  readMarker,
  shownPath,
} from './marker.ts';
import { aliasLine, quoted } from './own-name.ts';
import { updateProgress } from './progress.ts';
import { givenFolder } from './given-folder.ts';
import { inked, wrapped } from './text.ts';
import { noteFailure } from './remember.ts';
import { misuse } from './trouble.ts';
import type { CommandWords } from './words/words.ts';
import { versionOf } from './version.ts';

/** What somebody may have in a folder that is as good as empty. */
const NOTHING = /^(?:\.git|\.DS_Store|Thumbs\.db|desktop\.ini|\.vscode|\.idea)$/;
/** Names that a message shows of what is in the way. */
const SOME = 3;

/** `semdistro start`. */
export const startCommand: LabCommand = {
  name: 'start',
  options: {},
  most: 2,
  async run(call) {
    const { args, desk, words, print } = call;
    const [slug, folder] = args.positionals;
    if (slug === undefined) throw misuse('no-lab', words.trouble.noLabNamed('start'));
    labNamed(slug, await desk.labs(), words);
    const lab = await desk.lab(slug);
    const dir = resolve(desk.cwd, folder ?? slug);
    const shown = shownPath(dir, desk.cwd);
    const began = await mayStart(call, lab, dir, shown);
    const marker = began ?? newMarker(call, lab);
    const files = givenFolder(lab, marker);
    try {
      makeFolder(join(dir, OWN_FOLDER));
    } catch (error) {
      throw fileError(error, 'mkdir', shown);
    }
    if (!began) await beginMarker(dir, marker);
    await writeFolder(dir, began ? await missingIn(dir, files) : files);
    await finishMarker(dir);
    await noteFailure(call, () =>
      updateProgress(desk.home, slug, (before) => ({
        ...before,
        ...{ started: before.started ?? marker.started, folder: dir },
      })),
    );
    if (began) print(words.start.resumed(shown));
    print(...welcome(call, lab, files, shown));
    return 0;
  },
};

function newMarker({ desk, language }: Call, lab: Lab): Marker {
  return {
    ...{ schema: 1, lab: lab.slug, version: versionOf(lab), lang: language },
    ...{ nonce: drawNonce(lab.manifest, 'start'), started: desk.now().toISOString() },
  };
}

/** What an interrupted start of the same lab had drawn, for this one to go on. Throws `misuse` for a folder that is in use. */
async function mayStart(
  { words }: Call,
  lab: Lab,
  dir: string,
  shown: string,
): Promise<Marker | undefined> {
  const { trouble } = words;
  const names = await namesIn(dir, shown, words);
  const here = await readMarker(dir, words);
  if (here) throw misuse('already-started', trouble.alreadyStarted(here.lab, shown));
  const around = await findMarker(dir, words);
  if (around) throw misuse('inside-lab', trouble.insideLab(around.marker.lab));
  const began = await readBeginning(dir, words);
  if (began?.lab === lab.slug && began.version === versionOf(lab)) return began;
  const inTheWay = names.filter((name) => !NOTHING.test(name));
  if (inTheWay.length === 0) return undefined;
  const some = inTheWay.slice(0, SOME);
  throw misuse(
    'not-empty',
    trouble.notEmpty(shown, inTheWay.length > SOME ? [...some, '…'] : some),
  );
}

async function namesIn(
  dir: string,
  shown: string,
  { trouble }: CommandWords,
): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    if (errnoOf(error) !== 'ENOTDIR') throw fileError(error, 'open', shown);
    throw misuse('not-a-folder', trouble.notAFolder(shown));
  }
}

/** What is there already was written whole by the start that is gone on with, and may have been edited. */
async function missingIn(dir: string, files: Folder): Promise<Folder> {
  const missing = await Promise.all(
    [...files].map(async ([path, file]) =>
      (await stat(join(dir, path)).catch(() => undefined)) ? [] : [[path, file] as const],
    ),
  );
  return new Map(missing.flat());
}

function welcome(
  { desk, language, words, view }: Call,
  lab: Lab,
  files: Folder,
  shown: string,
): readonly string[] {
  const { paint } = view;
  const editable = patternMatcher(lab.manifest.edit);
  const names = [...files.keys()].sort();
  const width = Math.max(...names.map((name) => name.length));
  const alias = aliasLine(desk.env);
  const verifies = lab.verifier.checks.length > 0;
  return [
    paint.green(words.start.made(lab.slug, shown)),
    '',
    paint.bold(lab.manifest.title[language]),
    ...wrapped(lab.manifest.goal[language].trim(), view.columns ?? Infinity).map((line) =>
      inked(line, paint),
    ),
    '',
    words.start.files,
    ...names.map((name) =>
      editable.match(name).matched
        ? `  ${name.padEnd(width)}  ${paint.dim(`← ${words.start.toEdit}`)}`
        : `  ${name}`,
    ),
    '',
    words.start.commands,
    ...(alias === undefined ? [] : [`  ${alias}`]),
    ...(shown === '.' ? [] : [`  ${words.start.cd(quoted(shown))}`]),
    ...(verifies ? words.start.then : words.start.thenPlay).map((line) => `  ${line}`),
  ];
}
