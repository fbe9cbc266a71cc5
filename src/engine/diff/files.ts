import type { Content, Entry } from '../layer/entry.ts';
import type { FileTree } from '../layer/tree.ts';
import { digestOfStream } from '../oci/digest.ts';
import type { Platform } from '../platform.ts';
import type { FileChange, FileChanges, FileState } from './model.ts';

/**
 * Two root filesystems, path by path. Times do not count: a rebuild changes them all. Content is
 * read only where sizes agree and neither digest nor origin tells.
 */
export async function compareFiles(
  platform: Platform,
  from: FileTree,
  to: FileTree,
): Promise<FileChanges> {
  const added: FileChange[] = [];
  const removed: FileChange[] = [];
  const changed: FileChange[] = [];
  for (const { entry } of from.walk()) {
    const other = to.get(entry.path)?.entry;
    if (!other) {
      removed.push({ path: entry.path, from: state(entry), differs: [] });
      continue;
    }
    const differs = await differences(platform, entry, other);
    if (differs.length > 0) {
      changed.push({ path: entry.path, from: state(entry), to: state(other), differs });
    }
  }
  for (const { entry } of to.walk()) {
    if (!from.get(entry.path)) added.push({ path: entry.path, to: state(entry), differs: [] });
  }
  return { added, removed, changed };
}

function state(entry: Entry): FileState {
  const { type, mode, uid, gid, size, target } = entry;
  return { type, mode, uid, gid, size, ...(target !== undefined && { target }) };
}

async function differences(platform: Platform, a: Entry, b: Entry): Promise<FileChange['differs']> {
  if (a === b) return [];
  if (a.type !== b.type) return ['type'];
  const differs: FileChange['differs'][number][] = [];
  // A symlink has no mode of its own.
  if (a.type !== 'symlink' && a.mode !== b.mode) differs.push('mode');
  if (a.uid !== b.uid || a.gid !== b.gid) differs.push('owner');
  if (a.target !== b.target || device(a) !== device(b)) differs.push('target');
  if (attributes(a) !== attributes(b)) differs.push('xattrs');
  if (a.type === 'file' && !(await sameContent(platform, a, b))) differs.push('content');
  return differs;
}

function device(entry: Entry): string {
  return entry.device ? `${entry.device.major}:${entry.device.minor}` : '';
}

function attributes(entry: Entry): string {
  return Object.entries(entry.xattrs ?? {})
    .map(([name, value]) => `${name}=${value.join()}`)
    .sort()
    .join('\0');
}

async function sameContent(platform: Platform, a: Entry, b: Entry): Promise<boolean> {
  if (a.size !== b.size) return false;
  const [one, two] = [a.content, b.content];
  if (one === two || !one || !two) return true;
  return (await digest(platform, one)) === (await digest(platform, two));
}

async function digest(platform: Platform, content: Content): Promise<string> {
  return content.digest ?? digestOfStream(platform, content.stream());
}
