import { type Attributes, h } from '../../dom/h.ts';

/** A button; it never sends a form. */
export function button(
  label: string,
  click: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  return h('button', { type: 'button', class: 'wb-button', ...attributes, click }, label);
}
