import { ERRNO, errnoOf, FileError } from '../files/errno.ts';
import type { FileNode } from '../files/node.ts';
import type { NinepHandler } from '../emulator/port.ts';
import { getattr, readlink, setattr, statfs } from './attributes.ts';
import { Reader, Writer } from './codec.ts';
import { clunk, fsync, lcreate, lopen, read, readdir, write } from './content.ts';
import { link, mkdir, mknod, remove, rename, renameat, symlink, unlinkat } from './entries.ts';
import { getlock, lock } from './lock-operations.ts';
import { HEADER, NO_TAG, RLERROR, T } from './messages.ts';
import { LARGEST_MESSAGE, type Operation, type Request, Session } from './session.ts';
import { attach, version, walk } from './walk.ts';
import { xattrcreate, xattrwalk } from './xattr.ts';

export interface NinepOptions {
  /** The largest message, in bytes; what Linux can use when missing. */
  readonly msize?: number;
  /** Told of what is thrown and is no failure of a file: a bug, which the guest sees as EIO. */
  readonly onBug?: (error: unknown) => void;
  /** Aborted when the client is gone: what it has open is closed, what it has locked is free. */
  readonly closed?: AbortSignal;
}

/**
 * Serves a tree to one client that speaks 9P2000.L. Whatever the nodes answer at once is replied
 * before the handler returns; other requests go on meanwhile. Requests are the server's to keep.
 * Every request gets one reply at most, none after it was flushed; broken ones get EPROTO.
 */
export function ninepServer(root: FileNode, options: NinepOptions = {}): NinepHandler {
  const session = new Session(root, options.msize ?? LARGEST_MESSAGE);
  const pending = new Map<number, Pending>();

  function refuse(tag: number, error: unknown): Uint8Array {
    if (!(error instanceof FileError) && !isSystemError(error)) options.onBug?.(error);
    return errorReply(tag, errnoOf(error));
  }

  /** Answers what is still waited for; what comes of it later is dropped. */
  function abandon(tag: number): void {
    const waiting = pending.get(tag);
    if (!waiting) return;
    pending.delete(tag);
    waiting.request.abandoned = true;
    session.cancels.get(tag)?.();
    session.cancels.delete(tag);
    waiting.reply(errorReply(tag, ERRNO.EINTR));
  }

  function abandonAll(): void {
    for (const tag of [...pending.keys()]) abandon(tag);
  }

  options.closed?.addEventListener('abort', () => {
    abandonAll();
    session.reset();
  });

  function wait(request: Request, answer: Promise<Writer>, reply: Reply): void {
    const { tag } = request;
    const waiting = { request, reply };
    pending.set(tag, waiting);
    const done = (bytes: Uint8Array): void => {
      // Flushed, and perhaps the tag of another request by now.
      if (pending.get(tag) !== waiting) return;
      pending.delete(tag);
      reply(bytes);
    };
    answer.then(
      (writer) => {
        done(writer.finish());
      },
      (error: unknown) => {
        done(refuse(tag, error));
      },
    );
  }

  return (bytes, reply) => {
    const request = { tag: tagOf(bytes), abandoned: false };
    const { tag } = request;
    let answer: ReturnType<Operation>;
    try {
      const message = checked(bytes);
      const type = bytes[4] ?? 0;
      if (type === T.version) abandonAll();
      if (type === T.flush) {
        // The client may use the tag again once it has this answer, so the other goes first.
        abandon(message.u16());
        reply(new Writer(T.flush + 1, tag, 0).finish());
        return;
      }
      const operation = OPERATIONS[type];
      if (!operation) throw new FileError('EOPNOTSUPP');
      answer = operation(session, message, request);
    } catch (error) {
      reply(refuse(tag, error));
      return;
    }
    if (answer instanceof Promise) wait(request, answer, reply);
    else reply(answer.finish());
  };
}

type Reply = (response: Uint8Array) => void;

interface Pending {
  readonly request: Request;
  readonly reply: Reply;
}

function tagOf(request: Uint8Array): number {
  return request.length < HEADER ? NO_TAG : (request[5] ?? 0) | ((request[6] ?? 0) << 8);
}

/** A message as long as it says. */
function checked(request: Uint8Array): Reader {
  if (request.length < HEADER || new Reader(request, 0).u32() !== request.length) {
    throw new FileError('EPROTO');
  }
  return new Reader(request);
}

function errorReply(tag: number, errno: number): Uint8Array {
  return new Writer(RLERROR, tag, 4).u32(errno).finish();
}

/** An error of the host's own file system, which has a code. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && errnoOf(error) !== ERRNO.EIO;
}

const OPERATIONS: readonly (Operation | undefined)[] = tableOf([
  [T.version, version],
  [T.attach, attach],
  [T.walk, walk],
  [T.getattr, getattr],
  [T.setattr, setattr],
  [T.lopen, lopen],
  [T.lcreate, lcreate],
  [T.read, read],
  [T.write, write],
  [T.clunk, clunk],
  [T.readdir, readdir],
  [T.readlink, readlink],
  [T.symlink, symlink],
  [T.mknod, mknod],
  [T.mkdir, mkdir],
  [T.link, link],
  [T.rename, rename],
  [T.renameat, renameat],
  [T.unlinkat, unlinkat],
  [T.remove, remove],
  [T.fsync, fsync],
  [T.statfs, statfs],
  [T.lock, lock],
  [T.getlock, getlock],
  [T.xattrwalk, xattrwalk],
  [T.xattrcreate, xattrcreate],
]);

function tableOf(operations: readonly (readonly [number, Operation])[]): typeof OPERATIONS {
  const table = Array<Operation | undefined>(T.remove + 1).fill(undefined);
  for (const [type, operation] of operations) table[type] = operation;
  return table;
}
