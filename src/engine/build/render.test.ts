import { describe, expect, test } from 'vitest';
import { utf8 } from '../bytes.ts';
import { type BuildEvent, CANCELED } from './progress.ts';
import { ProgressState } from './progress-state.ts';
import { plainRenderer } from './render-plain.ts';
import { frame, ttyRenderer } from './render-tty.ts';

const vertex = (id: number, name: string): BuildEvent => ({ type: 'vertex', vertex: { id, name } });
const started = (id: number, at: number): BuildEvent => ({ type: 'started', id, at });
const log = (id: number, text: string, at: number): BuildEvent => {
  return { type: 'log', id, stream: 'stdout', bytes: utf8(text), at };
};
const bytesAt = (bytes: Uint8Array): BuildEvent => {
  return { type: 'log', id: 1, stream: 'stdout', bytes, at: 300 };
};
const finished = (
  id: number,
  at: number,
  more: { cached?: boolean; error?: string } = {},
): BuildEvent => {
  return { type: 'finished', id, at, cached: false, ...more };
};
const part = (id: number, name: string, startedAt: number, at: number): readonly BuildEvent[] => [
  { type: 'status', id, name: 'working', done: false, at: startedAt, startedAt },
  { type: 'status', id, name, done: true, at, startedAt },
];

function plain(events: readonly BuildEvent[]): string {
  let text = '';
  const on = plainRenderer((more) => (text += more), new ProgressState());
  events.forEach(on);
  return text;
}

describe('plain progress', () => {
  test('a block for each vertex, numbered as they are shown', () => {
    const events = [
      ...[vertex(1, 'one'), vertex(2, 'two'), vertex(3, 'three')],
      ...[started(3, 0), ...part(3, 'sending: 2B', 0, 5), finished(3, 40)],
      ...[started(1, 40), ...part(1, 'exporting', 50, 250), finished(1, 300)],
      ...[started(2, 300), finished(2, 300, { cached: true })],
    ];
    expect(plain(events)).toBe(
      '#1 three\n#1 sending: 2B done\n#1 DONE 0.0s\n\n' +
        '#2 one\n#2 exporting 0.2s done\n#2 DONE 0.3s\n\n' +
        '#3 two\n#3 CACHED\n',
    );
  });

  test('two that speak in turn', () => {
    const events = [
      ...[vertex(1, 'one'), vertex(2, 'two'), started(1, 0), started(2, 0)],
      ...[log(1, 'a\n', 100), log(2, 'b\n', 200), log(1, 'c\n', 300)],
      ...[finished(2, 400), finished(1, 500, { error: 'it broke' })],
    ];
    expect(plain(events)).toBe(
      '#1 one\n#1 0.100 a\n#1 ...\n\n#2 two\n#2 0.200 b\n#2 ...\n\n#1 one\n#1 0.300 c\n#1 ...\n\n' +
        '#2 two\n#2 DONE 0.4s\n\n#1 one\n#1 ERROR: it broke\n',
    );
  });

  test('one that is interrupted', () => {
    const events = [vertex(1, 'one'), started(1, 0), finished(1, 40, { error: CANCELED })];
    expect(plain(events)).toBe('#1 one\n#1 CANCELED\n');
    const state = new ProgressState();
    for (const event of events) state.apply(event);
    expect(frame(state, { columns: 30, color: false, now: () => 50 }, false)[1]).toBe(
      ' => CANCELED one         0.0s',
    );
  });

  test('lines and characters that arrive in pieces', () => {
    const events = [
      ...[vertex(1, 'one'), started(1, 0), log(1, 'ab', 100), log(1, 'c\nnext', 200)],
      ...[bytesAt(utf8('é').subarray(0, 1)), bytesAt(utf8('é').subarray(1))],
      finished(1, 400),
    ];
    expect(plain(events)).toBe('#1 one\n#1 0.200 abc\n#1 0.400 nexté\n#1 DONE 0.4s\n');
  });
});

describe('the frame on a terminal', () => {
  const state = new ProgressState();
  const events = [
    ...[
      vertex(1, '[internal] load'),
      vertex(2, '[1/2] COPY a b'),
      vertex(3, '[2/2] RUN x'),
      vertex(4, 'export'),
    ],
    ...[started(1, 0), ...part(1, 'transferring: 2B', 0, 10), finished(1, 100)],
    ...[started(2, 100), finished(2, 100, { cached: true })],
    ...[started(3, 100), log(3, 'say \u001b[31mred\u001b[0m\u0007\n', 200)],
  ];
  for (const event of events) state.apply(event);
  const terminal = { columns: 40, color: false, now: () => 1200 };

  test('while it runs', () => {
    expect(frame(state, terminal, false)).toEqual([
      '[+] Building 1.2s (2/4)       semdistro',
      ' => [internal] load                0.1s',
      ' => => transferring: 2B            0.0s',
      ' => CACHED [1/2] COPY a b          0.0s',
      ' => [2/2] RUN x                    1.1s',
      ' => => # say red ',
    ]);
  });

  test('too narrow for its lines', () => {
    const lines = frame(state, { ...terminal, columns: 16 }, false);
    expect(lines.every((line) => line.length <= 15)).toBe(true);
  });

  test('is drawn over the last one', () => {
    let text = '';
    const write = (more: string) => (text += more);
    const { on, end } = ttyRenderer({ ...terminal, columns: 60, write }, new ProgressState());
    on(vertex(1, 'one'));
    end();
    expect(text.split('\u001b[1A\r\u001b[J')).toHaveLength(2);
    expect(text).toContain('(0/1) FINISHED');
  });
});
