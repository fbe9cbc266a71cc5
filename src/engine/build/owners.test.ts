import { describe, expect, test } from 'vitest';
import { treeOf } from '../../testing/build.ts';
import { symlink } from '../../testing/entries.ts';
import { resolveOwner, unknownNote } from './owners.ts';

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
    ['4294967294', 4_294_967_294, 4_294_967_294],
    ['', 0, 0],
    [':9', 0, 9],
    ['bob', 1234, 4321],
    ['bob:staff', 1234, 50],
    ['bob:9', 1234, 9],
    ['7:staff', 7, 50],
  ])('%s', async ([spec, uid, gid]) => {
    expect(await resolveOwner(spec, get)).toEqual({ owner: { uid, gid }, unknown: [] });
  });

  test('from files behind links, which cannot leave the image', async () => {
    const linked = treeOf({
      etc: symlink('etc', '../../usr/etc'),
      'usr/etc/passwd': 'eve:x:6:7::/:\n',
    });
    expect(await resolveOwner('eve', (path) => linked.get(path)?.entry)).toMatchObject({
      owner: { uid: 6, gid: 7 },
    });
  });

  test.for<readonly [string, number, number, readonly string[]]>([
    ['eve', 0, 0, ['user eve']],
    ['eve:9', 0, 9, ['user eve']],
    ['broken', 0, 0, ['user broken']],
    ['bob:eve', 1234, 4321, ['group eve']],
    ['5:eve', 5, 5, ['group eve']],
    ['a:b:c', 0, 0, ['user a', 'group b:c']],
    ['4294967295', 0, 0, ['user 4294967295']],
  ])('that is not there, as Docker takes it: %s', async ([spec, uid, gid, unknown]) => {
    const resolved = await resolveOwner(spec, get);
    expect(resolved).toEqual({ owner: { uid, gid }, unknown });
    expect(unknownNote(resolved)).toContain(`; the owner is ${uid}:${gid}\n`);
  });
});
