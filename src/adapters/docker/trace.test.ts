import { describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { bytesField, message, numberField, readFields, textField } from './protobuf.ts';
import { openTrace } from './trace.ts';

describe('protobuf messages', () => {
  it.each([0n, 1n, 127n, 128n, 300n, 2n ** 32n, 2n ** 63n - 1n])('have the number %s', (number) => {
    const [field] = [...readFields(message([5, number]))];
    expect(field).toEqual({ number: 5, value: number });
  });

  it('have text, bytes and messages, and the last of a field counts', () => {
    const inner = message([1, 'çaju'], [1, 'last']);
    const whole = message([2, inner], [3, 7n]);
    expect(textField(bytesField(whole, 2) ?? new Uint8Array(0), 1)).toBe('last');
    expect(numberField(whole, 3)).toBe(7);
    expect([textField(whole, 9), numberField(whole, 9), bytesField(whole, 9)]).toEqual([
      '',
      0,
      undefined,
    ]);
  });

  it('as protoc writes them, with fixed fields passed over', () => {
    // field 1: 150; field 2: "testing"; field 3: fixed32; field 4: fixed64; field 5: 1
    const bytes = Buffer.from('089601120774657374696e671d010000002101000000000000002801', 'hex');
    expect([...readFields(bytes)]).toEqual([
      { number: 1, value: 150n },
      { number: 2, value: Buffer.from('testing') },
      { number: 5, value: 1n },
    ]);
    expect(message([1, 150n], [2, 'testing'])).toEqual(new Uint8Array(bytes.subarray(0, 12)));
  });

  it.each(['08', '0a05', '0a0541', '0bff', 'ffffffffffffffffffffff01'])('%s is none', (hex) => {
    expect(() => [...readFields(Buffer.from(hex, 'hex'))]).toThrow();
  });
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const vertex = (digest: string, name: string, error = ''): Uint8Array =>
  message([1, digest], [3, name], ...(error === '' ? [] : [[7, error] as const]));
const log = (digest: string, text: string): Uint8Array =>
  message([1, digest], [3, 1n], [4, utf8(text)]);

describe('the trace of a build', () => {
  it('tells the step that failed and what it printed, not what was stopped with it', () => {
    const trace = openTrace();
    trace.add(
      base64(message([1, vertex('a', '[a 1/2] FROM x')], [1, vertex('b', '[b 2/2] RUN y')])),
    );
    trace.add(
      base64(message([3, log('a', 'not this')], [3, log('b', 'one\n')], [3, log('b', 'two\n')])),
    );
    expect(trace.failed()).toBeUndefined();
    trace.add(base64(message([1, vertex('a', '[a 1/2] FROM x', 'context canceled')])));
    trace.add(base64(message([1, vertex('b', '[b 2/2] RUN y', 'exit code: 1')])));
    expect(trace.failed()).toEqual({
      step: { name: '[b 2/2] RUN y', error: 'exit code: 1' },
      log: 'one\ntwo\n',
    });
  });

  it('keeps the last 16 KiB, without half a letter', () => {
    const trace = openTrace();
    trace.add(base64(message([1, vertex('a', 'x', 'failed')])));
    for (let i = 0; i < 20; i++) trace.add(base64(message([3, log('a', 'ç'.repeat(999))])));
    trace.add(base64(message([3, log('a', '!')])));
    const { log: kept = '' } = trace.failed() ?? {};
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(16 * 1024);
    expect(kept).toMatch(/^ç+!$/);
  });
});
