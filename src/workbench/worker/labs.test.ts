import { beforeAll, describe, expect, it } from 'vitest';
import { labSlugs as slugsOnDisk, loadLab } from '../../cli/labs/find.ts';
import { labNamed, labSlugs, requireLab, verifierOf } from './labs.ts';

// Many modules, once by Node and once by the bundler.
beforeAll(async () => {
  await Promise.all(labSlugs.flatMap((slug) => [labNamed(slug), verifierOf(slug), loadLab(slug)]));
}, 120_000);

describe('the labs in the bundle', () => {
  it('are all there are', async () => {
    expect(labSlugs).toEqual(await slugsOnDisk());
  });

  it.each(labSlugs)('%s is the one on the disk', async (slug) => {
    const onDisk = await loadLab(slug);
    const bundled = await labNamed(slug);
    expect(bundled.start).toEqual(onDisk.start);
    expect(bundled.solution).toEqual(onDisk.solution);
    // Wrong answers are for proving the checks, and hints are the page's.
    expect(bundled.wrong.size).toBe(0);
    expect(bundled.manifest).toEqual({ ...onDisk.manifest, wrong: {}, hints: [] });
    const ids = (checks: readonly { readonly id: string }[]) => checks.map(({ id }) => id);
    expect(ids((await verifierOf(slug)).checks)).toEqual(ids(onDisk.verifier.checks));
  });

  it('are known by their names', async () => {
    expect(() => {
      requireLab('nada');
    }).toThrow('there is no lab nada');
    await expect(labNamed('../cli')).rejects.toMatchObject({ code: 'lab-unknown' });
  });

  it('are the same each time', async () => {
    expect(await labNamed('livre')).toBe(await labNamed('livre'));
  });
});
