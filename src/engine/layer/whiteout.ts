import { EngineError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { baseName, joinPath, parentPath } from './path.ts';

/** How the OCI image-spec writes what a layer removes: as names. */
const PREFIX = '.wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * What a (clean) path means in a layer. Throws EngineError `whiteout-invalid` for a whiteout of
 * nothing, of `.` or `..`, for names that AUFS reserved, and for a file below a whiteout.
 */
export function readWhiteout(
  path: string,
): { type: 'whiteout' | 'opaque'; path: string } | undefined {
  if (!path.includes(PREFIX)) return undefined;
  const base = baseName(path);
  const parent = parentPath(path);
  if (`/${parent}`.includes(`/${PREFIX}`)) throw invalid(path);
  if (!base.startsWith(PREFIX)) return undefined;
  if (base === OPAQUE) return { type: 'opaque', path: parent };
  const removed = base.slice(PREFIX.length);
  if (removed === '' || removed === '.' || removed === '..' || removed.startsWith(PREFIX)) {
    throw invalid(path);
  }
  return { type: 'whiteout', path: joinPath(parent, removed) };
}

/** The name an entry has in a layer's archive. Throws `whiteout-invalid` where it would read back as something else. */
export function layerName(entry: Entry): string {
  if (entry.type === 'opaque') return joinPath(entry.path, OPAQUE);
  const base = baseName(entry.path);
  if (entry.path.includes(PREFIX) && `/${entry.path}`.includes(`/${PREFIX}`)) {
    throw invalid(entry.path);
  }
  if (entry.type !== 'whiteout') return entry.path;
  if (base === '') throw invalid(PREFIX);
  return joinPath(parentPath(entry.path), `${PREFIX}${base}`);
}

function invalid(path: string): EngineError {
  return new EngineError('whiteout-invalid', `invalid whiteout name ${JSON.stringify(path)}`, {
    hint: 'Names that begin with ".wh." mark removed files in a layer and cannot be files themselves.',
  });
}
