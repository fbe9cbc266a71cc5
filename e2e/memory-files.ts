import { collect } from '../src/engine/bytes.ts';
import type { HostFiles } from '../src/engine/docker/session.ts';
import { EngineError } from '../src/engine/errors.ts';
import { contentOf } from '../src/engine/layer/content.ts';
import type { Content } from '../src/engine/layer/entry.ts';
import type { FileTree } from '../src/engine/layer/tree.ts';

/** The files of somebody who has no disk: folders that were put there, and files that were written. */
export interface MemoryFiles extends HostFiles {
  putFolder(path: string, tree: FileTree): void;
}

export function memoryFiles(): MemoryFiles {
  const folders = new Map<string, FileTree>();
  const files = new Map<string, Content>();
  const node = (path: string) => {
    for (const [folder, tree] of folders) {
      if (path === folder) return tree.get('');
      if (!path.startsWith(`${folder}/`)) continue;
      const target = tree.resolve(path.slice(folder.length + 1));
      return target === undefined ? undefined : tree.get(target);
    }
    return undefined;
  };
  return {
    putFolder: (path, tree) => {
      folders.set(path, tree);
    },
    async open(path) {
      const written = files.get(path);
      if (written) return written;
      const found = node(path)?.entry;
      if (found?.type === 'dir') {
        throw new EngineError('is-a-directory', `read ${path}: is a directory`);
      }
      return found?.content;
    },
    async write(path, bytes) {
      files.set(path, contentOf(await collect(bytes)));
    },
    async kind(path) {
      if (files.has(path)) return 'file';
      const found = node(path);
      if (!found) return 'none';
      return found.entry.type === 'dir' ? 'dir' : 'file';
    },
    // All is in memory: there is nothing to save by pruning.
    async context(path) {
      const tree = folders.get(path);
      if (!tree) throw new EngineError('context-missing', `no folder ${path}`);
      return { tree };
    },
    async writeTree(path, tree) {
      folders.set(path, tree);
    },
  };
}
