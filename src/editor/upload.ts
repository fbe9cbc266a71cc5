import { join } from './file-tree-model.ts';

/** Bytes of one file; what is larger has no place in a build context of a lab. */
export const LARGEST_UPLOAD = 16 * 1024 * 1024;

export interface Upload {
  /** Relative to where it was dropped. */
  readonly path: string;
  readonly file: File;
}

/** Files and folders that were dropped, with their paths. Must be called before anything is awaited. */
export async function dropped(transfer: DataTransfer): Promise<readonly Upload[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry());
  const files = [...transfer.files];
  if (entries.every((entry) => entry === null)) return files.map((file) => asUpload(file));
  const found = await Promise.all(
    entries.map((entry) => (entry ? below(entry, '') : Promise.resolve([]))),
  );
  return found.flat();
}

export function asUpload(file: File): Upload {
  return { path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, file };
}

/** Marks an element while files are held over it; `folder` is that of the row they were dropped on. */
export function takeDrops(
  element: HTMLElement,
  take: (transfer: DataTransfer, folder: string) => void,
): void {
  const folderAt = (target: EventTarget | null): string => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-path]') : null;
    return row?.dataset['path'] ?? '';
  };
  element.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    element.classList.add('ed-dropping');
  });
  for (const end of ['dragleave', 'drop', 'dragend']) {
    element.addEventListener(end, () => {
      element.classList.remove('ed-dropping');
    });
  }
  element.addEventListener('drop', (event) => {
    if (!event.dataTransfer) return;
    event.preventDefault();
    take(event.dataTransfer, folderAt(event.target));
  });
}

async function below(entry: FileSystemEntry, folder: string): Promise<readonly Upload[]> {
  const path = join(folder, entry.name);
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    return [{ path, file }];
  }
  if (!isFolder(entry)) return [];
  const found: Upload[] = [];
  for (const inside of await children(entry)) found.push(...(await below(inside, path)));
  return found;
}

/** A reader gives them in portions, and an empty one at the end. */
async function children(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) return found;
    found.push(...portion);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
