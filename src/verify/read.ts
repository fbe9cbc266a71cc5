import { collect } from '../engine/bytes.ts';
import type { Content } from '../engine/layer/entry.ts';
import type { FileTree, Node } from '../engine/layer/tree.ts';

/** A text file of an image is no larger than this; more is not read. */
const LARGEST_TEXT = 16 * 1024 * 1024;

/** The regular file at a path, links followed. */
export function fileIn(tree: FileTree, path: string): Node | undefined {
  const at = tree.resolve(path);
  const node = at === undefined ? undefined : tree.get(at);
  return node?.entry.type === 'file' ? node : undefined;
}

/** A file's text, links followed; undefined when there is none or it is too large for a text. */
export async function textIn(tree: FileTree, path: string): Promise<string | undefined> {
  const content = fileIn(tree, path)?.entry.content;
  return content && (await textOfContent(content));
}

export async function textOfContent(content: Content): Promise<string | undefined> {
  if (content.size > LARGEST_TEXT) return undefined;
  return new TextDecoder().decode(await collect(content.stream(), LARGEST_TEXT));
}
