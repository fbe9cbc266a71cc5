import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folder, FolderFile } from '../verify/folder.ts';

/** All files below a folder. */
export async function readFolder(directory: string): Promise<Folder> {
  const folder = new Map<string, FolderFile>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(directory.length + 1).replaceAll('\\', '/');
    const [bytes, { mode }] = await Promise.all([readFile(file), stat(file)]);
    folder.set(path, { bytes, executable: (mode & 0o100) !== 0 });
  }
  return new Map([...folder].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names of the folders in a folder, sorted. */
export async function folderNames(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
