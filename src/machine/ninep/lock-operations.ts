import { fail } from '../files/errno.ts';
import { type Reader, stringSize, Writer } from './codec.ts';
import { type LockRequest, locksOf } from './locks.ts';
import { LOCK, T } from './messages.ts';
import type { Operation, Session } from './session.ts';

/** A lock that must wait is answered when it is there: the client would only ask again, after 30 seconds. */
export const lock: Operation = (session, message, { tag }) => {
  const fid = session.fids.get(message.u32());
  const kind = kindOf(message);
  const flags = message.u32();
  const request = readRequest(session, message, { kind, by: fid }).request;
  const answer = (status: number): Writer => new Writer(T.lock + 1, tag, 1).u8(status);
  if (fid.state.kind !== 'file') fail('EBADF');
  const table = locksOf(fid.place.node);
  if (table.lock(request)) return answer(LOCK.status.success);
  if ((flags & LOCK.blocking) === 0) return answer(LOCK.status.blocked);
  return new Promise((resolve) => {
    const cancel = table.wait(request, () => {
      session.cancels.delete(tag);
      resolve(answer(LOCK.status.success));
    });
    session.cancels.set(tag, cancel);
  });
};

export const getlock: Operation = (session, message, { tag }) => {
  const fid = session.fids.get(message.u32());
  const asked = readRequest(session, message, { kind: kindOf(message), by: fid });
  const { client, process, request, start, length } = asked;
  const other = locksOf(fid.place.node).conflict(request);
  const answer = new Writer(T.getlock + 1, tag, 21 + 2 * stringSize(client) + 768);
  if (!other) {
    return answer.u8(LOCK.types.unlock).u64(start).u64(length).u32(process).string(client);
  }
  const end = other.end === Infinity ? 0 : other.end - other.start;
  const [, pid = '0', name = ''] = other.owner.split('\0');
  return answer.u8(other.kind).u64(other.start).u64(end).u32(Number(pid)).string(name);
};

function kindOf(message: Reader): number {
  const kind = message.u8();
  return kind <= LOCK.types.unlock ? kind : fail('EINVAL');
}

let sessions = 0;
const numbers = new WeakMap<Session, number>();

function numberOf(session: Session): number {
  let number = numbers.get(session);
  if (number === undefined) {
    number = sessions += 1;
    numbers.set(session, number);
  }
  return number;
}

function readRequest(
  session: Session,
  message: Reader,
  { kind, by }: Pick<LockRequest, 'kind' | 'by'>,
): {
  readonly request: LockRequest;
  readonly start: number;
  readonly length: number;
  readonly process: number;
  readonly client: string;
} {
  const [start, length, process] = [message.u64(), message.u64(), message.u32()];
  const client = message.string().slice(0, 256);
  const end = length === 0 ? Infinity : start + length;
  const owner = `${numberOf(session)}\0${process}\0${client}`;
  return { request: { owner, kind, start, end, by }, start, length, process, client };
}
