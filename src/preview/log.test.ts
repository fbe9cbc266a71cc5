import { describe, expect, it } from 'vitest';
import { requestLog } from './log.ts';

const REQUEST = { port: 8080, method: 'GET', target: '/', by: 'page' } as const;

describe('the log of requests', () => {
  it('tells how each goes on', () => {
    let time = 1000;
    let changes = 0;
    const log = requestLog(
      () => time,
      () => (changes += 1),
    );
    const line = log.begin(REQUEST);
    expect(log.entries()).toEqual([{ ...REQUEST, id: 1, at: 1000, bytes: 0 }]);
    line.answered(200, 'text/html');
    line.received(10);
    line.received(5);
    time += 40;
    line.ended();
    line.ended('cut-off');
    expect(log.entries()).toEqual([
      { ...REQUEST, id: 1, at: 1000, status: 200, type: 'text/html', bytes: 15, milliseconds: 40 },
    ]);
    expect(changes).toBe(5);
  });

  it('says why there is no answer', () => {
    const log = requestLog(
      () => 0,
      () => undefined,
    );
    log.begin(REQUEST).ended('refused');
    expect(log.entries()).toMatchObject([{ problem: 'refused', milliseconds: 0 }]);
    log.clear();
    expect(log.entries()).toEqual([]);
  });

  it('keeps the latest, and of a long path its beginning', () => {
    const log = requestLog(
      () => 0,
      () => undefined,
      3,
    );
    for (let i = 0; i < 10; i++) log.begin({ ...REQUEST, target: `/${i}${'x'.repeat(9000)}` });
    const entries = log.entries();
    expect(entries.map(({ id }) => id)).toEqual([8, 9, 10]);
    expect(entries[0]?.target).toHaveLength(2001);
  });
});
