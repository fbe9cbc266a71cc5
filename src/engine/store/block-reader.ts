import type { ByteCache } from '../layer/byte-cache.ts';
import { concat } from '../bytes.ts';
import { rangeWithin } from './range.ts';

const BLOCK = 64 * 1024;
/** The longest run fetched at once: 4 MiB, the size of an eStargz chunk. */
const MAX_RUN = 64;

/**
 * Reads of any place and length, made of few fetches: whole blocks are fetched and kept in `cache`
 * under `key`, those wanted at the same moment together, neighbours in one fetch. `fetch` gives
 * exactly the bytes from `start` up to `end`, or throws; what failed is fetched again when it is next wanted.
 */
export function blockReader(from: {
  readonly size: number;
  readonly key: string;
  readonly cache: ByteCache;
  readonly fetch: (start: number, end: number) => Promise<Uint8Array>;
}): (offset: number, length: number) => Promise<Uint8Array> {
  const coming = new Map<number, Promise<Uint8Array>>();
  let wanted: Wanted[] = [];

  const flush = (): void => {
    const now = wanted.sort((a, b) => a.index - b.index);
    wanted = [];
    for (const run of runsOf(now)) void fetchRun(run);
  };
  const fetchRun = async (run: readonly Wanted[]): Promise<void> => {
    const first = run[0]?.index ?? 0;
    const start = first * BLOCK;
    try {
      const bytes = await from.fetch(start, Math.min(start + run.length * BLOCK, from.size));
      for (const { index, resolve } of run) {
        const at = (index - first) * BLOCK;
        // A copy: a view would keep the whole run in memory.
        const block = bytes.slice(at, at + BLOCK);
        from.cache.set(`${from.key} ${index}`, block);
        resolve(block);
      }
    } catch (error) {
      for (const { reject } of run) reject(error);
    } finally {
      for (const { index } of run) coming.delete(index);
    }
  };
  const block = (index: number): Promise<Uint8Array> => {
    const cached = from.cache.get(`${from.key} ${index}`);
    if (cached) return Promise.resolve(cached);
    const running = coming.get(index);
    if (running) return running;
    const promise = new Promise<Uint8Array>((resolve, reject) => {
      // Only once everybody who reads at this moment has said what.
      if (wanted.length === 0) queueMicrotask(flush);
      wanted.push({ index, resolve, reject });
    });
    coming.set(index, promise);
    return promise;
  };

  return async (offset, length) => {
    const { start, end } = rangeWithin(from.size, offset, length);
    if (start === end) return new Uint8Array(0);
    const first = Math.floor(start / BLOCK);
    const last = Math.floor((end - 1) / BLOCK);
    const blocks = await Promise.all(
      Array.from({ length: last - first + 1 }, (_, at) => block(first + at)),
    );
    return concat(blocks).slice(start - first * BLOCK, end - first * BLOCK);
  };
}

interface Wanted {
  readonly index: number;
  readonly resolve: (block: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

function runsOf(sorted: readonly Wanted[]): readonly (readonly Wanted[])[] {
  const runs: Wanted[][] = [];
  for (const item of sorted) {
    const run = runs.at(-1);
    if (run && run.length < MAX_RUN && run.at(-1)?.index === item.index - 1) run.push(item);
    else runs.push([item]);
  }
  return runs;
}
