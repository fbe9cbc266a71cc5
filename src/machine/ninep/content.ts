import { fail } from '../files/errno.ts';
import { type Later, andThen } from '../files/later.ts';
import { type FileNode, FORMAT, type Listed, PERMISSIONS } from '../files/node.ts';
import { stringSize, Writer } from './codec.ts';
import { type Fid, type FidState, WALKED } from './fids.ts';
import { HEADER, IO_HEADER, OPEN, QID_SIZE, T } from './messages.ts';
import { entryName, type Operation, type Request } from './session.ts';
import { commitXattr } from './xattr.ts';

const DIRECTORY = (): FidState => ({ kind: 'directory', entries: undefined });

export const lopen: Operation = (session, message, request) => {
  const fid = session.fids.get(message.u32());
  const flags = message.u32();
  if (fid.state.kind !== 'walked') fail('EBADF');
  const answer = (): Writer =>
    new Writer(T.lopen + 1, request.tag, QID_SIZE + 4).qid(fid.place.node).u32(0);
  const { node } = fid.place;
  const write = (flags & OPEN.accessMode) !== 0;
  const truncate = (flags & OPEN.truncate) !== 0;
  if (node.format === FORMAT.directory) {
    if (write || truncate) fail('EISDIR');
    fid.state = DIRECTORY();
    return answer();
  }
  const opened = node.open({ write, truncate });
  return andThen(opened, (file) => become(request, fid, { kind: 'file', file, write }, answer));
};

function become(
  request: Request,
  fid: Fid,
  state: Extract<FidState, { readonly kind: 'file' }>,
  answer: () => Writer,
): Later<Writer> {
  // Flushed, or opened twice at once by a confused client.
  if (request.abandoned || fid.state.kind !== 'walked') {
    return andThen(state.file.close(), () => fail(request.abandoned ? 'EINTR' : 'EBADF'));
  }
  fid.state = state;
  return answer();
}

/** Makes a file and opens it: the fid, a directory's, stands for the file from then on. */
export const lcreate: Operation = (session, message, request) => {
  const fid = session.fids.get(message.u32());
  const name = entryName(message);
  const flags = message.u32();
  const mode = message.u32() & PERMISSIONS;
  const gid = message.u32();
  if (fid.state.kind !== 'walked') fail('EBADF');
  const { place } = fid;
  const exclusive = (flags & OPEN.exclusive) !== 0;
  const existing = exclusive ? undefined : place.node.lookup(name);
  const made = andThen(existing, (old) => {
    if (!old) return place.node.create(name, { format: FORMAT.file, mode, uid: fid.uid, gid });
    return old.format === FORMAT.directory ? fail('EISDIR') : old;
  });
  return andThen(made, (node) => {
    const write = (flags & OPEN.accessMode) !== 0;
    const truncate = (flags & OPEN.truncate) !== 0;
    return andThen(node.open({ write, truncate }), (file) =>
      become(request, fid, { kind: 'file', file, write }, () => {
        fid.place = { node, parent: place, name };
        return new Writer(T.lcreate + 1, request.tag, QID_SIZE + 4).qid(node).u32(0);
      }),
    );
  });
};

export const read: Operation = (session, message, { tag }) => {
  const { state } = session.fids.get(message.u32());
  const offset = message.u64();
  const count = Math.min(message.u32(), session.msize - IO_HEADER);
  if (state.kind === 'xattr-read') {
    const part = state.value.subarray(offset, offset + count);
    return new Writer(T.read + 1, tag, 4 + part.length).u32(part.length).data(part);
  }
  if (state.kind !== 'file') fail(state.kind === 'directory' ? 'EISDIR' : 'EBADF');
  const answer = new Writer(T.read + 1, tag, 4 + count).u32(0);
  return andThen(state.file.read(offset, answer.reserve(count)), (length) =>
    answer.patch(HEADER, length).cut(HEADER + 4 + length),
  );
};

export const write: Operation = (session, message, { tag }) => {
  const { state } = session.fids.get(message.u32());
  const offset = message.u64();
  const count = message.u32();
  const bytes = message.data(count);
  const answer = (written: number): Writer => new Writer(T.write + 1, tag, 4).u32(written);
  if (state.kind === 'xattr-write') {
    if (offset !== state.written || offset + count > state.value.length) fail('EINVAL');
    state.value.set(bytes, offset);
    state.written += count;
    return answer(count);
  }
  if (state.kind !== 'file' || !state.write) fail('EBADF');
  return andThen(state.file.write(offset, bytes), answer);
};

export const fsync: Operation = (session, message, { tag }) => {
  const { state } = session.fids.get(message.u32());
  const done = state.kind === 'file' ? state.file.sync() : undefined;
  return andThen(done, () => new Writer(T.fsync + 1, tag, 0));
};

export const clunk: Operation = (session, message, { tag }) => {
  const fid = session.fids.remove(message.u32());
  const done = fid.state.kind === 'xattr-write' ? commitXattr(fid, fid.state) : session.drop(fid);
  fid.state = WALKED;
  return andThen(done, () => new Writer(T.clunk + 1, tag, 0));
};

/** Cookies: 1 is behind '.', 2 behind '..', n + 2 behind the n-th entry. */
export const readdir: Operation = (session, message, { tag }) => {
  const fid = session.fids.get(message.u32());
  const cookie = message.u64();
  const count = Math.min(message.u32(), session.msize - IO_HEADER);
  const { state } = fid;
  if (state.kind !== 'directory') fail('ENOTDIR');
  const known = cookie === 0 ? undefined : state.entries;
  return andThen(known ?? fid.place.node.list(), (entries) => {
    state.entries = entries;
    return listing(fid, cookie, new Writer(T.readdir + 1, tag, 4 + count).u32(0));
  });
};

function listing({ place, state }: Fid, cookie: number, answer: Writer): Writer {
  const entries = (state.kind === 'directory' && state.entries) || [];
  const above = place.parent ?? place;
  const capacity = answer.bytes.length;
  for (let at = cookie; at < entries.length + 2; at++) {
    const entry = at < 2 ? dots(at === 0 ? place.node : above.node, at) : entries[at - 2];
    if (!entry) break;
    const { name, format } = entry;
    const size = QID_SIZE + 9 + (isShort(name) ? 2 + name.length : stringSize(name));
    if (answer.length + size > capacity) {
      // Nothing at all would mean the end.
      if (at === cookie) fail('EINVAL');
      break;
    }
    answer
      .qid(entry)
      .u64(at + 1)
      .u8(format >> 12)
      .string(name);
  }
  return answer.patch(HEADER, answer.length - HEADER - 4);
}

function dots(node: FileNode, at: number): Listed {
  return { name: at === 0 ? '.' : '..', id: node.id, format: node.format };
}

const ASCII = /^[\0-\x7f]*$/;

function isShort(name: string): boolean {
  return ASCII.test(name);
}
