import { cp, lstat, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Lab } from '../../labs/lab.ts';
import { drawNonce } from '../../labs/nonce.ts';
import type { Folder } from '../../verify/folder.ts';
import { makeFolder } from '../../pantry/make-folder.ts';
import { fileError } from '../files/file-errors.ts';
import { writeFolder } from './folder.ts';
import { givenFolder } from './given-folder.ts';
import { type Marker, OWN_FOLDER, writeMarker } from './marker.ts';
import { versionOf } from './version.ts';

/** What is neither the lab's nor an answer. */
const NOT_OURS = /^(?:\.git|\.semdistro)$/;

/**
 * Puts the start's files back. All that is in the folder and differs from them is copied to
 * `.semdistro/backup-…` first, whole, and only then changed. Resolves to the copy's folder;
 * undefined when there was nothing to change. The folder keeps its random values.
 */
export async function resetFolder(
  lab: Lab,
  { dir, marker }: { readonly dir: string; readonly marker: Marker },
  now: Date,
): Promise<string | undefined> {
  const nonce = { ...drawNonce(lab.manifest, 'start'), ...marker.nonce };
  const given = givenFolder(lab, { lang: marker.lang, nonce });
  const { changed, all } = await changesIn(dir, given);
  const missing = [...given.keys()].filter((path) => !all.has(path));
  if (changed.length === 0 && missing.length === 0) return undefined;
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const backup = join(dir, OWN_FOLDER, `backup-${stamp}`);
  try {
    makeFolder(backup);
    for (const path of changed) {
      makeFolder(dirname(join(backup, path)));
      await cp(join(dir, path), join(backup, path), {
        ...{ recursive: true, verbatimSymlinks: true, preserveTimestamps: true },
      });
    }
    await writeFolder(dir, given);
    for (const path of changed) {
      if (!given.has(path)) await rm(join(dir, path), { recursive: true, force: true });
    }
  } catch (error) {
    throw fileError(error, 'write', dir);
  }
  await writeMarker(dir, { ...marker, nonce, version: versionOf(lab) });
  return backup;
}

/** Paths of what differs from the given files, and of the given ones that are there. A folder that is none of the lab's is one path. */
async function changesIn(
  dir: string,
  given: Folder,
): Promise<{ readonly changed: readonly string[]; readonly all: ReadonlySet<string> }> {
  const changed: string[] = [];
  const all = new Set<string>();
  const visit = async (below: string): Promise<void> => {
    for (const name of (await readdir(join(dir, below))).sort()) {
      if (below === '' && NOT_OURS.test(name)) continue;
      const path = below === '' ? name : `${below}/${name}`;
      const found = await lstat(join(dir, path));
      const file = given.get(path);
      if (file) all.add(path);
      if (file && found.isFile()) {
        const bytes = await readFile(join(dir, path));
        const executable = (found.mode & 0o111) !== 0;
        if (!bytes.equals(file.bytes) || executable !== file.executable) changed.push(path);
      } else if (found.isDirectory() && isGivenFolder(given, path)) {
        await visit(path);
      } else {
        changed.push(path);
      }
    }
  };
  try {
    await visit('');
  } catch (error) {
    throw fileError(error, 'open', dir);
  }
  return { changed, all };
}

function isGivenFolder(given: Folder, path: string): boolean {
  return [...given.keys()].some((file) => file.startsWith(`${path}/`));
}
