import { describe, expect, it } from 'vitest';
import type { Occasion } from '../../labs/steps.ts';
import { lookouts } from './lookouts.ts';

/** A wait that ends when the test says so, and looks that end likewise. */
function desk() {
  const waiting = new Set<() => void>();
  const looks: { readonly occasions: readonly Occasion[]; readonly end: () => void }[] = [];
  const outs = lookouts(
    (occasions) =>
      new Promise((resolve) => {
        looks.push({ occasions, end: resolve });
      }),
    (run) => {
      waiting.add(run);
      return () => waiting.delete(run);
    },
  );
  const elapse = async (): Promise<void> => {
    for (const run of [...waiting]) {
      waiting.delete(run);
      run();
    }
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { outs, looks, waiting, elapse };
}

describe('looking when something happens', () => {
  it('looks once for all that came in a row', async () => {
    const { outs, looks, elapse } = desk();
    outs.on('engine');
    outs.on('engine');
    outs.on('files');
    await elapse();
    expect(looks.map(({ occasions }) => occasions)).toEqual([['engine', 'files']]);
  });

  it('looks once more, after the end, for what happened meanwhile', async () => {
    const { outs, looks, elapse } = desk();
    outs.on('engine');
    await elapse();
    outs.on('files');
    await elapse();
    expect(looks).toHaveLength(1);
    looks[0]?.end();
    await elapse();
    await elapse();
    expect(looks.map(({ occasions }) => occasions)).toEqual([['engine'], ['files']]);
  });

  it('does not look any more when it is stopped', async () => {
    const { outs, looks, elapse } = desk();
    outs.on('engine');
    outs.stop();
    await elapse();
    outs.on('engine');
    await elapse();
    expect(looks).toEqual([]);
  });
});
