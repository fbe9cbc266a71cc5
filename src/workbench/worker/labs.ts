import { utf8 } from '../../engine/bytes.ts';
import type { Lab } from '../../labs/lab.ts';
import { parseManifest } from '../../labs/manifest.ts';
import type { Verifier } from '../../verify/check.ts';
import type { Folder, FolderFile } from '../../verify/folder.ts';
import { WorkbenchFailure } from '../failure.ts';
import { texts, verifiers } from './lab-files.ts';

/** Names of the labs that the site has. */
export const labSlugs: readonly string[] = Object.keys(texts)
  .flatMap((path) => /\/labs\/([^/]+)\/lab\.yaml$/.exec(path)?.[1] ?? [])
  .sort();

const read = new Map<string, Lab>();

/**
 * A lab, without the wrong answers that prove its checks; that it fits together is for the tests to
 * see. Throws WorkbenchFailure `lab-unknown`.
 */
export function labNamed(slug: string): Lab {
  const known = read.get(slug);
  if (known) return known;
  const text = texts[pathOf(slug, 'lab.yaml')];
  if (text === undefined || !labSlugs.includes(slug)) {
    throw new WorkbenchFailure('lab-unknown', `there is no lab ${slug}`);
  }
  const lab: Lab = {
    ...{ slug, manifest: parseManifest(text, `labs/${slug}/lab.yaml`) },
    ...{ start: folder(slug, 'start/'), solution: folder(slug, 'solution/'), wrong: new Map() },
    verifier: verifierOf(slug),
  };
  read.set(slug, lab);
  return lab;
}

const pathOf = (slug: string, path: string): string => `../../../labs/${slug}/${path}`;

function folder(slug: string, part: string): Folder {
  const prefix = pathOf(slug, part);
  const files = new Map<string, FolderFile>();
  for (const [path, text] of Object.entries(texts)) {
    if (!path.startsWith(prefix)) continue;
    // A bundler knows no modes; a test sees to it that no lab needs one.
    files.set(path.slice(prefix.length), { bytes: utf8(text), executable: false });
  }
  return files;
}

function verifierOf(slug: string): Verifier {
  const found = verifiers[pathOf(slug, 'verify.ts')];
  if (found === undefined) return { checks: [] };
  if (isVerifier(found)) return found;
  throw new Error(`labs/${slug}/verify.ts exports no checks`);
}

/** Its types are tsc's business: labs are code of this repository. */
function isVerifier(value: unknown): value is Verifier {
  return (
    typeof value === 'object' && value !== null && 'checks' in value && Array.isArray(value.checks)
  );
}
