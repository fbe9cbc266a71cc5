import { fail } from '../files/errno.ts';
import { type Later, andThen } from '../files/later.ts';
import { type Attributes, FORMAT, PERMISSIONS, type Time } from '../files/node.ts';
import { type Reader, Writer } from './codec.ts';
import { GETATTR_BASIC, MAGIC, SET, T } from './messages.ts';
import type { Operation } from './session.ts';

const BLOCK_SIZE = 4096;

export const getattr: Operation = (session, message, { tag }) => {
  const node = session.node(message);
  return andThen(node.attributes(), (found) => {
    const answer = new Writer(T.getattr + 1, tag, 153).u64(GETATTR_BASIC).qid(node);
    answer.u32(found.mode).u32(found.uid).u32(found.gid).u64(found.nlink);
    answer.u64(deviceNumber(found)).u64(found.size).u64(BLOCK_SIZE).u64(found.blocks);
    for (const time of [found.atime, found.mtime, found.ctime, NEVER]) {
      answer.u64(time.seconds).u64(time.nanoseconds);
    }
    return answer.u64(0).u64(0);
  });
};

const NEVER: Time = { seconds: 0, nanoseconds: 0 };

/** As Linux encodes it for user space. */
function deviceNumber({ device }: Attributes): number {
  if (!device) return 0;
  const { major, minor } = device;
  return ((minor & 0xff) | ((major & 0xfff) << 8) | ((minor & 0xfff00) << 12)) >>> 0;
}

export const setattr: Operation = (session, message, { tag }) => {
  const node = session.node(message);
  const valid = message.u32();
  const [mode, uid, gid, size] = [message.u32(), message.u32(), message.u32(), message.u64()];
  const atime = readTime(message);
  const mtime = readTime(message);
  if (valid & SET.size && node.format === FORMAT.directory) fail('EISDIR');
  const done = node.change({
    ...(valid & SET.mode && { mode: mode & PERMISSIONS }),
    ...(valid & SET.uid && { uid }),
    ...(valid & SET.gid && { gid }),
    ...(valid & SET.size && { size }),
    ...(valid & SET.atime && { atime: valid & SET.atimeGiven ? atime : 'now' }),
    ...(valid & SET.mtime && { mtime: valid & SET.mtimeGiven ? mtime : 'now' }),
  });
  return andThen(done, () => new Writer(T.setattr + 1, tag, 0));
};

function readTime(message: Reader): Time {
  const seconds = message.i64();
  const nanoseconds = message.u64();
  return { seconds, nanoseconds: Math.min(nanoseconds, 999_999_999) };
}

export const readlink: Operation = (session, message, { tag }): Later<Writer> =>
  andThen(session.node(message).readLink(), (target) =>
    new Writer(T.readlink + 1, tag, 2 + target.length * 3).string(target),
  );

export const statfs: Operation = (session, message, { tag }) =>
  andThen(session.node(message).statfs(), ({ size, free, files }) => {
    const blocks = Math.floor(free / BLOCK_SIZE);
    const answer = new Writer(T.statfs + 1, tag, 60).u32(MAGIC).u32(BLOCK_SIZE);
    answer
      .u64(Math.floor(size / BLOCK_SIZE))
      .u64(blocks)
      .u64(blocks);
    // As many files as there is memory for: nobody counts them.
    return answer
      .u64(files + blocks)
      .u64(blocks)
      .u64(0)
      .u32(255);
  });
