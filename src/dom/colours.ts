import { h } from './h.ts';

/**
 * The page's colours as they hold for an element, by the names of their custom properties without the
 * dashes: for what draws outside of style sheets, and reads no `light-dark()`. Each is `#rrggbb`.
 */
export function coloursOf<Name extends string>(
  element: Element,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const probe = h('span', { hidden: true });
  // Where the system forces its own colours, these are asked for all the same.
  probe.style.setProperty('forced-color-adjust', 'none');
  element.append(probe);
  const colours = names.map((name) => {
    probe.style.setProperty('color', `var(--${name})`);
    return [name, asHex(getComputedStyle(probe).color)] as const;
  });
  probe.remove();
  return Object.fromEntries(colours) as Record<Name, string>;
}

/** `rgb(22, 32, 29)` as browsers compute it. */
function asHex(computed: string): string {
  const parts = computed.match(/\d+/g)?.slice(0, 3) ?? [];
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
}
