import type { Verifier } from '../verify/check.ts';
import { type Folder, type FolderFile, textOf } from '../verify/folder.ts';
import { labFaults } from './lab-faults.ts';
import { invalidLab } from './invalid.ts';
import { parseManifest } from './manifest.ts';
import type { Manifest } from './schema.ts';

/** What an exercise is made of, without its checks. */
export interface LabContent {
  /** Name of its folder in labs/. */
  readonly slug: string;
  readonly manifest: Manifest;
  /** Files as they lie in the repository: `variantFolder` makes of them what a learner has. */
  readonly start: Folder;
  /** Only the files that differ from start/. */
  readonly solution: Folder;
  /** Only the files that differ from the solution, or from start/ where the manifest says so. */
  readonly wrong: ReadonlyMap<string, Folder>;
}

/** One exercise. */
export interface Lab extends LabContent {
  /** Without checks for a playground. */
  readonly verifier: Verifier;
}

export interface LabParts {
  readonly slug: string;
  /** Everything in labs/<slug>. */
  readonly files: Folder;
  /** What verify.ts exports; undefined without the file. */
  readonly verifier: Verifier | undefined;
}

/** A lab that fits together. Throws EngineError `lab-invalid` with all that does not, a line each. */
export function makeLab({ slug, files, verifier = { checks: [] } }: LabParts): Lab {
  const file = `labs/${slug}/lab.yaml`;
  const text = textOf(files, 'lab.yaml');
  if (text === undefined) throw invalidLab([{ file, why: 'is missing' }]);
  const wrong = new Map<string, Map<string, FolderFile>>();
  for (const [path, content] of files) {
    const [, name, rest] = /^wrong\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (name === undefined || rest === undefined) continue;
    const folder = wrong.get(name) ?? new Map<string, FolderFile>();
    wrong.set(name, folder.set(rest, content));
  }
  const lab: Lab = {
    ...{ slug, manifest: parseManifest(text, file), verifier },
    ...{ start: below(files, 'start/'), solution: below(files, 'solution/'), wrong },
  };
  const faults = labFaults(lab);
  if (faults.length > 0) throw invalidLab(faults);
  return lab;
}

function below(files: Folder, prefix: string): Folder {
  return new Map(
    [...files]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, file]) => [path.slice(prefix.length), file]),
  );
}
