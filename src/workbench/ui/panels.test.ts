import { describe, expect, it } from 'vitest';
import { isMain, type PanelName, PANELS, panelsWith, tabAfter } from './panels.ts';

describe('the tab that a key chooses', () => {
  const side: readonly PanelName[] = PANELS.filter((name) => !isMain(name));

  it.each([
    ['ArrowRight', 'check', 'images'],
    ['ArrowRight', 'more', 'check'],
    ['ArrowLeft', 'check', 'more'],
    ['Home', 'more', 'check'],
    ['End', 'check', 'more'],
    ['a', 'check', undefined],
  ] as const)('%s on %s', (key, now, next) => {
    expect(tabAfter(side, now, key)).toBe(next);
  });

  it('is any of them on a phone', () => {
    expect(tabAfter(PANELS, 'terminal', 'ArrowLeft')).toBe('editor');
  });
});

describe('the panels', () => {
  it('are not those of checks where there is nothing to check', () => {
    expect(panelsWith(true)).toEqual(PANELS);
    expect(panelsWith(false)).toEqual(['editor', 'terminal', 'images', 'page', 'more']);
  });
});
