import fc from 'fast-check';
import { HtmlValidate } from 'html-validate';
import sharp from 'sharp';

import { describe, expect, it } from 'vitest';
import { type Colours, COLOUR_NAMES } from './colours.ts';
import { sizeOfRows } from './listing.ts';
import { bandsOf, placesOf, type StackModel } from './stack.ts';
import { layerStackHtml } from './stack-html.ts';
import { layerStackSvg } from './stack-svg.ts';

const layers = fc.array(
  fc.record({
    label: fc.string(),
    size: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e9 })),
    sharedWith: fc.constantFrom([], ['other:1']),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('the bands of a stack', () => {
  it('have every layer once, from the ground up, and all of its bytes', () => {
    fc.assert(
      fc.property(layers, (some) => {
        const bands = bandsOf({ name: 'a', layers: some });
        expect(bands.flatMap((band) => band.layers)).toEqual(some);
        expect(sizeOfRows(bands)).toBe(sizeOfRows(some));
      }),
    );
  });

  it('are coloured from the ground up, in six colours', () => {
    fc.assert(
      fc.property(layers, (some) => {
        const tones = bandsOf({ name: 'a', layers: some }).map(({ tone }) => tone);
        expect(tones).toEqual(tones.toSorted((a, b) => a - b));
        expect(tones.every((tone) => tone >= 1 && tone <= 6)).toBe(true);
      }),
    );
  });

  it('fill the drawing, none of them invisible', () => {
    fc.assert(
      fc.property(layers, (some) => {
        const places = placesOf(bandsOf({ name: 'a', layers: some }));
        const last = places.at(-1);
        expect((last?.top ?? 0) + (last?.height ?? 0)).toBeCloseTo(1);
        for (const { height } of places) expect(height).toBeGreaterThan(0.0079);
      }),
    );
  });

  it('are one layer each while they can be read, and join small ones when there are many', () => {
    const of = (count: number): StackModel => ({
      name: 'a',
      layers: [
        { label: 'libc6', size: 12_000_000 },
        ...Array.from({ length: count }, (_, i) => ({ label: `f${i}`, size: 4096 })),
      ],
    });
    expect(bandsOf(of(5))).toHaveLength(6);
    expect(bandsOf(of(20)).map((band) => band.layers.length)).toEqual([1, 20]);
  });
});

const model: StackModel = {
  name: 'gcr.io/distroless/base-debian13',
  layers: [
    { label: 'base-files', size: 511_488, sharedWith: ['static:latest', 'gcr.io/x/cc:latest'] },
    { label: 'libc6', size: 12_570_624 },
    { label: 'RUN <b>rm</b>', size: 0 },
  ],
};

describe('the picture of a stack', () => {
  const html = layerStackHtml(model, { lang: 'pt-BR' });

  it('is valid HTML without style attributes, and its words are text', async () => {
    const { results } = await new HtmlValidate({
      extends: ['html-validate:recommended'],
      rules: { 'no-trailing-whitespace': 'off', 'no-inline-style': 'error', 'void-style': 'off' },
    }).validateString(html);
    expect(results.flatMap(({ messages }) => messages.map(({ message }) => message))).toEqual([]);
    expect(html).not.toContain('<b>');
  });

  it('has a table that says the same', () => {
    const table = html.slice(html.indexOf('<details'));
    for (const { label } of model.layers) expect(table).toContain(label.split('<')[0]);
    expect(table).toContain('também em static e cc');
    expect(table).toMatch(/12,6<.*MB/s);
  });

  it('is drawn as a picture that stands alone', async () => {
    const colours = Object.fromEntries(COLOUR_NAMES.map((name) => [name, '#123456'])) as Colours;
    const svg = layerStackSvg(model, { lang: 'en', colours });
    expect(svg).not.toContain('var(--');
    expect(await sharp(Buffer.from(svg)).metadata()).toMatchObject({ format: 'svg', width: 800 });
  });
});
