import { describe, expect, it } from 'vitest';
import { labSlugs as slugsOnDisk, loadLab } from '../../cli/labs/find.ts';
import { labNamed, labSlugs } from './labs.ts';

describe('the labs in the bundle', () => {
  it('are all there are', async () => {
    expect(labSlugs).toEqual(await slugsOnDisk());
  });

  it.each(labSlugs)('%s is the one on the disk', async (slug) => {
    const { wrong, ...onDisk } = await loadLab(slug);
    const { wrong: none, ...bundled } = labNamed(slug);
    expect(none.size).toBe(0);
    // Of Node's Buffers and a bundle's text, the bytes; an executable file would differ.
    expect(bundled.start).toEqual(onDisk.start);
    expect(bundled.solution).toEqual(onDisk.solution);
    expect(bundled.manifest).toEqual(onDisk.manifest);
    const ids = (checks: readonly { readonly id: string }[]) => checks.map(({ id }) => id);
    expect(ids(bundled.verifier.checks)).toEqual(ids(onDisk.verifier.checks));
    expect(wrong).toBeDefined();
  });

  it('are known by their names', () => {
    expect(() => labNamed('nada')).toThrow(expect.objectContaining({ code: 'lab-unknown' }));
    expect(() => labNamed('../cli')).toThrow(expect.objectContaining({ code: 'lab-unknown' }));
  });
});
