import { afterEach, describe, expect, it } from 'vitest';
import { openPlace, type Place } from './place.ts';

// Node's own Web Locks and BroadcastChannel.
const open: Place[] = [];
let count = 0;
afterEach(() => {
  for (const place of open.splice(0)) place.close();
});

function tab(name: string, more: { readonly deaf?: boolean } = {}) {
  const told: string[] = [];
  const lost = Promise.withResolvers<string>();
  const place = openPlace({
    ...{ name, locks: navigator.locks, channel: new BroadcastChannel(name), patience: 100 },
    onAsked() {
      told.push('asked');
      if (more.deaf !== true) void place.leave();
    },
    onLost() {
      lost.resolve('lost');
    },
  });
  open.push(place);
  return { place, told, lost: lost.promise };
}

describe('the place of the workbench', () => {
  it('is one tab’s at a time', async () => {
    const name = `place ${count++}`;
    const [first, second] = [tab(name), tab(name)];
    expect(await first.place.claim()).toBe(true);
    expect(await first.place.claim()).toBe(true);
    expect(await second.place.claim()).toBe(false);
    expect([first.place.isOurs, second.place.isOurs]).toEqual([true, false]);
    await first.place.leave();
    expect(await second.place.claim()).toBe(true);
  });

  it('is left to whoever asks for it', async () => {
    const name = `place ${count++}`;
    const [first, second] = [tab(name), tab(name)];
    await first.place.claim();
    await second.place.takeOver();
    expect(first.told).toEqual(['asked']);
    expect([first.place.isOurs, second.place.isOurs]).toEqual([false, true]);
    await first.place.takeOver();
    expect([first.place.isOurs, second.place.isOurs]).toEqual([true, false]);
  });

  it('is taken from a tab that does not answer, which hears of it', async () => {
    const name = `place ${count++}`;
    const [first, second] = [tab(name, { deaf: true }), tab(name)];
    await first.place.claim();
    await second.place.takeOver();
    expect(await first.lost).toBe('lost');
    expect([first.place.isOurs, second.place.isOurs]).toEqual([false, true]);
  });
});
