import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  'go-cgo-static',
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
 * Its Dockerfile with mounts more at every RUN, so that a Docker without internet finds what this
 * engine mounts by itself, and with other names for its bases. Neither is part of an image; the
 * context stays as it is.
 */
export function forDocker(
  name: string,
  mounts: readonly string[],
  nameOf: (base: string) => string,
): { readonly dockerfile: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), `semdistro-${name}-`));
  const dockerfile = join(folder, 'Dockerfile');
  const text = readFileSync(join(ROOT, name, 'Dockerfile'), 'utf8');
  const flags = mounts.map((mount) => `--mount=${mount} `).join('');
  const named = text.replaceAll(/^FROM (\S+)/gm, (_, base: string) => `FROM ${nameOf(base)}`);
  writeFileSync(dockerfile, named.replaceAll(/^RUN /gm, `RUN ${flags}`));
  return {
    dockerfile,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
