import { encodeName } from '../bytes.ts';
import { EngineError } from '../errors.ts';

/**
 * A name from an archive as a path in the sense of `Entry`: relative to the root, `.` and double
 * slashes gone, `a/../b` resolved; the root is ''. Throws EngineError `path-escape` when `..`
 * leads out of the root (also behind a leading slash) and when the name contains NUL.
 */
export function cleanPath(name: string): string {
  // The usual name is clean already, or but for a slash at its end.
  if (SIMPLE.test(name)) return name;
  if (name.includes('\0')) throw escape(name, 'contains NUL');
  const kept: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.pop() === undefined) throw escape(name, 'is outside of the root');
  }
  return kept.join('/');
}

// No component that is empty or begins with a dot, and no NUL.
const SIMPLE = /^[^./\0][^/\0]*(?:\/[^./\0][^/\0]*)*$/;

function escape(name: string, why: string): EngineError {
  return new EngineError(
    'path-escape',
    `invalid path ${JSON.stringify(name.slice(0, 200))}: ${why}`,
  );
}

/** As a process chrooted at the root would go: `..` stops there, so nothing is refused but NUL (`path-escape`). */
export function rootedPath(name: string): string {
  if (name.includes('\0')) throw escape(name, 'contains NUL');
  const kept: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return kept.join('/');
}

/** Joins two clean paths; either may be the root, ''. */
export function joinPath(parent: string, child: string): string {
  if (parent === '') return child;
  return child === '' ? parent : `${parent}/${child}`;
}

/** The directory a path is in; '' for what lies in the root, and for the root itself. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** The last component; '' for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether `path` is `ancestor` or lies below it. */
export function isWithin(path: string, ancestor: string): boolean {
  return ancestor === '' || path === ancestor || path.startsWith(`${ancestor}/`);
}

/**
 * Order of names and whole paths: by bytes, a directory before what is in it and that before the
 * directory's next sibling.
 */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // UTF-16 order is byte order up to here; surrogates (also escaped bytes) are another matter.
    if (x >= SURROGATES || y >= SURROGATES) return compareBytes(encodeName(a), encodeName(b));
    return (x === SLASH ? 0 : x) - (y === SLASH ? 0 : y);
  }
  return a.length - b.length;
}

/** Names of one directory by bytes, as a new array. */
export function sortNames(names: Iterable<string>): readonly string[] {
  const sorted = [...names];
  // The built-in order is by UTF-16 unit, and far quicker.
  return sorted.some((name) => UNUSUAL.test(name)) ? sorted.sort(comparePaths) : sorted.sort();
}

const SLASH = 0x2f;
const SURROGATES = 0xd800;
const UNUSUAL = /[\ud800-\uffff]/;

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    if (x !== y) return (x === SLASH ? 0 : x) - (y === SLASH ? 0 : y);
  }
  return a.length - b.length;
}
