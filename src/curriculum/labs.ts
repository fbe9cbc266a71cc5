import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Lab, makeLab } from '../labs/lab.ts';
import { layered } from '../labs/variants.ts';
import type { Verifier } from '../verify/check.ts';
import type { Folder } from '../verify/folder.ts';
import type { LabData, LabFile } from './lab-data.ts';
import { folderNames, readFolder } from './read-folder.ts';

/** A lab with everything that its folder has, which is what lessons quote. */
export interface QuotedLab extends Lab {
  readonly files: Folder;
}

/** The labs of a folder, by name. Rejects with EngineError `lab-invalid`. */
export async function readLabs(directory: string): Promise<ReadonlyMap<string, QuotedLab>> {
  const names = (await folderNames(directory)).filter((name) =>
    existsSync(join(directory, name, 'lab.yaml')),
  );
  const labs = await Promise.all(
    names.map(async (slug) => [slug, await readLab(directory, slug)] as const),
  );
  return new Map(labs);
}

/** One of them. Rejects with EngineError `lab-invalid`. */
export async function readLab(directory: string, slug: string): Promise<QuotedLab> {
  const folder = join(directory, slug);
  const [files, verifier] = await Promise.all([readFolder(folder), loadVerifier(folder)]);
  return { ...makeLab({ slug, files, verifier }), files };
}

async function loadVerifier(folder: string): Promise<Verifier | undefined> {
  const file = join(folder, 'verify.ts');
  if (!existsSync(file)) return undefined;
  // Its types are tsc's business: labs are code of this repository. Node loads it, no bundler.
  const loaded = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    readonly default: Verifier;
  };
  return loaded.default;
}

/** What the page knows of a lab. `lesson` is the slug of its lesson. */
export function labData(lab: Lab, lesson: string | undefined): LabData {
  const { slug, manifest, verifier } = lab;
  return {
    ...{ slug, title: manifest.title, goal: manifest.goal },
    ...{ minutes: manifest.minutes, difficulty: manifest.difficulty, edit: manifest.edit },
    ...(manifest.lesson !== undefined &&
      lesson !== undefined && { lesson: { number: manifest.lesson, slug: lesson } }),
    ...{ images: manifest.engine.images, processes: manifest.engine.processes },
    live: manifest.live ?? false,
    checks: verifier.checks.map(({ id, title, needs = [], live = false }) => ({
      ...{ id, title, needs, live },
    })),
    hints: manifest.hints.map(({ id, check, text }) => ({ id, check, text })),
    start: labFiles(lab.start),
  };
}

/** Files of the solution that differ from the start, and the paths that it takes away. */
export function solutionFiles(lab: Lab): {
  readonly changed: readonly LabFile[];
  readonly removed: readonly string[];
} {
  const whole = layered(lab, 'solution');
  return {
    changed: labFiles(lab.solution),
    removed: [...lab.start.keys()].filter((path) => !whole.has(path)),
  };
}

/** As a page shows them, by path. */
export function labFiles(folder: Folder): readonly LabFile[] {
  return [...folder].map(([path, { bytes }]) => {
    const text = textIn(bytes);
    return { path, size: bytes.length, ...(text !== undefined && { text }) };
  });
}

/** Undefined for what is no text that people read. */
function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.length > 256 * 1024 || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
