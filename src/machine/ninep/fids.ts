import { fail } from '../files/errno.ts';
import type { Later } from '../files/later.ts';
import type { FileNode, Listed, OpenFile, XattrMode } from '../files/node.ts';

/** A node with the way it was reached by, for `..` and for requests that name a file by its fid alone. */
export interface Place {
  readonly node: FileNode;
  /** The root is its own parent. */
  readonly parent: Place | undefined;
  readonly name: string;
}

/** What a client's number for a file stands for. */
export interface Fid {
  place: Place;
  /** Whoever attached: the owner of what is made through it. */
  readonly uid: number;
  state: FidState;
}

export type FidState =
  | { readonly kind: 'walked' }
  | { readonly kind: 'file'; readonly file: OpenFile; readonly write: boolean }
  /** Entries as they were when the reading began; cookies count them. */
  | { readonly kind: 'directory'; entries: readonly Listed[] | undefined }
  | { readonly kind: 'xattr-read'; readonly value: Uint8Array }
  | {
      readonly kind: 'xattr-write';
      readonly name: string;
      readonly value: Uint8Array;
      readonly mode: XattrMode;
      readonly removes: boolean;
      written: number;
    };

export const WALKED: FidState = { kind: 'walked' };

/** Fids hold nodes: a file without a name lives as long as a fid stands for it. */
export class Fids {
  readonly #fids = new Map<number, Fid>();

  get(number: number): Fid {
    return this.#fids.get(number) ?? fail('EBADF');
  }

  /** EBADF when the number is in use. */
  checkFree(number: number): void {
    if (this.#fids.has(number)) fail('EBADF');
  }

  set(number: number, fid: Fid): void {
    this.#fids.set(number, fid);
  }

  remove(number: number): Fid {
    const fid = this.get(number);
    this.#fids.delete(number);
    return fid;
  }

  /** Forgets all and closes what is open. */
  clear(): readonly Fid[] {
    const all = [...this.#fids.values()];
    this.#fids.clear();
    return all;
  }

  get size(): number {
    return this.#fids.size;
  }
}

/** Gives back what a fid holds open. */
export function closeFid(fid: Fid): Later<void> {
  const { state } = fid;
  fid.state = WALKED;
  return state.kind === 'file' ? state.file.close() : undefined;
}
