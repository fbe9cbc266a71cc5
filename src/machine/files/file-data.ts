import type { Content } from '../../engine/layer/entry.ts';
import type { ContentCache } from './content-cache.ts';
import { fail } from './errno.ts';
import { type Later, andThen } from './later.ts';
import type { Space } from './space.ts';

/** Bytes of a block: what is copied of a file when a byte of it is changed. */
export const BLOCK = 64 * 1024;

/** The largest file there may be: what Linux on i386 can address in its page cache. */
export const LARGEST = 16 * 2 ** 40 - 1;

/** What all contents of a tree use. */
export interface DataContext {
  readonly cache: ContentCache;
  readonly space: Space;
}

/**
 * A file's bytes: blocks that were written, over a content that was there before (and is never
 * copied but where it is written), over zeros. `freeze` makes a copy that stays as it is: both
 * share their blocks, and a block is copied when it is next written.
 */
export class FileData {
  readonly #context: DataContext;
  readonly #blocks: Map<number, OwnBlock>;
  /** What was there before, and how much of it still is. */
  readonly #base: Content | undefined;
  #baseSize: number;
  readonly #path: string;
  #size: number;
  #written: number;

  constructor(
    context: DataContext,
    given: { readonly base?: Content | undefined; readonly path: string },
  ) {
    this.#context = context;
    this.#base = given.base;
    this.#path = given.path;
    this.#baseSize = given.base?.size ?? 0;
    this.#size = this.#baseSize;
    this.#blocks = new Map();
    this.#written = 0;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes of memory that its own blocks take. */
  get written(): number {
    return this.#written;
  }

  /** Bytes that were written, those from below that share a block with them included. */
  ownSize(): number {
    let sum = 0;
    for (const { used } of this.#blocks.values()) sum += used;
    return sum;
  }

  /** What was there before it was written to. */
  get base(): Content | undefined {
    return this.#base;
  }

  /** Bytes that are no holes. */
  get allocated(): number {
    return this.#written + this.#baseSize;
  }

  /** Whether it is what was there before, and nothing else. */
  isBase(): boolean {
    const { size } = this.#base ?? { size: 0 };
    return this.#blocks.size === 0 && this.#size === size && this.#baseSize === size;
  }

  /** Fills `into`; how many bytes there were. */
  read(offset: number, into: Uint8Array): Later<number> {
    const length = Math.min(into.length, this.#size - offset);
    if (length <= 0) return 0;
    const end = offset + length;
    let waiting: Promise<void>[] | undefined;
    for (let at = offset; at < end;) {
      const index = Math.floor(at / BLOCK);
      const block = this.#blocks.get(index);
      if (block) {
        const to = Math.min((index + 1) * BLOCK, end);
        this.#copy(block, at - index * BLOCK, into.subarray(at - offset, to - offset));
        at = to;
        continue;
      }
      // As far as nothing was written: from below in one read, then zeros.
      let to = Math.min((index + 1) * BLOCK, end);
      while (to < end && !this.#blocks.has(to / BLOCK)) to = Math.min(to + BLOCK, end);
      const below = this.#readBase(at, into.subarray(at - offset, to - offset));
      if (below) (waiting ??= []).push(below);
      at = to;
    }
    return waiting ? Promise.all(waiting).then(() => length) : length;
  }

  #copy(block: OwnBlock, from: number, into: Uint8Array): void {
    const part = block.bytes.subarray(from, Math.min(from + into.length, block.used));
    into.set(part);
    if (part.length < into.length) into.fill(0, part.length);
  }

  #readBase(offset: number, into: Uint8Array): Promise<void> | undefined {
    const there = Math.max(Math.min(into.length, this.#baseSize - offset), 0);
    if (there < into.length) into.fill(0, there);
    if (there === 0 || !this.#base) return undefined;
    const done = this.#context.cache.read(this.#base, offset, into.subarray(0, there), this.#path);
    return done instanceof Promise ? done : undefined;
  }

  /** Copies the bytes in. Throws EFBIG and ENOSPC. */
  write(offset: number, bytes: Uint8Array): Later<void> {
    const end = offset + bytes.length;
    if (end > LARGEST) fail('EFBIG');
    if (bytes.length === 0) return;
    // Blocks of which only a part is overwritten begin as what is there.
    const first = Math.floor(offset / BLOCK);
    const last = Math.floor((end - 1) / BLOCK);
    const ready = this.#ready(first, offset, end);
    const both = last === first ? ready : andThen(ready, () => this.#ready(last, offset, end));
    return andThen(both, () => {
      this.#put(offset, bytes);
    });
  }

  #put(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    for (let at = offset; at < end;) {
      const index = Math.floor(at / BLOCK);
      const from = at - index * BLOCK;
      const to = Math.min(from + end - at, BLOCK);
      const block = this.#own(index, to);
      block.bytes.set(bytes.subarray(at - offset, at - offset + to - from), from);
      block.used = Math.max(block.used, to);
      at = index * BLOCK + to;
      if (at > this.#size) this.#size = at;
    }
  }

  /** Makes a block of the content below, unless the write covers all that is there of it. */
  #ready(index: number, offset: number, end: number): Later<void> {
    if (this.#blocks.has(index)) return;
    const start = index * BLOCK;
    const there = Math.min(this.#baseSize - start, BLOCK);
    if (there <= 0 || (offset <= start && end >= start + there)) return;
    const bytes = new Uint8Array(there);
    return andThen(this.#readBase(start, bytes), () => {
      // Another write may have come while this one waited.
      if (this.#blocks.has(index)) return;
      this.#context.space.take(bytes.length);
      this.#written += bytes.length;
      this.#blocks.set(index, { bytes, used: there, shared: false });
    });
  }

  /** A block to write to, with room for `length` bytes. */
  #own(index: number, length: number): OwnBlock {
    const old = this.#blocks.get(index);
    if (old && !old.shared && old.bytes.length >= length) return old;
    const used = old?.used ?? 0;
    // Files that grow are written again and again at their end.
    const wanted = used === 0 ? length : Math.min(Math.max(length, used * 2), BLOCK);
    const room = old && old.bytes.length >= length ? old.bytes.length : wanted;
    const more = room - (old?.bytes.length ?? 0);
    this.#context.space.take(more);
    this.#written += more;
    const bytes = new Uint8Array(room);
    if (old) bytes.set(old.bytes.subarray(0, used));
    const block = { bytes, used, shared: false };
    this.#blocks.set(index, block);
    return block;
  }

  /** Cuts or grows; what is grown by is zeros. */
  resize(size: number): Later<void> {
    if (size > LARGEST) fail('EFBIG');
    if (size < this.#size) this.#cut(size);
    this.#size = size;
  }

  #cut(size: number): void {
    this.#baseSize = Math.min(this.#baseSize, size);
    for (const [index, block] of this.#blocks) {
      const keep = size - index * BLOCK;
      if (keep <= 0) {
        this.#blocks.delete(index);
        this.#written -= block.bytes.length;
        this.#context.space.give(block.bytes.length);
      } else if (keep < block.used) {
        const owned = block.shared ? this.#own(index, block.bytes.length) : block;
        owned.bytes.fill(0, keep, owned.used);
        owned.used = keep;
      }
    }
  }

  /** What there is now, as it will stay. */
  freeze(): FileData {
    const { size } = this;
    const copy = new FileData(this.#context, { base: this.#base, path: this.#path });
    for (const [index, block] of this.#blocks) {
      block.shared = true;
      copy.#blocks.set(index, block);
    }
    copy.#baseSize = this.#baseSize;
    copy.#size = size;
    return copy;
  }

  /** The file is gone: its memory is not counted any more. */
  release(): void {
    this.#context.space.give(this.#written);
    this.#written = 0;
  }
}

interface OwnBlock {
  readonly bytes: Uint8Array;
  /** Bytes of it that have been written; zeros follow. */
  used: number;
  /** Whether a frozen copy has it too. */
  shared: boolean;
}
