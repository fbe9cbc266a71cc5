import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../engine/bytes.ts';
import { createResolver, type Names } from './resolver.ts';

const A = 1;
const PTR = 12;
const MX = 15;
const AAAA = 28;

/** As a C library asks: one question, recursion desired. */
function query(name: string, type = A, head: readonly number[] = [0x12, 0x34, 1, 0]): Uint8Array {
  const labels = name === '' ? [] : name.split('.');
  const encoded = labels.map((label) => concat([Uint8Array.of(label.length), utf8(label)]));
  return concat([
    Uint8Array.of(...head, 0, 1, 0, 0, 0, 0, 0, 0),
    ...encoded,
    Uint8Array.of(0, 0, type, 0, 1),
  ]);
}

/** What a C library reads of it. */
function read(answer: Uint8Array | undefined, question: Uint8Array) {
  if (!answer) return undefined;
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
  const count = view.getUint16(6);
  const records = Array.from({ length: count }, (_, index) =>
    answer.subarray(question.length + 16 * index, question.length + 16 * (index + 1)),
  );
  // Every record is of the name asked for, an address of four bytes.
  for (const record of records) {
    expect([...record.subarray(0, 6), record[11]]).toEqual([0xc0, 12, 0, 1, 0, 1, 4]);
  }
  expect([...answer.subarray(0, 2)]).toEqual([...question.subarray(0, 2)]);
  expect([...answer.subarray(12, question.length)]).toEqual([...question.subarray(12)]);
  expect((answer[2] ?? 0) & 0x80).toBe(0x80);
  return {
    code: (answer[3] ?? 0) & 15,
    addresses: records.map((record) => [...record.subarray(12)].join('.')),
  };
}

function resolver(known: Readonly<Record<string, readonly string[]>>) {
  const unknown: string[] = [];
  let now = 0;
  const names: Names = {
    resolve: (name) => known[name],
    unknown: (name) => unknown.push(name),
  };
  const answer = createResolver(names, () => now);
  return {
    unknown,
    ask: (name: string, type = A) => {
      const question = query(name, type);
      return read(answer(question), question);
    },
    answer,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

describe('a resolver', () => {
  test('gives the addresses of a name', () => {
    const { ask, unknown } = resolver({ redis: ['172.18.0.2'], web: ['10.0.0.1', '10.0.0.2'] });
    expect(ask('redis')).toEqual({ code: 0, addresses: ['172.18.0.2'] });
    expect(ask('web')).toEqual({ code: 0, addresses: ['10.0.0.1', '10.0.0.2'] });
    expect(unknown).toEqual([]);
  });

  test('knows of a name that it has no other addresses than those', () => {
    const { ask, unknown } = resolver({ redis: ['172.18.0.2'] });
    // No such name, instead, would be taken for an answer to both questions.
    expect(ask('redis', AAAA)).toEqual({ code: 0, addresses: [] });
    expect(ask('redis', MX)).toEqual({ code: 0, addresses: [] });
    expect(unknown).toEqual([]);
  });

  test('says at once of every other name that it is none, and tells it once', () => {
    const { ask, unknown, wait } = resolver({});
    expect(ask('pypi.org')).toEqual({ code: 3, addresses: [] });
    ask('pypi.org', AAAA);
    expect(unknown).toEqual(['pypi.org']);
    wait(1000);
    ask('pypi.org');
    ask('example.org');
    expect(unknown).toEqual(['pypi.org', 'pypi.org', 'example.org']);
  });

  test('does not tell of names of addresses, which nobody means', () => {
    const { ask, unknown } = resolver({});
    expect(ask('2.0.18.172.in-addr.arpa', PTR)).toEqual({ code: 3, addresses: [] });
    expect(ask('')).toEqual({ code: 3, addresses: [] });
    expect(unknown).toEqual([]);
  });

  test('has as many addresses as a message holds', () => {
    const many = Array.from({ length: 100 }, (_, index) => `10.0.0.${index}`);
    const { ask, answer } = resolver({ many });
    expect(ask('many')?.addresses).toEqual(many.slice(0, 30));
    expect(answer(query('many'))?.length).toBeLessThanOrEqual(512);
  });

  test('leaves out what is no address', () => {
    const { ask } = resolver({ odd: ['::1', '10.0.0.1'] });
    expect(ask('odd')).toEqual({ code: 0, addresses: ['10.0.0.1'] });
  });

  test('does only queries', () => {
    const { answer } = resolver({ redis: ['172.18.0.2'] });
    const update = query('redis', A, [0x12, 0x34, 0x28, 0]);
    expect(read(answer(update), update)).toEqual({ code: 4, addresses: [] });
    expect(answer(query('redis', A, [0x12, 0x34, 0x81, 0]))).toBeUndefined();
  });

  test('survives whatever it is sent', () => {
    const { answer } = resolver({});
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect((answer(bytes) ?? bytes).length).toBeLessThanOrEqual(600);
      }),
    );
    for (const cut of [0, 11, 12, 13, 18, 21]) {
      expect(answer(query('redis').subarray(0, cut))).toBeUndefined();
    }
  });
});
