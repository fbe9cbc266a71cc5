import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readStreams } from './streams.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

const WHOLE = Buffer.concat([
  frame(1, 'out çaju\n'),
  frame(2, 'err\n'),
  frame(1, ''),
  frame(1, 'more\n'),
]);

describe('the two streams of a container', () => {
  it.each([1, 3, 7, 8, 9, WHOLE.length])('are told apart in pieces of %i bytes', async (length) => {
    const pieces = Array.from({ length: Math.ceil(WHOLE.length / length) }, (_, i) =>
      WHOLE.subarray(i * length, (i + 1) * length),
    );
    const reader = readStreams(Readable.from(pieces));
    await reader.ended;
    expect(reader.printed()).toEqual({ stdout: 'out çaju\nmore\n', stderr: 'err\n' });
  });

  it('are each kept to their first MiB', async () => {
    const chunk = frame(1, 'x'.repeat(600_000));
    const reader = readStreams(Readable.from([chunk, chunk, frame(2, 'still here')]));
    await reader.ended;
    const { stdout, stderr } = reader.printed();
    expect(stdout.length).toBe(1024 * 1024);
    expect(stderr).toBe('still here');
  });

  it('that break off are what came', async () => {
    const stream = new PassThrough();
    const reader = readStreams(stream);
    stream.write(frame(1, 'before'));
    stream.write(frame(1, 'cut').subarray(0, 9));
    await new Promise((resolve) => setImmediate(resolve));
    stream.destroy(new Error('reset'));
    await reader.ended;
    expect(reader.printed().stdout).toBe('beforec');
  });
});
