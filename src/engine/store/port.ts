import type { ByteStream } from '../bytes.ts';
import type { Digest } from '../oci/digest.ts';

/**
 * Port: where blobs and records live. Adapters: `memory.ts`, the CLI's folder, and (blobs, read
 * only) an OCI image layout behind HTTP range requests. `contract.ts` is the suite all must pass.
 */
export interface Store {
  readonly blobs: BlobStore;
  readonly records: Records;
  readonly holds: Holds;
}

/**
 * Names that a process holds while it lives: how others know, without waiting for anything to run
 * out, that the engine which said it runs a container is gone.
 */
export interface Holds {
  /**
   * Takes a name that nobody holds, here or in another process; undefined when somebody does. It is
   * free again after `release` and when the process ends, however it ends.
   */
  take(name: string): Promise<Held | undefined>;
  isTaken(name: string): Promise<boolean>;
}

export interface Held {
  release(): Promise<void>;
}

/** Errors: EngineError `blob-corrupt` when stored bytes do not hash to their name. */
export interface BlobReader {
  /** Undefined when there is no such blob. Opening reads nothing. */
  open(digest: Digest): Promise<Blob | undefined>;
}

/**
 * Bytes are checked against the digest before the first of them reaches the caller, once per
 * process and blob (a reader that can only fetch ranges checks whole streams as they end).
 */
export interface Blob {
  readonly digest: Digest;
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  stream(): ByteStream;
  /**
   * A reader of ranges, which may hold the digests of parts, found that it was given other bytes: nothing
   * of the blob is kept, so that the next read has it anew. Absent where all is checked.
   */
  forget?(): void;
}

export interface BlobStore extends BlobReader {
  /**
   * Stores bytes under their own digest. Nil effect when they are there already. When it resolves,
   * the blob survives a kill. Rejects with `blob-mismatch` (nothing stored) when the bytes do not
   * match `expected`, with `store-full` when there is no space.
   */
  put(
    bytes: ByteStream | Uint8Array,
    expected?: { readonly digest?: Digest; readonly size?: number },
  ): Promise<{ readonly digest: Digest; readonly size: number }>;
  /** Removing what is not there is not an error. */
  delete(digest: Digest): Promise<void>;
  list(): AsyncIterable<{ readonly digest: Digest; readonly size: number }>;
}

/** Small JSON documents by space and key, changed atomically, also between processes. */
export interface Records {
  get(space: RecordSpace, key: string): Promise<unknown>;
  /**
   * Replaces the record with what `change` makes of it (undefined: no record). `change` is pure and may be called more than
   * once. Resolves when the new record survives a kill.
   */
  update(space: RecordSpace, key: string, change: (old: unknown) => unknown): Promise<void>;
  keys(space: RecordSpace): AsyncIterable<string>;
}

/**
 * `images`, `containers`, `volumes`, `networks`: one record `index` each, so that names are given atomically.
 * `cache`: one per build-cache key. `leases`: who works in the store just now; these need to survive
 * a kill, but not a power cut, which ends everybody's work.
 */
export type RecordSpace = 'images' | 'cache' | 'containers' | 'volumes' | 'networks' | 'leases';
