import type { ITheme } from '@xterm/xterm';
import { coloursOf } from '../dom/colours.ts';
import { contrast } from './contrast.ts';
import { DARK, LIGHT } from './palette.ts';

/** What a terminal looks like, out of the page's tokens. */
export interface Look {
  readonly theme: ITheme;
  readonly font: string;
  readonly marks: SearchMarks;
}

/** Colours of what was found, `#rrggbb`. */
export interface SearchMarks {
  readonly matchBackground: string;
  readonly matchOverviewRuler: string;
  readonly activeMatchBackground: string;
  readonly activeMatchBorder: string;
  readonly activeMatchColorOverviewRuler: string;
}

const NAMES = ['code-bg', 'ink', 'accent', 'line-strong', 'mark'] as const;

/** Reads the tokens that hold for an element. */
export function readLook(element: Element): Look {
  const colours = coloursOf(element, NAMES);
  const { ink, accent, mark, 'code-bg': ground, 'line-strong': strong } = colours;
  const dark = contrast(ground, '#ffffff') > contrast(ground, '#000000');
  return {
    font: getComputedStyle(element).getPropertyValue('--font-code').trim() || 'monospace',
    theme: {
      ...(dark ? DARK : LIGHT),
      background: ground,
      foreground: ink,
      cursor: accent,
      cursorAccent: ground,
      selectionBackground: `${accent}55`,
      selectionInactiveBackground: `${strong}55`,
      scrollbarSliderBackground: `${strong}66`,
      scrollbarSliderHoverBackground: `${strong}aa`,
      scrollbarSliderActiveBackground: strong,
    },
    marks: {
      matchBackground: mark,
      matchOverviewRuler: strong,
      activeMatchBackground: mark,
      activeMatchBorder: accent,
      activeMatchColorOverviewRuler: accent,
    },
  };
}

/** Calls back when the page or the system turns to another theme, until what it returns is called. */
export function onTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', listener);
  };
}
