import type { Content, Entry } from '../layer/entry.ts';
import type { FileTree } from '../layer/tree.ts';
import { limiter } from '../limiter.ts';
import { digestOfStream } from '../oci/digest.ts';
import type { Platform } from '../platform.ts';
import { joinPath } from '../layer/path.ts';
import type { Selected } from './select.ts';

/** Files read at the same time: enough to hide the wait for each, few enough to keep open. */
const AT_ONCE = 16;

/** Hashes contents once each, however often they are asked for. */
export type ContentDigests = (content: Content) => Promise<string>;

/** For one build: what it knows of contents is gone with it. */
export function contentDigests(platform: Platform): ContentDigests {
  const known = new WeakMap<Content, Promise<string>>();
  const limit = limiter(AT_ONCE);
  return (content) => {
    if (content.digest) return Promise.resolve(content.digest);
    const before = known.get(content);
    if (before) return before;
    const digest = limit(() => digestOfStream(platform, content.stream()));
    known.set(content, digest);
    return digest;
  };
}

/**
 * A line per entry of what COPY takes, with all that decides whether the result is the same: name,
 * type, mode, owner, content, link target, extended attributes. Not the time: a file that was only
 * touched is still the same, as for BuildKit.
 */
export async function describeSelected(
  tree: FileTree,
  selected: Selected,
  digests: ContentDigests,
): Promise<readonly unknown[]> {
  const entries: Entry[] = [selected.node.entry];
  const visit = (path: string): void => {
    for (const name of tree.list(path)) {
      const entry = tree.get(joinPath(path, name))?.entry;
      if (!entry || !selected.wants(entry)) continue;
      entries.push(entry);
      if (entry.type === 'dir') visit(entry.path);
    }
  };
  if (selected.node.entry.type === 'dir') visit(selected.node.entry.path);
  const lines = entries.map(async (entry) => [
    entry.path,
    entry.type,
    entry.mode,
    entry.uid,
    entry.gid,
    entry.target ?? '',
    entry.content ? await digests(entry.content) : '',
    entry.device ?? '',
    Object.entries(entry.xattrs ?? {}).map(([name, value]) => [name, [...value]]),
  ]);
  return [selected.name, ...(await Promise.all(lines))];
}
