import { utf8 } from '../engine/bytes.ts';
import { contentOf } from '../engine/layer/content.ts';
import type { Entry } from '../engine/layer/entry.ts';

/** Entries for tests, in one line each. Owner 0:0, time 0, unless said. */
type Extra = Partial<Omit<Entry, 'type' | 'path' | 'size' | 'content'>>;

export function file(path: string, text: string | Uint8Array = '', extra: Extra = {}): Entry {
  const content = contentOf(typeof text === 'string' ? utf8(text) : text);
  const base = { mode: 0o644, uid: 0, gid: 0, mtime: 0 };
  return { type: 'file', path, size: content.size, content, ...base, ...extra };
}

export function dir(path: string, extra: Extra = {}): Entry {
  return { type: 'dir', path, mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0, ...extra };
}

export function symlink(path: string, target: string, extra: Extra = {}): Entry {
  return { ...dir(path, { mode: 0o777, ...extra }), type: 'symlink', target };
}

export function hardlink(path: string, target: string): Entry {
  return { ...dir(path, { mode: 0o644 }), type: 'hardlink', target };
}

export function whiteout(path: string): Entry {
  return { ...dir(path, { mode: 0 }), type: 'whiteout' };
}

export function opaque(path: string): Entry {
  return { ...dir(path, { mode: 0 }), type: 'opaque' };
}
