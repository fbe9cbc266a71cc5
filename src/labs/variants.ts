import { type Folder, textOf, withFiles } from '../verify/folder.ts';
import type { LabContent } from './lab.ts';
import { drawsOf, type Nonce } from './nonce.ts';
import type { Manifest } from './schema.ts';
import { fillTemplate } from './template.ts';

/** `start`, `solution`, or the name of a wrong answer. */
export type Variant = string;

/**
 * The whole folder of somebody who has that answer. `nonce` has the values `per: start`; where
 * there are none to fill in it is not looked at.
 */
export function variantFolder(lab: LabContent, variant: Variant, nonce: Nonce): Folder {
  const folder = layered(lab, variant);
  const filled = lab.manifest.templates.flatMap((path) => {
    const text = textOf(folder, path);
    return text === undefined ? [] : [[path, fillTemplate(text, nonce)] as const];
  });
  return withFiles(folder, Object.fromEntries(filled));
}

/** As `variantFolder`, with nothing filled in. */
export function layered(lab: LabContent, variant: Variant): Folder {
  if (variant === 'start') return lab.start;
  const { manifest } = lab;
  if (variant === 'solution') {
    return over(lab.start, lab.solution, manifest.solution?.remove ?? []);
  }
  const entry = manifest.wrong[variant];
  if (entry === undefined) throw new Error(`${lab.slug} has no variant ${variant}`);
  // An answer that only takes files away has no folder.
  return over(layered(lab, entry.over), lab.wrong.get(variant) ?? new Map(), entry.remove);
}

function over(base: Folder, files: Folder, remove: readonly string[]): Folder {
  const gone = new Set(remove);
  return new Map([...base, ...files].filter(([path]) => !gone.has(path)));
}

/** Files planted over the context of every build of a verification, filled with all its values. */
export function plantedFiles(lab: LabContent, nonce: Nonce): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(lab.manifest.plant).map(([path, text]) => [path, fillTemplate(text, nonce)]),
  );
}

/** Names of the values that are drawn once per folder: with any, it must have been made by `semdistro start`. */
export function startNames(manifest: Manifest): readonly string[] {
  return Object.entries(manifest.nonce)
    .filter(([, one]) => one.per === 'start')
    .flatMap(([name, one]) => drawsOf(name, one));
}
