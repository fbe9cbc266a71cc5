import { describe, expect, test } from 'vitest';
import { treeOf } from '../../testing/build.ts';
import { resolveUser } from './user.ts';

const tree = treeOf({
  'etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\n\n# nobody\napp:x:1000:1001:App:/home/app:/bin/sh\napp2:x:1000:5::/x:\nodd:x:7:8:\n',
  'etc/group': 'root:x:0:\nwheel:x:10:root,app\nstaff:x:50:\nvideo:x:44:app\n',
});

describe('a user of the image', () => {
  test.for([
    ['', { uid: 0, gid: 0, groups: [0, 10], home: '/root' }],
    ['0', { uid: 0, gid: 0, groups: [0, 10], home: '/root' }],
    ['app', { uid: 1000, gid: 1001, groups: [1001, 10, 44], home: '/home/app' }],
    // The first line with the number is the user.
    ['1000', { uid: 1000, gid: 1001, groups: [1001, 10, 44], home: '/home/app' }],
    // A group that is named takes the place of all others.
    ['app:staff', { uid: 1000, gid: 50, groups: [50], home: '/home/app' }],
    ['app:7', { uid: 1000, gid: 7, groups: [7], home: '/home/app' }],
    [':staff', { uid: 0, gid: 50, groups: [50], home: '/root' }],
    ['0:0', { uid: 0, gid: 0, groups: [0], home: '/root' }],
    // A number that nobody has is in group 0, not in one of the same number.
    ['65532', { uid: 65532, gid: 0, groups: [0], home: '/' }],
    ['65532:65532', { uid: 65532, gid: 65532, groups: [65532], home: '/' }],
    ['odd', { uid: 7, gid: 8, groups: [8], home: '/' }],
  ] as const)('%s', async ([spec, user]) => {
    expect(await resolveUser(tree, spec)).toEqual(user);
  });
});

test('groups are added by name and by number', async () => {
  expect((await resolveUser(tree, 'app', ['staff', '99', '10'])).groups).toEqual([
    1001, 10, 44, 50, 99,
  ]);
});

test('numbers need no files', async () => {
  expect(await resolveUser(treeOf({}), '5:6')).toMatchObject({ uid: 5, gid: 6 });
  expect(await resolveUser(treeOf({}), '')).toMatchObject({ uid: 0, gid: 0, home: '/' });
});

describe('what nobody has', () => {
  test.for([
    ['web', 'user-unknown', 'unable to find user web: no matching entries in passwd file'],
    ['app:web', 'group-unknown', 'unable to find group web: no matching entries in group file'],
    ['4294967295', 'user-unknown', 'uids and gids must be in range 0-2147483647'],
    ['-1', 'user-unknown', 'uids and gids must be in range 0-2147483647'],
  ] as const)('%s', async ([spec, code, message]) => {
    await expect(resolveUser(tree, spec)).rejects.toMatchObject({ code, message, exitCode: 125 });
  });
});
