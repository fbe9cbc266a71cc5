import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';

/**
 * A differential case: a folder with a Dockerfile and its context, both built by this engine and by
 * a real Docker. `case.json`, when there is one, says what a folder in git cannot.
 */
const Settings = z.strictObject({
  /** More arguments for `docker build`. */
  args: z.array(z.string()).default([]),
  /** The Dockerfile, when it is not `Dockerfile`. */
  file: z.string().optional(),
  /** Done to a copy of the folder before building, in order. */
  prepare: z
    .array(
      z.union([
        z.strictObject({ path: z.string(), chmod: z.string() }),
        z.strictObject({ path: z.string(), mkdir: z.string() }),
        /** `path` becomes a second name of this file. */
        z.strictObject({ path: z.string(), hardlink: z.string() }),
        /** `path` becomes a file with this text: for names that some systems cannot check out. */
        z.strictObject({ path: z.string(), write: z.string() }),
        /** `path` becomes a file of this many bytes. */
        z.strictObject({ path: z.string(), fill: z.number() }),
        /** `path` becomes a tar of this folder, compressed when it ends in `.gz`. */
        z.strictObject({ path: z.string(), tar: z.string() }),
      ]),
    )
    .default([]),
});

export interface Case {
  readonly name: string;
  readonly folder: string;
  readonly args: readonly string[];
}

const ROOT = join(import.meta.dirname, '../../engine/testdata/differential');

/** Cases that must build, or those below `errors/`, which must not. */
export function listCases(kind: 'builds' | 'errors'): readonly string[] {
  const folder = kind === 'errors' ? join(ROOT, 'errors') : ROOT;
  return readdirSync(folder).filter((name) => name !== 'errors');
}

/** Copies a case to a folder of its own, prepared; `remove` deletes it. */
export function prepareCase(
  kind: 'builds' | 'errors',
  name: string,
): Case & { readonly remove: () => void } {
  const original = kind === 'errors' ? join(ROOT, 'errors', name) : join(ROOT, name);
  const folder = mkdtempSync(join(tmpdir(), `semdistro-${name}-`));
  cpSync(original, folder, { recursive: true, verbatimSymlinks: true });
  const file = join(folder, 'case.json');
  const settings = Settings.parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
  rmSync(file, { force: true });
  for (const step of settings.prepare) prepare(folder, step);
  const args = settings.file === undefined ? [] : ['-f', join(folder, settings.file)];
  return {
    name,
    folder,
    args: [...args, ...settings.args],
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function prepare(folder: string, step: z.output<typeof Settings>['prepare'][number]): void {
  const path = join(folder, step.path);
  mkdirSync(dirname(path), { recursive: true });
  if ('chmod' in step) chmodSync(path, Number.parseInt(step.chmod, 8));
  else if ('mkdir' in step) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, Number.parseInt(step.mkdir, 8));
  } else if ('hardlink' in step) linkSync(join(folder, step.hardlink), path);
  else if ('write' in step) writeFileSync(path, step.write);
  else if ('fill' in step) writeFileSync(path, Buffer.alloc(step.fill, 'sem distro\n'));
  else {
    const gzip = path.endsWith('.gz') ? 'z' : '';
    execFileSync('tar', [`-c${gzip}f`, path, '-C', join(folder, step.tar), '.']);
  }
}
