import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type ByteStream, collect, once, utf8 } from '../engine/bytes.ts';
import { asNobody, smallDisk, testFolder } from './files/testing.ts';
import { hostFiles } from './host-files.ts';

const { root, fresh } = testFolder('files');
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let dir: string;
let files: ReturnType<typeof hostFiles>;
beforeEach(() => {
  dir = fresh();
  files = hostFiles(dir);
  mkdirSync(join(dir, 'sub'));
  writeFileSync(join(dir, 'sub/file'), 'text');
  symlinkSync('sub/file', join(dir, 'link'));
  symlinkSync('sub', join(dir, 'dirlink'));
  symlinkSync('nowhere', join(dir, 'dangling'));
});

describe('kind', () => {
  it.each([
    ['sub/file', 'file'],
    ['link', 'file'],
    ['sub', 'dir'],
    ['dirlink', 'dir'],
    ['.', 'dir'],
    ['missing', 'none'],
    ['dangling', 'none'],
    ['sub/file/below', 'none'],
  ])('of %s is %s', async (path, kind) => {
    expect(await files.kind(path)).toBe(kind);
    expect(await hostFiles('/').kind(join(dir, path))).toBe(kind);
  });
});

describe('open', () => {
  it.each(['sub/file', 'link', 'dirlink/file', 'sub/../sub/file'])('reads %s', async (path) => {
    const content = await files.open(path);
    expect(content?.size).toBe(4);
    expect(content && (await collect(content.stream()))).toEqual(utf8('text'));
    expect(content && (await content.read(1, 2))).toEqual(utf8('ex'));
  });

  it.each(['missing', 'dangling', 'sub/file/below'])('finds no %s', async (path) => {
    expect(await files.open(path)).toBeUndefined();
  });

  it('takes no directory for a file', async () => {
    await expect(files.open('sub')).rejects.toMatchObject({
      code: 'is-a-directory',
      message: 'read sub: is a directory',
    });
  });

  it('says what may not be read', async () => {
    chmodSync(join(dir, 'sub/file'), 0);
    await asNobody(() =>
      expect(files.open('link')).rejects.toMatchObject({
        code: 'permission-denied',
        message: 'open link: permission denied',
      }),
    );
    chmodSync(join(dir, 'sub'), 0);
    await asNobody(() =>
      expect(files.open('sub/file')).rejects.toMatchObject({
        code: 'permission-denied',
        message: 'stat sub/file: permission denied',
      }),
    );
    chmodSync(join(dir, 'sub'), 0o755);
  });

  it('notices a change between opening and reading', async () => {
    const content = await files.open('link');
    writeFileSync(join(dir, 'sub/file'), 'other text');
    await expect(content?.read(0, 1)).rejects.toMatchObject({ code: 'context-changed' });
  });

  it('reads a pipe, which can be read but once, as often as is wanted', async () => {
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    const writer = spawn('sh', ['-c', `printf 'FROM scratch' >'${dir}/pipe'`]);
    const content = await files.open('pipe');
    expect(content?.size).toBe(12);
    expect(content && (await content.read(5, 100))).toEqual(utf8('scratch'));
    expect(content && (await content.read(0, 4))).toEqual(utf8('FROM'));
    expect(writer.pid).toBeDefined();
  });
});

describe('write', () => {
  it('makes a file', async () => {
    await files.write('new', once(utf8('new')));
    expect(readFileSync(join(dir, 'new'), 'utf8')).toBe('new');
    expect(statSync(join(dir, 'new')).mode & 0o777).toBe(
      statSync(join(dir, 'sub/file')).mode & 0o777,
    );
    await files.write('empty', once(new Uint8Array(0)));
    expect(readFileSync(join(dir, 'empty'))).toHaveLength(0);
  });

  it('replaces one, keeping its mode, also through a link', async () => {
    chmodSync(join(dir, 'sub/file'), 0o600);
    await files.write('link', once(utf8('new')));
    expect(readFileSync(join(dir, 'sub/file'), 'utf8')).toBe('new');
    expect(statSync(join(dir, 'sub/file')).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(dir, 'link')).isSymbolicLink()).toBe(true);
  });

  it('leaves the old one when the bytes fail, and nothing else', async () => {
    const failure = Object.assign(new Error('no'), { code: 'ENOENT' });
    const failing = (async function* (): ByteStream {
      yield utf8('half');
      throw failure;
    })();
    await expect(files.write('sub/file', failing)).rejects.toBe(failure);
    expect(readFileSync(join(dir, 'sub/file'), 'utf8')).toBe('text');
    expect(readdirSync(join(dir, 'sub'))).toEqual(['file']);
  });

  it.each([
    [
      'missing/new',
      'output-missing-dir',
      'invalid output path: directory "missing" does not exist',
    ],
    [
      'sub/file/new',
      'output-missing-dir',
      'invalid output path: directory "sub/file" does not exist',
    ],
    ['sub', 'is-a-directory', 'open sub: is a directory'],
    [
      '/dev/null',
      'output-not-file',
      'invalid output path: "/dev/null" must be a directory or a regular file',
    ],
  ])('refuses %s', async (path, code, message) => {
    await expect(files.write(path, once(utf8('x')))).rejects.toMatchObject({ code, message });
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('says where it may not write', async () => {
    chmodSync(join(dir, 'sub'), 0o555);
    await asNobody(() =>
      expect(files.write('sub/file', once(utf8('x')))).rejects.toMatchObject({
        code: 'permission-denied',
        message: 'write sub/file: permission denied',
      }),
    );
    chmodSync(join(dir, 'sub'), 0o755);
  });

  it('removes what a killed process left of it, and nothing else', async () => {
    const gone = spawnSync('true').pid;
    const others = [`.other.${gone}.new`, `.file.${process.ppid}.new`, '.file.x.new', '.file.new'];
    for (const name of [`.file.${gone}.new`, ...others]) writeFileSync(join(dir, 'sub', name), '');
    await files.write('sub/file', once(utf8('new')));
    expect(readdirSync(join(dir, 'sub')).sort()).toEqual([...others, 'file'].sort());
  });

  it('leaves the old one when the disk is full', async (context) => {
    const disk = smallDisk(join(dir, 'sub'));
    if (!disk) {
      context.skip('needs the right to mount');
      return;
    }
    try {
      await files.write('sub/file', once(utf8('kept')));
      const large = once(new Uint8Array(3 << 20));
      await expect(files.write('sub/file', large)).rejects.toMatchObject({
        code: 'disk-full',
        message: 'write sub/file: no space left on device',
      });
      expect(readFileSync(join(dir, 'sub/file'), 'utf8')).toBe('kept');
      expect(readdirSync(join(dir, 'sub'))).toEqual(['file']);
    } finally {
      disk.unmount();
    }
  });
});

describe('once it is interrupted', () => {
  it('no folder is read or written on, and a file that is written stays as it was', async () => {
    writeFileSync(join(dir, 'out'), 'old');
    const interrupt = new AbortController();
    const interrupted = hostFiles(dir, interrupt.signal);
    const { tree } = await interrupted.context('.');
    interrupt.abort();
    const aborted = { name: 'AbortError' };
    await expect(interrupted.context('.')).rejects.toMatchObject(aborted);
    await expect(interrupted.writeTree('copy', tree)).rejects.toMatchObject(aborted);
    await expect(interrupted.write('out', once(utf8('new')))).rejects.toMatchObject(aborted);
    expect(readFileSync(join(dir, 'out'), 'utf8')).toBe('old');
    expect(readdirSync(join(dir, 'copy'))).toEqual([]);
  });
});
