import { type ByteStream, utf8 } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import { contentOf } from './content.ts';
import type { Entry } from './entry.ts';

/** Entries for tests, in few words: 644 and 755, owned by 0:0, time 0, unless said otherwise. */
type More = Partial<Omit<Entry, 'type' | 'path'>>;

const metadata = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 };

export function file(path: string, content: string | Uint8Array = '', more: More = {}): Entry {
  const bytes = typeof content === 'string' ? utf8(content) : content;
  return {
    type: 'file',
    path,
    ...metadata,
    size: bytes.length,
    content: contentOf(bytes),
    ...more,
  };
}

export function dir(path: string, more: More = {}): Entry {
  return { type: 'dir', path, ...metadata, mode: 0o755, ...more };
}

export function symlink(path: string, target: string, more: More = {}): Entry {
  return { type: 'symlink', path, ...metadata, mode: 0o777, target, ...more };
}

export function hardlink(path: string, target: string, more: More = {}): Entry {
  return { type: 'hardlink', path, ...metadata, target, ...more };
}

export function whiteout(path: string): Entry {
  return { type: 'whiteout', path, ...metadata };
}

export function opaque(path: string): Entry {
  return { type: 'opaque', path, ...metadata };
}

/** Cuts bytes into chunks of the sizes given, over and over. */
export async function* inChunks(bytes: Uint8Array, ...sizes: readonly number[]): ByteStream {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(sizes[i % sizes.length] ?? 1, 1);
    yield bytes.slice(at, at + size);
    at += size;
  }
}

/** The code of the EngineError that something fails with; whatever else it throws is passed on. */
export async function codeOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (error instanceof EngineError) return error.code;
    throw error;
  }
  return 'no error';
}

/** Runs of a property that tries to break a parser; `SEMDISTRO_FUZZ_RUNS` asks for more. */
export function fuzzRuns(usual: number): number {
  const asked = Number.parseInt(process.env['SEMDISTRO_FUZZ_RUNS'] ?? '', 10);
  return Number.isNaN(asked) ? usual : asked;
}
