import { expect, it } from 'vitest';
import { pauses, type Pause } from './pause.ts';

/** Works without waiting for anything, until something else got its turn or a second is over. */
async function workUntil(done: () => boolean, pause: Pause): Promise<void> {
  const end = performance.now() + 1000;
  while (!done() && performance.now() < end) await (pause() ?? Promise.resolve());
}

it('lets a timer through work that waits for nothing', async () => {
  let isHeard = false;
  setTimeout(() => (isHeard = true), 0);
  await workUntil(
    () => isHeard,
    () => undefined,
  );
  expect(isHeard).toBe(false);
  await workUntil(() => isHeard, pauses());
  expect(isHeard).toBe(true);
});

it('ends work that is interrupted, with the reason', async () => {
  const interrupt = new AbortController();
  setTimeout(() => {
    interrupt.abort(new Error('enough'));
  }, 0);
  await expect(workUntil(() => false, pauses(interrupt.signal))).rejects.toThrow('enough');
});
