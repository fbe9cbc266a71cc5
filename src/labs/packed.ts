import type { Folder, FolderFile } from '../verify/folder.ts';
import { invalidLab } from './invalid.ts';
import type { Lab, LabContent } from './lab.ts';
import type { Manifest } from './schema.ts';

/** A lab as plain data, as a page's worker gets it: checked when it was made, and not once more. */
export interface PackedLab {
  readonly slug: string;
  readonly manifest: Manifest;
  readonly start: readonly PackedFile[];
  readonly solution: readonly PackedFile[];
}

export interface PackedFile {
  readonly path: string;
  readonly text: string;
  readonly executable?: true;
}

/**
 * Without its checks, which are code, the wrong answers that prove them, and the hints, which the
 * page has. Throws EngineError `lab-invalid` for a file that is no text.
 */
export function packLab({ slug, manifest, start, solution }: Lab): PackedLab {
  const packed = (folder: Folder, part: string): readonly PackedFile[] =>
    Array.from(folder, ([path, file]) => packFile(path, file, `labs/${slug}/${part}/${path}`));
  return {
    ...{ slug, manifest: { ...manifest, hints: [], wrong: {} } },
    ...{ start: packed(start, 'start'), solution: packed(solution, 'solution') },
  };
}

export function unpackLab({ slug, manifest, start, solution }: PackedLab): LabContent {
  return {
    ...{ slug, manifest, wrong: new Map() },
    ...{ start: folderOf(start), solution: folderOf(solution) },
  };
}

function packFile(path: string, { bytes, executable }: FolderFile, file: string): PackedFile {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { path, text, ...(executable && { executable }) };
  } catch {
    throw invalidLab([{ file, why: 'is no text in UTF-8, and a page gets labs as text' }]);
  }
}

function folderOf(files: readonly PackedFile[]): Folder {
  const encoder = new TextEncoder();
  return new Map(
    files.map(({ path, text, executable = false }) => [
      path,
      { bytes: encoder.encode(text), executable },
    ]),
  );
}
