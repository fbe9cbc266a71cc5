import { fail } from '../files/errno.ts';
import { type Later, repeat, andThen } from '../files/later.ts';
import { FORMAT } from '../files/node.ts';
import { type Reader, Writer } from './codec.ts';
import { type Fid, type Place, WALKED } from './fids.ts';
import { QID_SIZE, T, VERSION, WALK_LIMIT } from './messages.ts';
import { checkWanted, type Operation, type Session, SMALLEST_MESSAGE } from './session.ts';

export const version: Operation = (session, message, { tag }) => {
  const msize = message.u32();
  const wanted = message.string();
  session.reset();
  if (msize < SMALLEST_MESSAGE) fail('EMSGSIZE');
  session.msize = Math.min(msize, session.largest);
  const spoken = wanted === VERSION || wanted.startsWith(`${VERSION}.`) ? VERSION : 'unknown';
  return new Writer(T.version + 1, tag, 32).u32(session.msize).string(spoken);
};

/** `aname` may name a directory below the root. */
export const attach: Operation = (session, message, request) => {
  const number = message.u32();
  message.u32();
  message.string();
  const path = message.string();
  const uid = ownerOf(message.u32());
  session.fids.checkFree(number);
  const root: Place = { node: session.root, parent: undefined, name: '' };
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return andThen(walkAll(root, names), (places) => {
    if (places.length < names.length) fail('ENOENT');
    const place = places.at(-1) ?? root;
    checkWanted(request);
    assign(session, number, { place, uid, state: WALKED });
    return new Writer(T.attach + 1, request.tag, QID_SIZE).qid(place.node);
  });
};

export const walk: Operation = (session, message, request) => {
  const number = message.u32();
  const from = session.fids.get(number);
  const target = message.u32();
  const names = readNames(message);
  if (target !== number) session.fids.checkFree(target);
  else if (from.state.kind !== 'walked') fail('EBADF');
  return andThen(walkAll(from.place, names), (places) => {
    checkWanted(request);
    const answer = new Writer(T.walk + 1, request.tag, 2 + places.length * QID_SIZE).u16(
      places.length,
    );
    for (const { node } of places) answer.qid(node);
    // Only a walk that reached its end makes a fid.
    if (places.length < names.length) return answer;
    const place = places.at(-1) ?? from.place;
    if (target === number) from.place = place;
    else assign(session, target, { place, uid: from.uid, state: WALKED });
    return answer;
  });
};

/** Who a client that acts for many (`access=any`) attaches as is nobody: then root owns what it makes. */
function ownerOf(uid: number): number {
  return uid >= 0xfffffffe ? 0 : uid;
}

function assign(session: Session, number: number, fid: Fid): void {
  // Others may have come while this one waited.
  session.fids.checkFree(number);
  session.fids.set(number, fid);
}

function readNames(message: Reader): readonly string[] {
  const count = message.u16();
  if (count > WALK_LIMIT) fail('EINVAL');
  return Array.from({ length: count }, () => message.string());
}

/** What lies behind some names; fewer than names when one of them, but not the first, is missing. */
function walkAll(from: Place, names: readonly string[]): Later<readonly Place[]> {
  const places: Place[] = [];
  const done = repeat(() => {
    const name = names[places.length];
    if (name === undefined) return false;
    return andThen(step(places.at(-1) ?? from, name), (next) => {
      if (next) places.push(next);
      return next !== undefined;
    });
  });
  return andThen(done, () => {
    if (places.length > 0 || names.length === 0) return places;
    return fail(from.node.format === FORMAT.directory ? 'ENOENT' : 'ENOTDIR');
  });
}

function step(place: Place, name: string): Later<Place | undefined> {
  const { node } = place;
  if (node.format !== FORMAT.directory) return undefined;
  if (name === '..') return place.parent ?? place;
  if (name === '.') return place;
  return andThen(node.lookup(name), (child) => child && { node: child, parent: place, name });
}
