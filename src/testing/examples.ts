import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Dockerfiles as labs have them: those of the learners' notes as they were written, where the point is how
 * they fail, and what becomes of them. Each is a folder with its context.
 */
const ROOT = join(import.meta.dirname, '../engine/testdata/examples');

export const BUILDING = [
  'go-static',
  'go-base',
  'python-flask',
  'chainguard-python',
  'node',
  'java',
  'cpp',
  // These build, and fail when they are run.
  'python-missing-flask',
  'chainguard-path',
] as const;

/** Where an example is. */
export function exampleFolder(name: string): string {
  return join(ROOT, name);
}

/** The images it begins with and copies from, by the names in its FROM lines. */
export function basesOf(name: string): readonly string[] {
  const text = readFileSync(join(ROOT, name, 'Dockerfile'), 'utf8');
  return [...text.matchAll(/^FROM (\S+)/gm)].flatMap(([, image]) => image ?? []);
}

/**
 * A copy whose RUNs have mounts more, so that a Docker without internet finds what this engine mounts
 * by itself. Mounts are no part of the history.
 */
export function withMounts(
  name: string,
  mounts: readonly string[],
): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), `semdistro-${name}-`));
  cpSync(join(ROOT, name), folder, { recursive: true });
  const file = join(folder, 'Dockerfile');
  const flags = mounts.map((mount) => `--mount=${mount} `).join('');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/^RUN /gm, `RUN ${flags}`));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
