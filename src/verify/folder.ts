/**
 * A learner's folder, read into memory: relative paths with `/`, in no order, folders themselves left
 * out. What is checked is this snapshot, whatever the learner saves meanwhile.
 */
export type Folder = ReadonlyMap<string, FolderFile>;

export interface FolderFile {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** `folder` with files written over it: a planted secret, a touched source. */
export function withFiles(
  folder: Folder,
  files: Readonly<Record<string, string | Uint8Array>>,
): Folder {
  const encoder = new TextEncoder();
  const changed = new Map(folder);
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? encoder.encode(content) : content;
    changed.set(path, { bytes, executable: folder.get(path)?.executable ?? false });
  }
  return changed;
}

/** A file's text; undefined when there is none. */
export function textOf(folder: Folder, path: string): string | undefined {
  const file = folder.get(path);
  return file && new TextDecoder().decode(file.bytes);
}

/** What lies in a subfolder, by paths relative to it; '' is the folder itself. */
export function subfolder(folder: Folder, path: string): Folder {
  const start = path.replace(/^\.?\/+|\/+$/g, '');
  if (start === '' || start === '.') return folder;
  const inside = [...folder].filter(([name]) => name.startsWith(`${start}/`));
  return new Map(inside.map(([name, file]) => [name.slice(start.length + 1), file]));
}
