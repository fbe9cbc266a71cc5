import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast } from './contrast.ts';
import { DARK, LIGHT } from './palette.ts';

const tokens = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');

/** The grounds of the light and the dark theme. */
const [, light = '', dark = ''] =
  /--code-bg: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/.exec(tokens) ?? [];

describe.each([
  ['light', LIGHT, light],
  ['dark', DARK, dark],
])('the palette of the %s theme', (_, palette, ground) => {
  it.each<[string, string]>(Object.entries(palette))('%s reads (4.5:1)', (_name, colour) => {
    expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('has sixteen colours that differ', () => {
    expect(new Set(Object.values(palette)).size).toBe(16);
  });
});

describe('contrast', () => {
  it('is WCAG’s', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#123456', '#123456')).toBe(1);
  });
});
