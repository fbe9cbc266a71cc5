import { describe, expect, it } from 'vitest';
import { continuous } from './continuous.ts';

/** A wait that ends when the test says so, and runs that end likewise. */
function desk() {
  const waiting = new Set<() => void>();
  const ends: (() => void)[] = [];
  const checks = continuous(
    () => new Promise((resolve) => ends.push(resolve)),
    (run) => {
      waiting.add(run);
      return () => waiting.delete(run);
    },
  );
  const elapse = (): void => {
    for (const run of [...waiting]) {
      waiting.delete(run);
      run();
    }
  };
  return { checks, ends, waiting, elapse };
}

/** Lets what awaited a run go on. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

describe('checking after every save', () => {
  it('is off until asked for', () => {
    const { checks, waiting } = desk();
    checks.changed(['Dockerfile']);
    expect(waiting.size).toBe(0);
  });

  it('runs once for a burst of saves', () => {
    const { checks, ends, elapse } = desk();
    checks.turn(true);
    checks.changed(['Dockerfile']);
    checks.changed(['go.mod']);
    elapse();
    expect(ends).toHaveLength(1);
  });

  it('runs once more, after the end, for what was saved in between', async () => {
    const { checks, ends, elapse } = desk();
    checks.turn(true);
    checks.changed(['Dockerfile']);
    elapse();
    checks.changed(['Dockerfile']);
    elapse();
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await settle();
    elapse();
    expect(ends).toHaveLength(2);
  });

  it.each(['.Dockerfile.swp', 'app/.main.go.swo', 'Dockerfile~', '4913', '.#Dockerfile'])(
    'does not run for %s, which an editor writes on the way',
    (path) => {
      const { checks, waiting } = desk();
      checks.turn(true);
      checks.changed([path]);
      expect(waiting.size).toBe(0);
    },
  );

  it.each([['off'], ['at its end']])('calls off what waits when it is turned %s', (how) => {
    const { checks, ends, elapse } = desk();
    checks.turn(true);
    checks.changed(['Dockerfile']);
    if (how === 'off') checks.turn(false);
    else checks.stop();
    elapse();
    expect(ends).toHaveLength(0);
  });
});
