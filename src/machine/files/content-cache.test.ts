import { describe, expect, test } from 'vitest';
import type { Content } from '../../engine/layer/entry.ts';
import { contentCache } from './content-cache.ts';

const KB = 1024;
const BLOCK = 128 * KB;

/** Content whose byte at an offset is known, that notes what is fetched and answers when it is told to. */
function source(size: number, { manual = false } = {}) {
  const fetched: string[] = [];
  const waiting: (() => void)[] = [];
  let failing: string | undefined;
  const content: Content = {
    size,
    async read(offset, length) {
      fetched.push(`${offset / KB}+${length / KB}`);
      if (manual) await new Promise<void>((resolve) => waiting.push(resolve));
      if (failing !== undefined) throw new Error(failing);
      return Uint8Array.from({ length }, (_, index) => (offset + index) % 251);
    },
    stream: () => {
      throw new Error('not streamed');
    },
  };
  return {
    content,
    fetched,
    answer: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
    fail: (message: string | undefined) => {
      failing = message;
    },
  };
}

async function read(
  cache: ReturnType<typeof contentCache>,
  content: Content,
  offset: number,
  length: number,
): Promise<'at once' | 'later'> {
  const into = new Uint8Array(length);
  const done = cache.read(content, offset, into, 'usr/bin/x');
  await done;
  expect(into.every((byte, index) => byte === (offset + index) % 251)).toBe(true);
  return done instanceof Promise ? 'later' : 'at once';
}

describe('contents', () => {
  test('of small files come whole, once', async () => {
    const { content, fetched } = source(300 * KB);
    const cache = contentCache();
    expect(await read(cache, content, 200 * KB, 10)).toBe('later');
    expect(await read(cache, content, 0, 300 * KB)).toBe('at once');
    expect(fetched).toEqual(['0+300']);
  });

  test('read in order come ever further ahead', async () => {
    const { content, fetched } = source(20 * KB * KB);
    const cache = contentCache();
    const answers = [];
    for (let at = 0; at < 4000 * KB; at += 500 * KB) {
      answers.push(await read(cache, content, at, 500 * KB));
      // What was asked for ahead arrives meanwhile.
      await Promise.resolve();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    expect(answers).toEqual(['later', ...Array<string>(7).fill('at once')]);
    expect(fetched).toEqual(['0+1024', '1024+1024', '2048+2048', '4096+3584']);
  });

  test('read here and there come as asked for', async () => {
    const { content, fetched } = source(20 * KB * KB);
    const cache = contentCache();
    for (const block of [100, 3, 50]) await read(cache, content, block * BLOCK + 5, 10);
    expect(fetched).toEqual([`${100 * 128}+128`, `${3 * 128}+128`, `${50 * 128}+128`]);
  });

  test('that several wait for are fetched once', async () => {
    const { content, fetched, answer } = source(100 * KB, { manual: true });
    const cache = contentCache();
    const reads = [
      read(cache, content, 0, 10),
      read(cache, content, 5, 50),
      read(cache, content, 0, 100),
    ];
    answer();
    expect(await Promise.all(reads)).toEqual(['later', 'later', 'later']);
    expect(fetched).toEqual(['0+100']);
  });

  test('are forgotten when there are too many, the longest unused first', async () => {
    const [a, b, c] = [source(100 * KB), source(100 * KB), source(100 * KB)];
    const cache = contentCache({ budget: 250 * KB });
    await read(cache, a.content, 0, 10);
    await read(cache, b.content, 0, 10);
    await read(cache, a.content, 0, 10);
    await read(cache, c.content, 0, 10);
    expect(await read(cache, a.content, 0, 10)).toBe('at once');
    expect(await read(cache, b.content, 0, 10)).toBe('later');
  });

  test('that cannot be read are EIO, told once, tried again, and told again after it went well', async () => {
    const { content, fetched, fail } = source(100 * KB);
    const troubles: string[] = [];
    const cache = contentCache({ onTrouble: (message) => troubles.push(message), budget: 0 });
    const errno = async () =>
      read(cache, content, 0, 10).then(
        () => 0,
        (error: unknown) => (error instanceof Error && 'errno' in error ? error.errno : error),
      );
    fail('the network is gone');
    expect([await errno(), await errno()]).toEqual([5, 5]);
    expect(troubles).toEqual(['cannot read /usr/bin/x: the network is gone']);
    fail(undefined);
    expect(await errno()).toBe(0);
    fail('again');
    expect(await errno()).toBe(5);
    expect(troubles).toHaveLength(2);
    expect(fetched).toHaveLength(4);
  });

  test('that end early are a failure, not zeros', async () => {
    const { content } = source(100 * KB);
    const short: Content = { ...content, read: async () => new Uint8Array(7) };
    const cache = contentCache();
    await expect(read(cache, short, 0, 10)).rejects.toThrow('it ends at byte 7');
  });

  test('a failure of what nobody asked for yet is nobody\u2019s', async () => {
    const good = source(20 * KB * KB);
    const troubles: string[] = [];
    const cache = contentCache({ onTrouble: (message) => troubles.push(message) });
    let calls = 0;
    const content: Content = {
      ...good.content,
      read: (offset, length) =>
        ++calls === 1 ? good.content.read(offset, length) : Promise.reject(new Error('gone')),
    };
    await read(cache, content, 0, 10);
    await read(cache, content, 10, 600 * KB).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(troubles.length).toBeLessThan(2);
  });
});
