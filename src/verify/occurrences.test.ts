import { describe, expect, it } from 'vitest';
import { dir, file, opaque, symlink, whiteout } from '../testing/entries.ts';
import { NO_PANTRY, pantryImage } from '../testing/pantry-images.ts';
import { portImage } from '../testing/port-image.ts';
import type { Image } from './engine.ts';
import { occurrencesOf } from './occurrences.ts';

async function seen(image: Image): Promise<readonly string[]> {
  return [...(await occurrencesOf(image))]
    .filter(([, all]) => all.some(({ hiddenBy }) => hiddenBy === undefined))
    .map(([path]) => path)
    .sort();
}

async function inTree(image: Image): Promise<readonly string[]> {
  return [...(await image.files()).walk()].map(({ entry }) => entry.path).sort();
}

describe('what no layer hides', () => {
  it('is what a container sees', async () => {
    const image = await portImage({
      rows: [
        {
          by: '1',
          entries: [
            dir('a'),
            dir('a/b'),
            file('a/b/c'),
            file('a/d'),
            file('e'),
            dir('f'),
            file('f/g'),
          ],
        },
        {
          by: '2',
          entries: [whiteout('a/b'), opaque('f'), dir('f'), file('f/h'), file('e', 'new')],
        },
        { by: '3', entries: [dir('a/b'), file('a/b/i'), symlink('f', 'a'), whiteout('nothing')] },
        { by: '4', entries: [file('a/d', 'new'), whiteout('a/d')] },
      ],
    });
    expect(await seen(image)).toEqual(['a', 'a/b', 'a/b/i', 'a/d', 'e', 'f']);
    expect(await seen(image)).toEqual(await inTree(image));
    const all = await occurrencesOf(image);
    expect(all.get('a/b/c')).toMatchObject([{ layer: 0, hiddenBy: 1 }]);
    expect(all.get('e')).toMatchObject([
      { layer: 0, hiddenBy: 1 },
      { layer: 1, hiddenBy: undefined },
    ]);
    expect(all.get('f/h')).toMatchObject([{ layer: 1, hiddenBy: 2 }]);
  });

  it.skipIf(NO_PANTRY !== undefined)(
    `is what a container sees of real images (${NO_PANTRY ?? 'the pantry is here'})`,
    async () => {
      for (const name of ['gcr.io/distroless/python3-debian13', 'node:24-trixie-slim']) {
        const image = await pantryImage(name, '386');
        const tree = await image.files();
        const ours = new Set(await seen(image));
        // A directory that no entry is of is made for what is in it.
        const theirs = [...tree.walk()].filter(({ entry }) => entry.type !== 'dir');
        expect(theirs.length).toBeGreaterThan(1000);
        expect(theirs.filter(({ entry }) => !ours.has(entry.path))).toEqual([]);
        expect([...ours].filter((path) => tree.get(path) === undefined)).toEqual([]);
      }
    },
  );
});
