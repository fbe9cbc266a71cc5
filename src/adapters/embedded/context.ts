import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { Folder } from '../../verify/folder.ts';

/** 2020-01-01: a folder in memory has no times, and zip files, so wheels, know none before 1980. */
const MTIME = 1_577_836_800;

/** A folder as the context of a build: everything belongs to root, as Docker sees a context. */
export function contextTree(folder: Folder): FileTree {
  const directories = new Set([...folder.keys()].flatMap(parentsOf));
  const shared = { uid: 0, gid: 0, mtime: MTIME };
  const entries: Entry[] = [...directories]
    .toSorted()
    .map((path) => ({ type: 'dir', path, mode: 0o755, size: 0, ...shared }));
  for (const [path, { bytes, executable }] of folder) {
    const content = contentOf(bytes);
    const mode = executable ? 0o755 : 0o644;
    entries.push({ type: 'file', path, mode, size: bytes.length, content, ...shared });
  }
  return emptyTree.apply(entries);
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
