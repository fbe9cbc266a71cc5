import { FileError } from '../files/errno.ts';
import { type Later, andThen } from '../files/later.ts';
import { type FileNode, FORMAT, type NewNode, PERMISSIONS } from '../files/node.ts';
import { type Reader, Writer } from './codec.ts';
import type { Fid } from './fids.ts';
import { AT_REMOVEDIR, QID_SIZE, T } from './messages.ts';
import { entryName, type Operation, type Session } from './session.ts';

/** The longest target a symlink can have (PATH_MAX, its NUL counted). */
const TARGET_LIMIT = 4095;

function make(
  directory: Fid,
  name: string,
  given: Pick<NewNode, 'format' | 'mode' | 'gid'> & Partial<NewNode>,
  answer: Writer,
): Later<Writer> {
  const mode = given.mode & PERMISSIONS;
  const made = directory.place.node.create(name, { ...given, mode, uid: directory.uid });
  return andThen(made, (node) => answer.qid(node));
}

function directoryAndName(session: Session, message: Reader): readonly [Fid, string] {
  const fid = session.fids.get(message.u32());
  return [fid, entryName(message)];
}

export const mkdir: Operation = (session, message, { tag }) => {
  const [directory, name] = directoryAndName(session, message);
  const [mode, gid] = [message.u32(), message.u32()];
  const answer = new Writer(T.mkdir + 1, tag, QID_SIZE);
  return make(directory, name, { format: FORMAT.directory, mode, gid }, answer);
};

export const symlink: Operation = (session, message, { tag }) => {
  const [directory, name] = directoryAndName(session, message);
  const target = message.string();
  if (target === '') throw new FileError('ENOENT');
  if (target.length > TARGET_LIMIT) throw new FileError('ENAMETOOLONG');
  const gid = message.u32();
  const answer = new Writer(T.symlink + 1, tag, QID_SIZE);
  return make(directory, name, { format: FORMAT.symlink, mode: 0o777, gid, target }, answer);
};

const NODES: ReadonlySet<number> = new Set([
  ...[FORMAT.file, FORMAT.character, FORMAT.block, FORMAT.fifo, FORMAT.socket],
]);

export const mknod: Operation = (session, message, { tag }) => {
  const [directory, name] = directoryAndName(session, message);
  const mode = message.u32();
  const device = { major: message.u32(), minor: message.u32() };
  const gid = message.u32();
  const format = mode & FORMAT.mask || FORMAT.file;
  if (!NODES.has(format)) throw new FileError('EINVAL');
  const answer = new Writer(T.mknod + 1, tag, QID_SIZE);
  const isDevice = format === FORMAT.character || format === FORMAT.block;
  return make(directory, name, { format, mode, gid, ...(isDevice && { device }) }, answer);
};

export const link: Operation = (session, message, { tag }) => {
  const directory = session.node(message);
  const node = session.node(message);
  const name = entryName(message);
  return andThen(directory.link(name, node), () => new Writer(T.link + 1, tag, 0));
};

export const renameat: Operation = (session, message, { tag }) => {
  const from = session.node(message);
  const name = entryName(message);
  const to = session.node(message);
  const newName = entryName(message);
  return andThen(from.rename(name, to, newName), () => new Writer(T.renameat + 1, tag, 0));
};

export const unlinkat: Operation = (session, message, { tag }) => {
  const directory = session.node(message);
  const name = entryName(message);
  const flags = message.u32();
  if (flags & ~AT_REMOVEDIR) throw new FileError('EINVAL');
  const done = directory.unlink(name, (flags & AT_REMOVEDIR) !== 0);
  return andThen(done, () => new Writer(T.unlinkat + 1, tag, 0));
};

/** The directory and name a fid was reached by, if they still lead to it. */
function placeOf({ place }: Fid): Later<{ readonly parent: FileNode; readonly name: string }> {
  const { node, parent, name } = place;
  if (!parent) throw new FileError('EBUSY');
  return andThen(parent.node.lookup(name), (found) => {
    if (found !== node) throw new FileError('ENOENT');
    return { parent: parent.node, name };
  });
}

export const rename: Operation = (session, message, { tag }) => {
  const fid = session.fids.get(message.u32());
  const to = session.fids.get(message.u32());
  const newName = entryName(message);
  const done = andThen(placeOf(fid), ({ parent, name }) =>
    parent.rename(name, to.place.node, newName),
  );
  return andThen(done, () => {
    fid.place = { node: fid.place.node, parent: to.place, name: newName };
    return new Writer(T.rename + 1, tag, 0);
  });
};

/** The fid is gone afterwards, also when the file could not be removed. */
export const remove: Operation = (session, message, { tag }) => {
  const fid = session.fids.remove(message.u32());
  const directory = fid.place.node.format === FORMAT.directory;
  const drop = (): Later<void> => session.drop(fid);
  let done: Later<void>;
  try {
    done = andThen(placeOf(fid), ({ parent, name }) => parent.unlink(name, directory));
  } catch (error) {
    return andThen(drop(), () => {
      throw error;
    });
  }
  const after = done instanceof Promise ? done.finally(drop) : drop();
  return andThen(after, () => new Writer(T.remove + 1, tag, 0));
};
