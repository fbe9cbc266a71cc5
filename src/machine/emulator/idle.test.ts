import { describe, expect, test } from 'vitest';
import { createIdle } from './idle.ts';

/** What a tick costs a Linux that does nothing, and what a process that wakes does. */
const TICK = 3_800;
const WORK = 100_000;

/** The wakes of a guest with a tick every 4 ms; when each happened, in ms. */
function wakes(until: number, idle = createIdle(), ran: (at: number) => number = () => TICK) {
  const times: number[] = [];
  let now = 0;
  while (now < until) {
    now += idle.sleep(4 - (now % 4), ran(now));
    times.push(now);
  }
  return times;
}

describe('a guest that halts', () => {
  test.each([
    [-1, 1],
    [0, 1],
    [0.02, 1],
    [3.3, 4],
    [40, 40],
  ])('whose timer is due in %d ms sleeps %d ms at first', (due, slept) => {
    expect(createIdle().sleep(due, WORK)).toBe(slept);
  });

  test('wakes by its own timer at first, and rarely once it was quiet for long', () => {
    const times = wakes(10_000);
    expect(times.slice(0, 4)).toEqual([4, 8, 12, 16]);
    expect(times.filter((at) => at > 9_000).length).toBeLessThanOrEqual(11);
  });

  test('finds a timer set when it became quiet late by no more than a third', () => {
    const times = wakes(5_000);
    for (const due of [10, 50, 100, 250, 1_000, 3_000]) {
      const late = (times.find((at) => at >= due) ?? Infinity) - due;
      expect(late, `${due} ms`).toBeLessThanOrEqual(Math.min(100, Math.max(4, due / 3)));
    }
  });

  test.each([25, 250])('is never later than a slice of %d ms, and uses it', (slice) => {
    const idle = createIdle();
    idle.setSlice(slice);
    const times = wakes(20_000, idle);
    const slept = times.map((at, i) => at - (times[i - 1] ?? 0));
    expect(Math.max(...slept)).toBe(slice);
  });

  test('starts over when more happens, and at once after something from outside', () => {
    const idle = createIdle();
    wakes(10_000, idle);
    expect(idle.sleep(3, TICK)).toBe(100);
    idle.sleep(3, WORK);
    expect(idle.sleep(3, WORK)).toBeLessThan(40);
    wakes(10_000, idle);
    idle.wake();
    expect(idle.sleep(3, TICK)).toBe(3);
  });

  test.each([
    ["a kernel's housekeeping", 12_000, 250, 25],
    ['a server that looks after itself', WORK, 100, 45],
  ])('wakes not much more often for %s', (_, ran, every, atMost) => {
    let next = 0;
    const times = wakes(10_000, createIdle(), (at) => {
      if (at < next) return TICK;
      next = at + every;
      return ran;
    });
    expect(times.length / 10).toBeLessThan(atMost);
  });

  test('keeps time for a program that wakes every 10 ms', () => {
    const idle = createIdle();
    wakes(10_000, idle);
    let slept = 0;
    for (let i = 0; i < 100; i++) slept += idle.sleep(10, 8_000);
    expect(slept).toBeLessThan(1_200);
  });
});
