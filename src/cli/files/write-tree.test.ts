import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry, EntryType } from '../../engine/layer/entry.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { hostFiles } from '../host-files.ts';
import { asNobody, smallDisk, testFolder } from './testing.ts';

const { root, fresh } = testFolder('output');
afterAll(() => {
  // What was written with modes that forbid it must be removed, too.
  execFileSync('chmod', ['-R', 'u+rwx', root]);
  rmSync(root, { recursive: true, force: true });
});

/** `out` is written to; `outside` is beside it and must stay as it is. */
let base: string;
let out: string;
let outside: string;
beforeEach(() => {
  base = fresh();
  out = join(base, 'out');
  outside = join(base, 'outside');
  mkdirSync(out);
  mkdirSync(join(outside, 'dir'), { recursive: true });
  writeFileSync(join(outside, 'file'), 'precious');
});

const write = (tree: FileTree): Promise<void> => hostFiles(base).writeTree('out', tree);
const listing = (dir: string): string =>
  execFileSync('find', [dir, '-mindepth', '1', '-printf', '%P %y %m %s %l %n %Ts\\n'])
    .toString()
    .trimEnd()
    .split('\n')
    .sort()
    .join('\n');

function entry(type: EntryType, path: string, more: Partial<Entry> = {}): Entry {
  return { type, path, mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 1e9, ...more };
}
function file(path: string, text = path, more: Partial<Entry> = {}): Entry {
  const content = contentOf(utf8(text));
  return entry('file', path, { mode: 0o644, size: content.size, content, ...more });
}
const link = (path: string, target: string): Entry =>
  entry('symlink', path, { target, mode: 0o777 });

describe('a tree written to a folder', () => {
  it('is there with kinds, modes, times and links', async () => {
    const tree = emptyTree.apply([
      entry('dir', 'bin', { mode: 0o555 }),
      file('bin/tool', '#!', { mode: 0o4755 }),
      entry('hardlink', 'bin/twin', { target: 'bin/tool' }),
      entry('dir', 'tmp', { mode: 0o1777 }),
      link('tmp/up', '../../../outside/file'),
      link('absolute', '/etc/passwd'),
      link('dangling', 'nowhere'),
      file('empty', ''),
      file('large', 'x'.repeat(1_000_000)),
    ]);
    await write(tree);
    expect(listing(out)).toBe(
      [
        'absolute l 777 11 /etc/passwd 1 1000000000',
        'bin d 555 TWO  2 1000000000',
        'bin/tool f 4755 2  2 1000000000',
        'bin/twin f 4755 2  2 1000000000',
        'dangling l 777 7 nowhere 1 1000000000',
        'empty f 644 0  1 1000000000',
        'large f 644 1000000  1 1000000000',
        'tmp d 1777 ONE  2 1000000000',
        'tmp/up l 777 21 ../../../outside/file 1 1000000000',
      ]
        .join('\n')
        .replace('TWO', String(statSync(join(out, 'bin')).size))
        .replace('ONE', String(statSync(join(out, 'tmp')).size)),
    );
    expect(readFileSync(join(out, 'bin/twin'), 'utf8')).toBe('#!');
    expect(lstatSync(join(out, 'bin/tool')).uid).toBe(process.getuid?.());
  });

  it('is the same when it is written again over itself', async () => {
    const tree = emptyTree.apply([
      entry('dir', 'd', { mode: 0o700 }),
      file('d/one'),
      entry('hardlink', 'd/two', { target: 'd/one' }),
      link('l', 'd'),
    ]);
    await write(tree);
    const first = listing(out);
    await write(tree);
    expect(listing(out)).toBe(first);
    expect(first).toContain('d/two f 644 5  2');
  });

  it('makes the folder, and leaves what else is in it', async () => {
    writeFileSync(join(out, 'mine'), 'mine');
    await write(emptyTree.apply([file('theirs')]));
    await hostFiles(base).writeTree('new/er', emptyTree.apply([file('x')]));
    expect(readdirSync(out).sort()).toEqual(['mine', 'theirs']);
    expect(readdirSync(join(base, 'new/er'))).toEqual(['x']);
  });

  it('may have names that are not UTF-8', async () => {
    await write(emptyTree.apply([file('f\udcffo')]));
    expect(readdirSync(out, { encoding: 'buffer' })).toEqual([Buffer.from([0x66, 0xff, 0x6f])]);
  });

  it('may have modes that nobody can read', async () => {
    await write(
      emptyTree.apply([entry('dir', 'd', { mode: 0o000 }), file('d/f', 'x', { mode: 0 })]),
    );
    expect(statSync(join(out, 'd')).mode & 0o7777).toBe(0);
    chmodSync(join(out, 'd'), 0o700);
    expect(statSync(join(out, 'd/f')).mode & 0o7777).toBe(0);
  });
});

