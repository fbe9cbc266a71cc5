import { FileError } from '../files/errno.ts';
import { type Later, andThen } from '../files/later.ts';
import type { FileNode } from '../files/node.ts';
import type { Reader, Writer } from './codec.ts';
import { closeFid, type Fid, Fids } from './fids.ts';
import { locksOf } from './locks.ts';

/** The largest message: what Linux can put in its virtqueue (125 pages). */
export const LARGEST_MESSAGE = 512_000;
/** Room for any answer that is not data, and a name. */
export const SMALLEST_MESSAGE = 4096;

/** One client's state. */
export class Session {
  readonly root: FileNode;
  readonly fids = new Fids();
  readonly largest: number;
  msize: number;
  /** How to give up what is being waited for, by tag. */
  readonly cancels = new Map<number, () => void>();

  constructor(root: FileNode, largest: number) {
    this.root = root;
    this.largest = largest;
    this.msize = largest;
  }

  /** The node of the fid that comes next in the message. */
  node(message: Reader): FileNode {
    return this.fids.get(message.u32()).place.node;
  }

  /** As after Tversion: nothing is open, nothing locked. */
  reset(): void {
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
    // Nobody is there any more to be told of a failure.
    for (const fid of this.fids.clear()) void attempt(() => this.drop(fid)).catch(() => undefined);
  }

  /** Closes and unlocks what a fid that is gone had. */
  drop(fid: Fid): Later<void> {
    if (fid.state.kind !== 'file') return closeFid(fid);
    return andThen(closeFid(fid), () => {
      locksOf(fid.place.node).release(fid);
    });
  }
}

async function attempt(task: () => Later<void>): Promise<void> {
  await task();
}

/** Answers one type of request. */
export type Operation = (session: Session, message: Reader, request: Request) => Later<Writer>;

export interface Request {
  readonly tag: number;
  /** It was flushed while it waited: the client takes it as never sent, so it may make no fid. */
  abandoned: boolean;
}

export function checkWanted(request: Request): void {
  if (request.abandoned) throw new FileError('EINTR');
}

/** A name that an entry may be given. Linux never sends another; a hostile client may. */
export function entryName(message: Reader): string {
  const name = message.string();
  if (name === '' || name === '.' || name === '..') throw new FileError('EINVAL');
  if (name.includes('/') || name.includes('\0')) throw new FileError('EINVAL');
  if (name.length > 85 && new TextEncoder().encode(name).length > 255) {
    throw new FileError('ENAMETOOLONG');
  }
  return name;
}
