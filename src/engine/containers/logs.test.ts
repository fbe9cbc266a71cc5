import { describe, expect, test } from 'vitest';
import { containerEngine } from '../../testing/container-engine.ts';
import { utf8 } from '../bytes.ts';
import { lineSplitter } from './log-lines.ts';
import { containerLog, nanoTime, type ReadLogs, readLogs } from './logs.ts';
import { findContainer, updateContainer } from './registry.ts';

describe('output becomes lines', () => {
  test.each<[name: string, chunks: readonly string[], lines: readonly string[]]>([
    ['a line', ['a\n'], ['a\n']],
    ['two in a chunk', ['a\nb\n'], ['a\n', 'b\n']],
    ['one in two chunks', ['a', 'b\n'], ['ab\n']],
    ['an empty line', ['\n\n'], ['\n', '\n']],
    ['an end without a line feed', ['a\nb'], ['a\n', 'b']],
    ['nothing', [''], []],
    ['a letter in two chunks', ['é\n'], ['é\n']],
    ['a very long line', ['x'.repeat(20_000), '\n'], ['x'.repeat(16_384), `${'x'.repeat(3616)}\n`]],
  ])('%s', (_, chunks, expected) => {
    const lines: string[] = [];
    const splitter = lineSplitter((line) => lines.push(line));
    for (const chunk of chunks) {
      const bytes = utf8(chunk);
      splitter.write(bytes.subarray(0, 1));
      splitter.write(bytes.subarray(1));
    }
    splitter.end();
    expect(lines).toEqual(expected);
  });

  test('what is no UTF-8 is told apart, as in Docker’s log', () => {
    const lines: string[] = [];
    lineSplitter((line) => lines.push(line)).write(Uint8Array.of(0x61, 0xff, 0x0a));
    expect(lines).toEqual(['a\ufffd\n']);
  });
});

test('times have nanoseconds', () => {
  expect(nanoTime(Date.UTC(2026, 10, 21) + 0.25)).toBe('2026-11-21T00:00:00.000250000Z');
});

describe('a long log', () => {
  test('is stored in pieces, read whole, and from its end', async () => {
    const { engine, docker } = await containerEngine();
    await docker('create --name app box');
    const log = containerLog(engine, [], () => Promise.resolve());
    const line = `${'x'.repeat(1000)}\n`;
    for (let round = 0; round < 3; round++) {
      for (let at = 0; at < 1100; at++) await log.write('stdout', utf8(`${round} ${at} ${line}`));
      const logs = await log.store();
      expect(logs).toHaveLength(round + 1);
      expect(log.dirty).toBe(false);
    }
    await log.write('stderr', utf8('last\n'));
    const logs = await log.store();
    expect(logs).toHaveLength(4);
    // Stored again with what is new: the piece before was not full.
    await log.write('stderr', utf8('very last\n'));
    const more = await log.store();
    expect(more.slice(0, 3)).toEqual(logs.slice(0, 3));
    expect(more).toHaveLength(4);
    const { id } = await findContainer(engine, 'app');
    const record = await updateContainer(engine, id, (old) => ({ ...old, logs: more }));
    const read = async (options?: ReadLogs): Promise<readonly string[]> => {
      const texts: string[] = [];
      for await (const { log: text } of readLogs(engine, record, options)) texts.push(text);
      return texts;
    };
    expect(await read()).toHaveLength(3302);
    expect(await read({ tail: 3 })).toEqual([`2 1099 ${line}`, 'last\n', 'very last\n']);
    expect(await read({ tail: 0 })).toEqual([]);
  });
});
