import { describe, expect, test } from 'vitest';
import { treeOf } from '../../testing/build.ts';
import { symlink } from '../../testing/entries.ts';
import { resolveOwner } from './owners.ts';

const tree = treeOf({
  'etc/passwd': 'root:x:0:0::/:/bin/sh\n# no one\nbob:x:1234:4321::/:/bin/sh\nbroken\n',
  'etc/group': 'staff:x:50:\n',
});
const get = (path: string) => tree.get(path)?.entry;

describe('an owner', () => {
  test.for<readonly [string, number, number]>([
    ['0', 0, 0],
    ['7', 7, 7],
    ['7:8', 7, 8],
    ['4294967295', 4_294_967_295, 4_294_967_295],
    ['bob', 1234, 4321],
    ['bob:staff', 1234, 50],
    ['bob:9', 1234, 9],
    ['7:staff', 7, 50],
  ])('%s', async ([spec, uid, gid]) => {
    expect(await resolveOwner(spec, get)).toEqual({ uid, gid });
  });

  test('from files behind links, which cannot leave the image', async () => {
    const linked = treeOf({
      etc: symlink('etc', '../../usr/etc'),
      'usr/etc/passwd': 'eve:x:6:7::/:\n',
    });
    expect(await resolveOwner('eve', (path) => linked.get(path)?.entry)).toEqual({
      uid: 6,
      gid: 7,
    });
  });

  test.for<readonly [string, string, string]>([
    ['eve', 'user-unknown', 'unable to find user eve: no matching entries in passwd file'],
    ['broken', 'user-unknown', 'unable to find user broken: no matching entries in passwd file'],
    ['bob:eve', 'group-unknown', 'unable to find group eve: no matching entries in group file'],
    ['', 'user-invalid', 'invalid user specification ""'],
    ['a:b:c', 'user-invalid', 'invalid user specification "a:b:c"'],
  ])('refused: %s', async ([spec, code, message]) => {
    await expect(resolveOwner(spec, get)).rejects.toMatchObject({ code, message });
  });
});
