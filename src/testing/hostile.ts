import { env } from 'node:process';
import type { ByteStream } from '../engine/bytes.ts';
import { EngineError } from '../engine/errors.ts';

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
  const asked = Number.parseInt(env['SEMDISTRO_FUZZ_RUNS'] ?? '', 10);
  return Number.isNaN(asked) ? usual : asked;
}
