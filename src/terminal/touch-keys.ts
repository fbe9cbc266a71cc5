import { h } from '../dom/h.ts';

/** What a telephone's keyboard does not have. */
const KEYS: readonly (readonly [label: string, data: string])[] = [
  ['Esc', '\u001b'],
  ['Tab', '\t'],
  ['Ctrl+C', '\u0003'],
  ['Ctrl+D', '\u0004'],
  ['↑', '\u001b[A'],
  ['↓', '\u001b[B'],
  ['←', '\u001b[D'],
  ['→', '\u001b[C'],
  ['/', '/'],
  ['|', '|'],
];

/** A row of keys under the terminal, shown where fingers do the pointing. */
export function makeTouchKeys(label: string, input: (data: string) => void): HTMLElement {
  return h(
    'div',
    { class: 'term-keys', role: 'group', 'aria-label': label },
    ...KEYS.map(([name, data]) => {
      const key = h(
        'button',
        {
          type: 'button',
          class: 'term-key',
          click: () => {
            input(data);
          },
        },
        name,
      );
      // The terminal keeps the focus, and the phone its keyboard.
      key.addEventListener('mousedown', (event) => {
        event.preventDefault();
      });
      return key;
    }),
  );
}
