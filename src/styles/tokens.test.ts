import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

/** Every colour's two sides, by name. */
const pairs = [...css.matchAll(/(--[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
  ([, name = '', light = '', dark = '']) => ({ name, light, dark }),
);
const LIGHT = new Map(pairs.map(({ name, light }) => [name, light]));
const DARK = new Map(pairs.map(({ name, dark }) => [name, dark]));

/** WCAG's contrast of two colours, 1 to 21. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const GROUNDS = ['--paper', '--paper-2', '--code-bg'];
const TEXTS = [
  ...['--ink', '--ink-soft', '--accent', '--ok', '--bad', '--warn'],
  ...['--code-comment', '--code-keyword', '--code-string', '--code-number', '--code-name'],
];
const LAYERS = [1, 2, 3, 4, 5, 6].map((layer) => `--layer-${layer}`);

describe('the tokens', () => {
  it('have no colour for one theme alone', () => {
    expect(css.match(/#[0-9a-f]{6}/g)).toHaveLength(2 * pairs.length);
  });

  describe.each([
    ['light', LIGHT],
    ['dark', DARK],
  ])('in the %s theme', (_, theme) => {
    const of = (name: string): string => theme.get(name) ?? expect.fail(`no ${name}`);

    it.each(TEXTS)('%s reads on every ground (4.5:1)', (text) => {
      for (const ground of GROUNDS)
        expect(contrast(of(text), of(ground)), ground).toBeGreaterThan(4.5);
    });

    it.each(LAYERS)('%s carries text (4.5:1) and stands out from the paper (3:1)', (layer) => {
      expect(contrast(of(layer), of('--layer-ink'))).toBeGreaterThan(4.5);
      expect(contrast(of(layer), of('--paper'))).toBeGreaterThan(3);
    });

    it('has readable buttons, marked text and borders that are seen', () => {
      expect(contrast(of('--accent'), of('--accent-ink'))).toBeGreaterThan(4.5);
      expect(contrast(of('--ink'), of('--mark'))).toBeGreaterThan(4.5);
      expect(contrast(of('--line-strong'), of('--paper'))).toBeGreaterThan(3);
    });
  });
});
