import { collect } from '../src/engine/bytes.ts';
import { contentOf } from '../src/engine/layer/content.ts';
import type { Entry } from '../src/engine/layer/entry.ts';
import type { FileTree } from '../src/engine/layer/tree.ts';

/** A file of a build context (which has no xattrs) as a message can hold it: content in base64. */
export type WireEntry = Omit<Entry, 'content' | 'xattrs'> & { readonly content?: string };

/** A tree as messages. Of a file with several names the later ones are hard links to the first. */
export async function toWire(tree: FileTree): Promise<readonly WireEntry[]> {
  const first = new Map<number, string>();
  const entries: WireEntry[] = [];
  for (const { entry, inode } of tree.walk()) {
    const { content, ...rest } = entry;
    const target = first.get(inode);
    if (target === undefined) {
      first.set(inode, entry.path);
      const bytes = content && (await collect(content.stream()));
      entries.push({ ...rest, ...(bytes && { content: Buffer.from(bytes).toString('base64') }) });
    } else {
      entries.push({ ...rest, type: 'hardlink', size: 0, target });
    }
  }
  return entries;
}

export function fromWire({ content, ...rest }: WireEntry): Entry {
  if (content === undefined) return rest;
  return {
    ...rest,
    content: contentOf(Uint8Array.from(atob(content), (char) => char.charCodeAt(0))),
  };
}
