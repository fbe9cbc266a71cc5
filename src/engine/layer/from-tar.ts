import { EngineError } from '../errors.ts';
import { contentCursor } from '../tar/cursor.ts';
import type { TarHeader } from '../tar/format.ts';
import { readEntries, TAR_LIMITS, type TarLimits } from '../tar/reader.ts';
import { sliceOf } from './content.ts';
import type { Content, Entry } from './entry.ts';
import { cleanPath } from './path.ts';
import { readWhiteout } from './whiteout.ts';

/**
 * `interpret` in layers, where `.wh.` names remove files; `keep` in archives that are just
 * archives (ADD, a build context), where they are names like others.
 */
export type WhiteoutNames = 'interpret' | 'keep';

/** One header as an entry: paths cleaned (`path-escape`), whiteouts recognised (`whiteout-invalid`). */
export function entryFromTar(
  header: TarHeader,
  content: Content,
  whiteouts: WhiteoutNames = 'interpret',
): Entry {
  const path = cleanPath(header.name);
  const common = {
    mode: header.mode,
    uid: header.uid,
    gid: header.gid,
    mtime: header.mtime,
    ...(header.xattrs && { xattrs: header.xattrs }),
  };
  const removed = whiteouts === 'interpret' ? readWhiteout(path) : undefined;
  if (removed) return { ...common, ...removed, size: 0 };
  if (path === '' && header.type !== 'dir') {
    throw new EngineError(
      'path-escape',
      `invalid path ${JSON.stringify(header.name)}: it is the root`,
    );
  }
  switch (header.type) {
    case 'file':
      return { type: 'file', path, ...common, size: header.size, content };
    case 'symlink':
      return { type: 'symlink', path, ...common, size: 0, target: header.linkName };
    case 'hardlink':
      return { type: 'hardlink', path, ...common, size: 0, target: cleanPath(header.linkName) };
    case 'char':
    case 'block': {
      const device = header.device ?? { major: 0, minor: 0 };
      return { type: header.type, path, ...common, size: 0, device };
    }
    case 'dir':
    case 'fifo':
      return { type: header.type, path, ...common, size: 0 };
  }
}

/**
 * The entries of an uncompressed archive that can be read anywhere (a blob, or bytes by
 * `contentOf`): one pass over the headers, contents left where they are. In the archive's order,
 * duplicates included.
 */
export async function entriesOfTar(
  archive: Content,
  options: { readonly whiteouts?: WhiteoutNames; readonly limits?: Partial<TarLimits> } = {},
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const cursor = contentCursor(archive);
  for await (const { header, offset } of readEntries(cursor, {
    ...TAR_LIMITS,
    ...options.limits,
  })) {
    entries.push(entryFromTar(header, sliceOf(archive, offset, header.size), options.whiteouts));
  }
  return entries;
}
