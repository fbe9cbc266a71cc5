import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean } from '../../engine/dockerfile/suggest.ts';
import { EngineError } from '../../engine/errors.ts';
import { type Lab, makeLab } from '../../labs/lab.ts';
import { parseManifest } from '../../labs/manifest.ts';
import type { Manifest } from '../../labs/schema.ts';
import type { Verifier } from '../../verify/check.ts';
import { errnoOf } from '../store/fs-errors.ts';
import { readWhole } from './folder.ts';

/** What lists show of a lab, before any of its code is loaded. */
export interface FoundLab {
  readonly slug: string;
  readonly manifest: Manifest;
}

/** `labs/` of the repository. */
export const LABS = join(import.meta.dirname, '..', '..', '..', 'labs');

/** Names of the folders that have a lab.yaml, sorted. */
export async function labSlugs(root = LABS): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const slugs = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => ((await isThere(join(root, name, 'lab.yaml'))) ? [name] : [])),
  );
  return slugs.flat().sort();
}

/** Every lab, in the order of the lessons, playgrounds last. Rejects with `lab-invalid`. */
export async function findLabs(root = LABS): Promise<readonly FoundLab[]> {
  const found = await Promise.all(
    (await labSlugs(root)).map(async (slug) => ({
      slug,
      manifest: parseManifest(
        await readFile(join(root, slug, 'lab.yaml'), 'utf8'),
        `labs/${slug}/lab.yaml`,
      ),
    })),
  );
  const lesson = ({ manifest }: FoundLab): number => manifest.lesson ?? Infinity;
  return found.toSorted((a, b) => (lesson(a) === lesson(b) ? 0 : lesson(a) - lesson(b)));
}

/**
 * Reads a lab and loads its checks. Rejects with `lab-unknown` (it says which there are) or
 * `lab-invalid`.
 */
export async function loadLab(slug: string, root = LABS): Promise<Lab> {
  const slugs = await labSlugs(root);
  if (!slugs.includes(slug)) {
    throw new EngineError(
      'lab-unknown',
      `there is no lab ${slug}${didYouMean(slug, slugs, { exactCase: true })}`,
      { hint: 'See `semdistro list` for what there is.', exitCode: 2 },
    );
  }
  const folder = join(root, slug);
  return makeLab({ slug, files: await readWhole(folder), verifier: await loadVerifier(folder) });
}

async function loadVerifier(folder: string): Promise<Verifier | undefined> {
  const file = join(folder, 'verify.ts');
  if (!(await isThere(file))) return undefined;
  const loaded: unknown = await import(pathToFileURL(file).href);
  if (isVerifierModule(loaded)) return loaded.default;
  throw new EngineError('lab-invalid', `${file}: has no default export with \`checks\``, {
    hint: 'Write `export default { checks: […] } satisfies Verifier;`.',
    exitCode: 2,
  });
}

/** Its types are tsc's business: labs are code of this repository. */
function isVerifierModule(value: unknown): value is { readonly default: Verifier } {
  if (typeof value !== 'object' || value === null || !('default' in value)) return false;
  const verifier = value.default;
  return (
    typeof verifier === 'object' &&
    verifier !== null &&
    'checks' in verifier &&
    Array.isArray(verifier.checks)
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
