import { describe, expect, test } from 'vitest';
import { ninepClient } from '../../testing/ninep.ts';
import { BaseNode } from '../files/base-node.ts';
import { directory } from '../files/directory.ts';
import { ERRNO, FileError } from '../files/errno.ts';
import { type FileNode, FORMAT, type OpenFile } from '../files/node.ts';
import { plainFile } from '../files/plain-file.ts';
import { T } from './messages.ts';
import { ninepServer } from './server.ts';

/** A node whose answers come when the test says so, as those of a host's folder do. */
class SlowDirectory extends BaseNode {
  readonly child: FileNode = plainFile(new Uint8Array(3));
  closed = 0;
  answer: (error?: unknown) => void = () => undefined;

  constructor() {
    super(FORMAT.directory);
  }

  #later<T>(value: T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.answer = (error) => {
        if (error === undefined) resolve(value);
        else reject(error instanceof Error ? error : new Error('no error'));
      };
    });
  }

  override attributes() {
    return directory().node.attributes();
  }

  override lookup(): Promise<FileNode> {
    return this.#later(this.child);
  }

  override create(): Promise<FileNode> {
    return this.#later(new SlowFile(this));
  }
}

class SlowFile extends BaseNode {
  readonly #parent: SlowDirectory;

  constructor(parent: SlowDirectory) {
    super(FORMAT.file);
    this.#parent = parent;
  }

  override attributes() {
    return plainFile(new Uint8Array(0)).attributes();
  }

  override open(): OpenFile {
    return {
      read: () => 0,
      write: (_, bytes) => bytes.length,
      sync: () => undefined,
      close: () => {
        this.#parent.closed += 1;
      },
    };
  }
}

async function slow(onBug?: (error: unknown) => void) {
  const node = new SlowDirectory();
  const stop = new AbortController();
  const handler = ninepServer(node, { closed: stop.signal, ...(onBug && { onBug }) });
  return { node, client: await ninepClient(handler), stop };
}

/** Lets what is settled go on. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('answers that come later', () => {
  test('others are answered meanwhile', async () => {
    const { node, client } = await slow();
    const walking = client.walk('x');
    expect(client.now(T.statfs, (m) => m.u32(0))).toBeDefined();
    node.answer();
    expect(await walking).toBe(1);
    expect(await client.errno(T.getattr, (m) => m.u32(1).u64(0))).toBe(0);
  });

  test.each<[string, unknown, number, number]>([
    ['a failure of a file', new FileError('EACCES'), ERRNO.EACCES, 0],
    ["an error of Node's", Object.assign(new Error('x'), { code: 'ENOSPC' }), ERRNO.ENOSPC, 0],
    ['a bug', new TypeError('x is not a function'), ERRNO.EIO, 1],
  ])('%s', async (_, error, errno, bugs) => {
    const seen: unknown[] = [];
    const { node, client } = await slow((bug) => seen.push(bug));
    const answer = client.errno(T.walk, (m) => m.u32(0).u32(1).u16(1).string('x'));
    node.answer(error);
    expect(await answer).toBe(errno);
    expect(seen).toHaveLength(bugs);
  });

  test('what was flushed is answered once, by EINTR before the flush, and leaves no fid', async () => {
    const { node, client } = await slow();
    const walking = client.send(50, T.walk, (m) => m.u32(0).u32(9).u16(1).string('x'));
    await client.send(51, T.flush, (m) => m.u16(50));
    expect(await walking).toEqual({ errno: ERRNO.EINTR });
    const { length } = client.replies;
    node.answer();
    await settled();
    expect(client.replies).toHaveLength(length);
    expect(await client.errno(T.clunk, (m) => m.u32(9))).toBe(ERRNO.EBADF);
  });

  test('a tag that is used again after a flush gets its own answer', async () => {
    const { node, client } = await slow();
    const first = client.send(50, T.walk, (m) => m.u32(0).u32(9).u16(1).string('x'));
    const { answer } = node;
    await client.send(51, T.flush, (m) => m.u16(50));
    const second = client.send(50, T.walk, (m) => m.u32(0).u32(10).u16(1).string('x'));
    const answerSecond = node.answer;
    answer();
    await settled();
    answerSecond();
    expect(await first).toEqual({ errno: ERRNO.EINTR });
    expect(await second).toHaveProperty('fields');
    expect(await client.errno(T.clunk, (m) => m.u32(10))).toBe(0);
  });

  test('a file that was made for nobody is closed', async () => {
    const { node, client } = await slow();
    const made = client.send(50, T.lcreate, (m) =>
      m.u32(0).string('x').u32(0o202).u32(0o600).u32(0),
    );
    await client.send(51, T.flush, (m) => m.u16(50));
    expect(await made).toEqual({ errno: ERRNO.EINTR });
    node.answer();
    await settled();
    expect(node.closed).toBe(1);
    expect(await client.errno(T.read, (m) => m.u32(0).u64(0).u32(1))).toBe(ERRNO.EBADF);
  });

  test('a flush of what is answered already is answered', async () => {
    const { client } = await slow();
    expect(await client.errno(T.flush, (m) => m.u16(12345))).toBe(0);
  });

  test('files are closed when the client is gone', async () => {
    const { node, client, stop } = await slow();
    const made = client.ok(T.lcreate, (m) => m.u32(0).string('x').u32(0o202).u32(0o600).u32(0));
    node.answer();
    await made;
    expect(node.closed).toBe(0);
    stop.abort();
    expect(node.closed).toBe(1);
  });
});
