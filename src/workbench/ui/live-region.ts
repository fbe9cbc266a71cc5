import { h } from '../../dom/h.ts';

/** Where screen readers hear what happened, without leaving what they read. */
export interface LiveRegion {
  readonly element: HTMLElement;
  readonly announce: (text: string) => void;
}

export function liveRegion(): LiveRegion {
  const element = h('div', { class: 'wb-unseen', role: 'status' });
  return {
    element,
    announce(text) {
      // The same words twice are no change, and would not be read again.
      element.textContent = element.textContent === text ? `${text}\u00a0` : text;
    },
  };
}
