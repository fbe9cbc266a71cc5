import type { Lab } from '../../labs/lab.ts';
import type { Nonce } from '../../labs/nonce.ts';
import { plantedFiles, variantFolder, type Variant } from '../../labs/variants.ts';
import type { Report } from '../../verify/check.ts';
import { type Folder, withFiles } from '../../verify/folder.ts';
import { words } from '../../verify/words.ts';
import type { Actor } from './actor.ts';

/** One answer, and what was drawn for it. */
export interface Scene {
  readonly lab: Lab;
  readonly variant: Variant;
  readonly nonce: Nonce;
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

/**
 * Acts out what an answer's session says, has the folder verified that this leaves, and removes what it
 * made. A session that fails is a broken check of that name. An answer without one is verified as it is.
 */
export async function inSession(
  { lab, variant, nonce, actor, signal }: Scene,
  verifying: (folder: Folder) => Promise<Report>,
): Promise<Report> {
  const { session } = lab.manifest;
  const folder = variantFolder(lab, variant, nonce);
  const planted = plantedFiles(lab, nonce);
  if (session === undefined || !folder.has(session)) return verifying(withFiles(folder, planted));
  try {
    const acted = await actor.act(folder, session, signal);
    if (acted.code !== 0) return broken(session, acted.code, acted.output);
    return await verifying(withFiles(acted.folder, planted));
  } finally {
    // What is interrupted is cleared away all the same.
    await actor.clear(namesOf(lab, nonce), new AbortController().signal);
  }
}

/** The words that are in the names of all that a session makes. */
function namesOf({ manifest }: Lab, nonce: Nonce): readonly string[] {
  return Object.entries(manifest.nonce).flatMap(([name, one]) => {
    const word = nonce[name] ?? '';
    return one.kind === 'word' && one.per === 'start' && word !== '' ? [word] : [];
  });
}

const SHOWN = 2000;

function broken(session: string, code: number, output: string): Report {
  const said = `\`sh ${session}\`: ${code}: ${output.trim().slice(-SHOWN)}`;
  return {
    ...{ status: 'broken', seconds: 0 },
    checks: [
      {
        ...{ id: 'session', title: words('A sessão', 'The session'), status: 'broken', seconds: 0 },
        found: words(said, said),
      },
    ],
  };
}
