import { utf8 } from '../../engine/bytes.ts';
import { concat } from '../../engine/bytes.ts';
import { fail } from '../files/errno.ts';
import { type Later, andThen } from '../files/later.ts';
import type { FileNode } from '../files/node.ts';
import { Writer } from './codec.ts';
import type { Fid, FidState } from './fids.ts';
import { T, XATTR, XATTR_LIMIT } from './messages.ts';
import { checkWanted, type Operation } from './session.ts';

/** The only ones that are kept; access control lists are not. */
const NAMESPACES = /^(?:user|trusted|security)\../;
const NAME_LIMIT = 255;

/** Makes a fid to read an attribute by, or, with an empty name, the names of all. */
export const xattrwalk: Operation = (session, message, request) => {
  const from = session.fids.get(message.u32());
  const number = message.u32();
  const name = message.string();
  session.fids.checkFree(number);
  const found = name === '' ? listed(from.place.node) : valueOf(from.place.node, name);
  return andThen(found, (value) => {
    checkWanted(request);
    session.fids.checkFree(number);
    session.fids.set(number, {
      place: from.place,
      uid: from.uid,
      state: { kind: 'xattr-read', value },
    });
    return new Writer(T.xattrwalk + 1, request.tag, 8).u64(value.length);
  });
};

function listed(node: FileNode): Later<Uint8Array> {
  return andThen(node.xattrs(), (names) => {
    if (names.length === 0) return NOTHING;
    const list = concat(names.map((name) => utf8(`${name}\0`)));
    return list.length > XATTR_LIMIT ? fail('E2BIG') : list;
  });
}

const NOTHING = new Uint8Array(0);

function valueOf(node: FileNode, name: string): Later<Uint8Array> {
  if (!NAMESPACES.test(name)) fail('EOPNOTSUPP');
  return andThen(node.xattr(name), (value) => value ?? fail('ENODATA'));
}

/** The fid takes the value by Twrite from then on; Tclunk sets it. A size of 0 that is to replace removes. */
export const xattrcreate: Operation = (session, message, { tag }) => {
  const fid = session.fids.get(message.u32());
  const name = message.string();
  const size = message.u64();
  const flags = message.u32();
  if (fid.state.kind !== 'walked') fail('EBADF');
  if (!NAMESPACES.test(name)) fail('EOPNOTSUPP');
  if (name.length > NAME_LIMIT) fail('ERANGE');
  if (size > XATTR_LIMIT) fail('E2BIG');
  const replace = (flags & XATTR.replace) !== 0;
  fid.state = {
    kind: 'xattr-write',
    name,
    value: new Uint8Array(size),
    mode: (flags & XATTR.create) !== 0 ? 'create' : replace ? 'replace' : 'any',
    removes: size === 0 && replace,
    written: 0,
  };
  return new Writer(T.xattrcreate + 1, tag, 0);
};

export function commitXattr(
  { place }: Fid,
  state: Extract<FidState, { readonly kind: 'xattr-write' }>,
): Later<void> {
  if (state.written < state.value.length) fail('EINVAL');
  return place.node.setXattr(state.name, state.removes ? undefined : state.value, state.mode);
}
