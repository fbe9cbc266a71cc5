import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { difference } from '../components/site/differences.ts';
import { isBuilt, readStandIns } from './stand-ins.ts';

const nowhere = await mkdtemp(join(tmpdir(), 'semdistro-'));
const families = await readStandIns(nowhere);
const images = families.flatMap((family) => family.images);

describe('the stand-ins that pages show', () => {
  it('are there without a pantry, and say that they are not built', () => {
    expect(isBuilt(families)).toBe(false);
    expect(images.flatMap(({ references }) => references)).toContain(
      'gcr.io/distroless/static-debian13:nonroot',
    );
  });

  it('are none of the machine’s own images', () => {
    expect(families.map(({ id }) => id)).not.toContain('machine');
  });

  it('have names that an anchor can be', () => {
    const ids = images.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
  });

  it('each differ in something, which is said in both languages', () => {
    for (const { id, differs } of images) {
      expect(differs, id).not.toEqual([]);
      for (const sentence of differs) expect(difference(sentence, 'pt-BR'), sentence).toBeDefined();
    }
  });
});
