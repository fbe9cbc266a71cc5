import { describe, expect, it } from 'vitest';
import { gate } from './gate.ts';

describe('a gate', () => {
  it('lets so many in, and the next when one leaves', async () => {
    const door = gate(2, 10);
    const first = await door.enter();
    await door.enter();
    const order: string[] = [];
    const third = door.enter().then((leave) => {
      order.push('third');
      return leave;
    });
    const fourth = door.enter().then(() => order.push('fourth'));
    expect(order).toEqual([]);
    first();
    // Leaving twice lets in nobody more.
    first();
    (await third)();
    await fourth;
    expect(order).toEqual(['third', 'fourth']);
  });

  it('refuses who comes when too many wait', async () => {
    const door = gate(1, 1);
    await door.enter();
    void door.enter();
    await expect(door.enter()).rejects.toMatchObject({ problem: 'too-many' });
  });

  it('forgets who gives up', async () => {
    const door = gate(1, 1);
    const leave = await door.enter();
    const control = new AbortController();
    const gone = expect(door.enter(control.signal)).rejects.toThrow();
    control.abort();
    await gone;
    const next = door.enter();
    leave();
    await next;
    await expect(door.enter(control.signal)).rejects.toThrow();
  });
});
