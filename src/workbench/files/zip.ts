import { type Zippable, zipSync } from 'fflate';
import { type FileNode, FORMAT, PERMISSIONS } from '../../machine/files/node.ts';
import { bytesOf, now, walk } from './tree.ts';

/** The host system that modes and links are of: UNIX. */
const UNIX = 3;
/** The first day that a zip file knows. */
const EARLIEST = Date.UTC(1980, 0, 2);

/** All files and folders, with modes, times and links. */
export function zipOf(root: FileNode): Uint8Array {
  const files: Zippable = {};
  for (const { path, node } of walk(root)) {
    const { format } = node;
    const { mode, mtime } = now(node.attributes());
    const about = {
      os: UNIX,
      attrs: (format | (mode & PERMISSIONS)) << 16,
      mtime: Math.max(mtime.seconds * 1000, EARLIEST),
    };
    if (format === FORMAT.directory) files[`${path}/`] = [new Uint8Array(0), about];
    if (format === FORMAT.file) files[path] = [bytesOf(node), about];
    if (format === FORMAT.symlink) {
      files[path] = [new TextEncoder().encode(now(node.readLink())), about];
    }
  }
  return zipSync(files, { level: 6 });
}