describe('nothing outside of the folder is written', () => {
  const untouched = (): void => {
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('precious');
    expect(readdirSync(outside).sort()).toEqual(['dir', 'file']);
    expect(readdirSync(join(outside, 'dir'))).toEqual([]);
    expect(readdirSync(base).sort()).toEqual(['out', 'outside']);
  };

  describe('through links that are there', () => {
    const tree = emptyTree.apply([
      entry('dir', 'a', { mode: 0o700 }),
      entry('dir', 'a/b', { mode: 0o711 }),
      file('a/b/file', 'new'),
      file('file', 'new'),
      link('link', 'somewhere'),
    ]);
    it.each<readonly [string, () => void]>([
      [
        'a directory is a link to one outside',
        () => {
          symlinkSync('../outside', join(out, 'a'));
        },
      ],
      [
        'by an absolute path',
        () => {
          symlinkSync(outside, join(out, 'a'));
        },
      ],
      [
        'an inner directory is one',
        () => {
          mkdirSync(join(out, 'a'));
          symlinkSync('../../outside/dir', join(out, 'a/b'));
        },
      ],
      [
        'a directory is a link to a file',
        () => {
          symlinkSync('../outside/file', join(out, 'a'));
        },
      ],
      [
        'a directory is a link to nowhere',
        () => {
          symlinkSync('../outside/new', join(out, 'a'));
        },
      ],
      [
        'a file is a link to one outside',
        () => {
          symlinkSync('../outside/file', join(out, 'file'));
        },
      ],
      [
        'a file is a hard link to one outside',
        () => {
          linkSync(join(outside, 'file'), join(out, 'file'));
        },
      ],
      [
        'a link is a link to a directory outside',
        () => {
          symlinkSync('../outside/dir', join(out, 'link'));
        },
      ],
    ])('%s', async (_, prepare) => {
      prepare();
      const before = statSync(join(outside, 'dir'));
      await write(tree);
      untouched();
      // Not even its mode and times.
      const after = statSync(join(outside, 'dir'));
      expect([after.mode, after.mtimeMs]).toEqual([before.mode, before.mtimeMs]);
      expect(lstatSync(join(out, 'a')).isDirectory()).toBe(true);
      expect(readFileSync(join(out, 'a/b/file'), 'utf8')).toBe('new');
      expect(readFileSync(join(out, 'file'), 'utf8')).toBe('new');
      expect(readlinkSync(join(out, 'link'))).toBe('somewhere');
    });
  });

  it('through links of the tree itself, laid over one another', async () => {
    const tree = emptyTree
      .apply([link('a', '../outside'), link('b', '../outside/file')])
      .apply([file('a/new', 'x'), file('b', 'y')]);
    await write(tree);
    untouched();
    expect(readFileSync(join(out, 'a/new'), 'utf8')).toBe('x');
    expect(lstatSync(join(out, 'b')).isFile()).toBe(true);
  });

  it('through a link that was written a moment before', async () => {
    await write(emptyTree.apply([link('a', '../outside'), link('file', '../outside/file')]));
    await write(emptyTree.apply([entry('dir', 'a'), file('a/new'), file('file', 'mine')]));
    untouched();
    expect(readFileSync(join(out, 'file'), 'utf8')).toBe('mine');
  });

  it.each<readonly [string, readonly Entry[]]>([
    ['up', [file('../new')]],
    ['up and down', [file('../outside/file')]],
    ['up from a directory', [entry('dir', 'a'), file('a/../../outside/file')]],
    ['an absolute path', [file('/tmp/new')]],
    ['an empty name', [file('a//b')]],
    ['a dot', [file('./a')]],
    ['NUL', [file('a\0b')]],
    ['a file below a link', [link('a', '../outside'), file('a/new')]],
    ['a directory below a link', [link('a', '../outside'), entry('dir', 'a/dir', { mode: 0o700 })]],
    [
      'a link in the place of its directory',
      [entry('dir', 'a'), link('a', '../outside'), file('a/file')],
    ],
    ['a file below nothing', [file('a/b')]],
  ])('by a tree that is none: %s', async (_, entries) => {
    const nodes = entries.map((item, inode) => ({ entry: item, inode }));
    const forged: FileTree = { ...emptyTree, walk: () => nodes };
    await expect(write(forged)).rejects.toMatchObject({ code: 'path-escape' });
    untouched();
    expect(existsSync('/tmp/new')).toBe(false);
  });
});

