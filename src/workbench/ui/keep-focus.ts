/**
 * Draws something anew without losing the keyboard's place: what had the focus is found again by its
 * `data-focus`, else `otherwise` gets it.
 */
export function keepingFocus(element: HTMLElement, draw: () => void, otherwise?: string): void {
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  draw();
  if (!(active instanceof HTMLElement) || active.isConnected) return;
  const name = active.dataset['focus'];
  const find = (wanted: string | undefined): HTMLElement | undefined =>
    [...element.querySelectorAll<HTMLElement>('[data-focus]')].find(
      (one) => one.dataset['focus'] === wanted,
    );
  (find(name) ?? (otherwise === undefined ? undefined : find(otherwise)))?.focus();
}
