import type { Entry } from '../layer/entry.ts';
import { parentPath } from '../layer/path.ts';
import type { ShadowedFile } from './model.ts';

/**
 * Files that a layer stores and a later layer of the same image replaces or removes: they are
 * downloaded and kept, and no process can see them. In the order they are hidden.
 */
export function shadowedFiles(layers: readonly (readonly Entry[])[]): readonly ShadowedFile[] {
  const visible = new Map<string, { readonly layer: number; readonly bytes: number }>();
  const hidden: ShadowedFile[] = [];
  // Directories that files were seen in, at any depth: below any other path there is nothing to look for.
  const directories = new Set<string>();

  const show = (path: string, layer: number, bytes: number): void => {
    visible.set(path, { layer, bytes });
    for (let at = path; at !== '';) {
      at = parentPath(at);
      if (directories.has(at)) break;
      directories.add(at);
    }
  };

  const hide = (path: string, by: number, how: ShadowedFile['how']): void => {
    const file = visible.get(path);
    // What a layer replaces of its own was never stored twice: the last entry of a tar wins.
    if (file && file.layer !== by) {
      hidden.push({ path, bytes: file.bytes, layer: file.layer, by, how });
      visible.delete(path);
    }
  };
  const hideBelow = (path: string, by: number, how: ShadowedFile['how']): void => {
    if (!directories.has(path)) return;
    const prefix = path === '' ? '' : `${path}/`;
    for (const below of [...visible.keys()]) if (below.startsWith(prefix)) hide(below, by, how);
  };

  for (const [index, entries] of layers.entries()) {
    // Whiteouts speak of the layers below, wherever they stand in the archive.
    for (const entry of entries) {
      if (entry.type === 'whiteout') hide(entry.path, index, 'removed');
      if (entry.type === 'whiteout' || entry.type === 'opaque') {
        hideBelow(entry.path, index, 'removed');
      }
    }
    for (const entry of entries) {
      if (entry.type === 'whiteout' || entry.type === 'opaque') continue;
      hide(entry.path, index, 'replaced');
      if (entry.type !== 'dir') hideBelow(entry.path, index, 'replaced');
      if (entry.type === 'file') show(entry.path, index, entry.size);
    }
  }
  return hidden;
}

/** Sum of their sizes, in bytes. */
export function wastedBytes(shadowed: readonly ShadowedFile[]): number {
  return shadowed.reduce((sum, file) => sum + file.bytes, 0);
}
