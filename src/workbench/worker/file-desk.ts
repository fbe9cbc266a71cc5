import { utf8 } from '../../engine/bytes.ts';
import { type FileNode, FORMAT } from '../../machine/files/node.ts';
import { absoluteIn, placeOf, WORKSPACE } from '../../shell/paths.ts';
import { WorkbenchFailure } from '../failure.ts';
import type { Keeper } from '../files/keeper.ts';
import { namesOf } from '../files/paths.ts';
import { sharedWorkspace } from '../files/shared.ts';
import { bytesOf, find, now, walk } from '../files/tree.ts';
import type { Workspace } from '../files/workspace.ts';
import { zipOf } from '../files/zip.ts';
import type { WorkspaceFile, WorkspaceFiles } from '../port.ts';

/** The largest file that is shown as text, in bytes. */
const LARGEST_TEXT = 1024 * 1024;

/** The workspace for the page. What is changed is kept when a promise resolves: see `Keeper.flush`. */
export function fileDesk(workspace: Workspace, keeper: Pick<Keeper, 'flush'>): WorkspaceFiles {
  const links = sharedWorkspace(workspace);
  const { root } = workspace;
  /** Through links, as long as they stay in the workspace. */
  const followed = (path: string): FileNode | undefined => {
    const place = placeOf(links, absoluteIn(WORKSPACE, path));
    return place.kind === 'workspace' ? find(root, place.source) : undefined;
  };
  const kept = async (change: () => void): Promise<void> => {
    change();
    await keeper.flush();
  };
  return {
    list: async () => Array.from(walk(root), ({ path }) => about(path, followed(path))),
    async read(path) {
      namesOf(path);
      const there = find(root, path);
      if (!there) throw new WorkbenchFailure('file-missing', `there is no ${path}`);
      return whole(path, followed(path));
    },
    write: (path, content) =>
      kept(() => {
        workspace.write(path, typeof content === 'string' ? utf8(content) : content);
      }),
    makeFolder: (path) =>
      kept(() => {
        workspace.makeFolder(path);
      }),
    rename: (from, to) =>
      kept(() => {
        workspace.rename(from, to);
      }),
    remove: (path) =>
      kept(() => {
        workspace.remove(path);
      }),
    zip: async () => zipOf(root),
  };
}

function about(path: string, node: FileNode | undefined): Omit<WorkspaceFile, 'text'> {
  if (node?.format === FORMAT.directory) return { path, kind: 'dir', size: 0 };
  const size = node?.format === FORMAT.file ? now(node.attributes()).size : 0;
  return { path, kind: 'file', size };
}

function whole(path: string, node: FileNode | undefined): WorkspaceFile {
  const file = about(path, node);
  if (node?.format !== FORMAT.file || file.size > LARGEST_TEXT) return file;
  const text = textOf(bytesOf(node));
  return { ...file, ...(text !== undefined && { text }) };
}

/** Undefined for what is no text. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
