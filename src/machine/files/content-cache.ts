import type { Content } from '../../engine/layer/entry.ts';
import { FileError } from './errno.ts';
import type { Later } from './later.ts';

/**
 * Bytes of layers' files that were read lately, shared by all trees of a machine. What is missing
 * is fetched in large ranges, ahead of a reader that goes on; several who want the same wait for
 * one fetch.
 */
export interface ContentCache {
  /**
   * Fills `into` from `offset`, all of which must lie within the content. Fails with EIO when the
   * content cannot be read; a later read tries again. `path` is for the message about it.
   */
  read(content: Content, offset: number, into: Uint8Array, path: string): Later<void>;
}

export interface ContentCacheOptions {
  /** Bytes kept in memory. */
  readonly budget?: number;
  /** Called once per file that cannot be read, again only after it could be. */
  readonly onTrouble?: (message: string) => void;
}

const BLOCK = 128 * 1024;
/** A file of up to this many bytes is fetched whole. */
const WHOLE = 512 * 1024;
const FIRST_WINDOW = 512 * 1024;
const LAST_WINDOW = 4 * 1024 * 1024;
const DEFAULT_BUDGET = 64 * 1024 * 1024;

export function contentCache(options: ContentCacheOptions = {}): ContentCache {
  const { budget = DEFAULT_BUDGET, onTrouble } = options;
  const files = new WeakMap<Content, Cached>();
  // A Set remembers the order of insertion: the first block is the one used longest ago.
  const recent = new Set<Block>();
  let held = 0;

  function use(block: Block): void {
    recent.delete(block);
    recent.add(block);
  }

  function keep(file: Cached, index: number, bytes: Uint8Array): void {
    const block = { file, index, bytes };
    file.blocks.set(index, block);
    recent.add(block);
    held += bytes.length;
    for (const oldest of recent) {
      if (held <= budget) return;
      recent.delete(oldest);
      oldest.file.blocks.delete(oldest.index);
      held -= oldest.bytes.length;
    }
  }

  function cachedOf(content: Content): Cached {
    let file = files.get(content);
    if (!file) {
      file = {
        content,
        blocks: new Map(),
        coming: new Map(),
        next: 0,
        window: 0,
        ahead: 0,
        troubled: false,
      };
      files.set(content, file);
    }
    return file;
  }

  /** Starts fetching what is missing of some blocks, in as few reads as there are gaps. */
  function fetch(file: Cached, first: number, last: number): void {
    for (let from = first; from <= last; from++) {
      if (file.blocks.has(from) || file.coming.has(from)) continue;
      let to = from;
      while (to < last && !file.blocks.has(to + 1) && !file.coming.has(to + 1)) to++;
      const run = load(file, from, to);
      for (let index = from; index <= to; index++) file.coming.set(index, run);
      from = to;
    }
  }

  async function load(file: Cached, from: number, to: number): Promise<readonly Uint8Array[]> {
    const start = from * BLOCK;
    const length = Math.min((to + 1) * BLOCK, file.content.size) - start;
    try {
      const bytes = await file.content.read(start, length);
      if (bytes.length !== length) throw new Error(`it ends at byte ${start + bytes.length}`);
      const blocks: Uint8Array[] = [];
      for (let index = from; index <= to; index++) {
        const at = (index - from) * BLOCK;
        // Copies: a block that outlives its neighbours must not keep their bytes.
        const block = from === to ? bytes : bytes.slice(at, at + BLOCK);
        blocks.push(block);
        keep(file, index, block);
      }
      return blocks;
    } finally {
      for (let index = from; index <= to; index++) file.coming.delete(index);
    }
  }

  /**
   * How far to fetch for a read up to `end`: only what is asked for, unless the reader goes on from
   * its last read. Then it is given a window, moved when half of it is used up.
   */
  function lookAhead(file: Cached, offset: number, end: number): number {
    const { size } = file.content;
    const goesOn = offset === file.next;
    file.next = end;
    if (!goesOn) {
      file.window = 0;
      file.ahead = 0;
      return end;
    }
    if (file.ahead - end > file.window / 2) return end;
    file.window = Math.min(Math.max(file.window * 2, FIRST_WINDOW), LAST_WINDOW);
    file.ahead = Math.min(end + file.window, size);
    return file.ahead;
  }

  function trouble(file: Cached, path: string, cause: unknown): never {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (!file.troubled) onTrouble?.(`cannot read /${path}: ${why}`);
    file.troubled = true;
    throw new FileError('EIO', why);
  }

  return {
    read(content, offset, into, path) {
      if (into.length === 0) return;
      const file = cachedOf(content);
      const end = offset + into.length;
      const first = Math.floor(offset / BLOCK);
      const last = Math.floor((end - 1) / BLOCK);
      const whole = content.size <= WHOLE;
      const until = whole ? content.size : lookAhead(file, offset, end);
      const ahead = Math.floor((until - 1) / BLOCK);
      let waiting: Promise<void>[] | undefined;
      for (let index = first; index <= last; index++) {
        const block = file.blocks.get(index);
        if (block) {
          use(block);
          copy(block.bytes, index, offset, into);
          continue;
        }
        if (!file.coming.has(index)) fetch(file, whole ? 0 : index, ahead);
        const run = file.coming.get(index);
        if (!run) throw new Error('a block that was asked for is not coming');
        waiting ??= [];
        waiting.push(
          arrived(run, file, index).then((bytes) => {
            copy(bytes, index, offset, into);
          }),
        );
      }
      // What the reader will want next, so that it finds it here.
      if (ahead > last) fetch(file, last + 1, ahead);
      for (const run of file.coming.values()) run.catch(() => undefined);
      if (!waiting) return;
      return Promise.all(waiting).then(
        () => {
          file.troubled = false;
        },
        (cause: unknown) => trouble(file, path, cause),
      );
    },
  };

  async function arrived(
    run: Promise<readonly Uint8Array[]>,
    file: Cached,
    index: number,
  ): Promise<Uint8Array> {
    const first = firstOf(file, run, index);
    const bytes = (await run)[index - first];
    if (!bytes) throw new Error('a fetch brought fewer blocks than it was for');
    return bytes;
  }
}

interface Cached {
  readonly content: Content;
  readonly blocks: Map<number, Block>;
  /** Blocks under way, each with the fetch (of a run of blocks) that brings it. */
  readonly coming: Map<number, Promise<readonly Uint8Array[]>>;
  /** Where the last read ended. */
  next: number;
  /** How much further than that is fetched, and how far it was. */
  window: number;
  ahead: number;
  troubled: boolean;
}

interface Block {
  readonly file: Cached;
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** The first block of the run that `index` belongs to. */
function firstOf(file: Cached, run: Promise<readonly Uint8Array[]>, index: number): number {
  let first = index;
  while (file.coming.get(first - 1) === run) first -= 1;
  return first;
}

/** Copies of block `index` what lies in the range that starts at `offset` and is as long as `into`. */
function copy(bytes: Uint8Array, index: number, offset: number, into: Uint8Array): void {
  const start = index * BLOCK;
  const from = Math.max(offset - start, 0);
  const to = Math.min(offset + into.length - start, bytes.length);
  into.set(bytes.subarray(from, to), start + from - offset);
}