describe('a tree that cannot be written', () => {
  it.each<readonly [string, Partial<Entry>, string]>([
    ['char', { device: { major: 1, minor: 3 } }, 'a device cannot be exported to a folder'],
    ['block', { device: { major: 8, minor: 0 } }, 'a device cannot be exported to a folder'],
    ['fifo', {}, 'a named pipe cannot be exported to a folder'],
  ])('has a %s in it: nothing is written', async (type, more, why) => {
    const odd = entry(type as EntryType, 'dev/odd', more); // the table's first column holds nothing else
    await expect(write(emptyTree.apply([file('a'), odd]))).rejects.toMatchObject({
      code: 'output-unsupported',
      message: `cannot write dev/odd: ${why}`,
    });
    expect(readdirSync(out)).toEqual([]);
  });

  it('would replace a directory that is not empty', async () => {
    mkdirSync(join(out, 'd'));
    writeFileSync(join(out, 'd/mine'), 'mine');
    for (const over of [file('d'), link('d', 'x')]) {
      await expect(write(emptyTree.apply([over]))).rejects.toMatchObject({
        code: 'output-blocked',
        message: 'cannot write d: a directory that is not empty is in its place',
      });
    }
    expect(readFileSync(join(out, 'd/mine'), 'utf8')).toBe('mine');
    rmSync(join(out, 'd/mine'));
    await write(emptyTree.apply([file('d')]));
    expect(readFileSync(join(out, 'd'), 'utf8')).toBe('d');
  });

  it('has a file in the place of its folder', async () => {
    writeFileSync(join(base, 'blocked'), '');
    for (const path of ['blocked', 'blocked/below']) {
      await expect(hostFiles(base).writeTree(path, emptyTree)).rejects.toMatchObject({
        code: 'not-a-directory',
      });
    }
  });

  it.runIf(process.platform === 'linux')('goes where nobody can make a folder', async () => {
    await expect(hostFiles(base).writeTree('/proc/no', emptyTree)).rejects.toMatchObject({
      code: 'not-found',
      message: 'mkdir /proc/no: no such file or directory',
    });
  });

  it('has a name too long', async () => {
    await expect(write(emptyTree.apply([file('n'.repeat(300))]))).rejects.toMatchObject({
      code: 'name-too-long',
    });
    expect(readdirSync(out)).toEqual([]);
  });

  it('may not be written by this user', async () => {
    chmodSync(out, 0o555);
    await asNobody(() =>
      expect(write(emptyTree.apply([file('a')]))).rejects.toMatchObject({
        code: 'permission-denied',
        message: 'write a: permission denied',
      }),
    );
    chmodSync(out, 0o755);
  });

  it('does not fit on the disk: says so, and leaves no half file', async (context) => {
    const disk = smallDisk(out);
    if (!disk) {
      context.skip('needs the right to mount');
      return;
    }
    try {
      const tree = emptyTree.apply([file('a'), file('b', 'x'.repeat(2 << 20))]);
      await expect(write(tree)).rejects.toMatchObject({
        code: 'disk-full',
        message: 'write b: no space left on device',
      });
      expect(readdirSync(out)).toEqual(['a']);
    } finally {
      disk.unmount();
    }
  });
});
