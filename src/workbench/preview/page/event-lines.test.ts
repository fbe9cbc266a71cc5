import { describe, expect, it } from 'vitest';
import { eventLines, type StreamEvent } from './event-lines.ts';

async function events(...pieces: readonly string[]): Promise<readonly StreamEvent[]> {
  const found: StreamEvent[] = [];
  for await (const one of eventLines(pieces.map((piece) => new TextEncoder().encode(piece)))) {
    found.push(one);
  }
  return found;
}

describe('a stream of events', () => {
  it('has messages, and events with a name', async () => {
    expect(await events('data: a\n\nevent: named\ndata:b\ndata:  c\n\n')).toEqual([
      { type: 'message', data: 'a' },
      { type: 'named', data: 'b\n c' },
    ]);
  });

  it('is the same however it is cut, and whatever ends its lines', async () => {
    const text = 'id: 7\r\ndata: é\r\n\r\n: comment\rdata: b\r\r';
    const whole = await events(text);
    expect(whole).toEqual([
      { type: 'message', data: 'é', id: '7' },
      { type: 'message', data: 'b' },
    ]);
    expect(await events(...Array.from(text))).toEqual(whole);
  });

  it('may change the time until it is asked for again, without an event', async () => {
    expect(await events('retry: 10\n\nretry: soon\n\nid\ndata\n\n')).toEqual([
      { type: 'message', retry: 10 },
      { type: 'message', data: '', id: '' },
    ]);
  });

  it('keeps an empty line apart from the end of the line before', async () => {
    expect(await events('data: a\r', '\n', '\n')).toEqual([{ type: 'message', data: 'a' }]);
  });

  it('has no event that did not end', async () => {
    expect(await events('data: a\n\ndata: b\n')).toEqual([{ type: 'message', data: 'a' }]);
  });
});
