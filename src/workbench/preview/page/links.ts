import type { Asking } from './asking.ts';

/**
 * Links and forms that scripts made, or that name the server by its own address. There is one frame:
 * what would open another opens in it.
 */
export function installLinks(asking: Asking): void {
  /** The URL to go to; undefined when it stays as it is, or is told to be outside. */
  function lead(link: string, event?: Event): string | undefined {
    const meaning = asking.meaning(link);
    if (meaning.kind === 'outside') {
      event?.preventDefault();
      asking.tell({ kind: 'outside', url: meaning.url });
      return undefined;
    }
    return meaning.kind === 'guest' ? asking.shown(meaning.address) : undefined;
  }

  const keepHere = (element: Element): void => {
    if (/^_(?:blank|top|parent)$/i.test(element.getAttribute('target') ?? '')) {
      element.removeAttribute('target');
    }
  };

  addEventListener('click', (event) => {
    const link = event
      .composedPath()
      .find((one) => one instanceof Element && one.matches('a[href], area[href]'));
    if (!(link instanceof Element)) return;
    keepHere(link);
    const href = link.getAttribute('href') ?? '';
    // Within the page.
    if (href.startsWith('#')) return;
    const url = lead(href, event);
    if (url !== undefined) link.setAttribute('href', url);
  });

  function aim(form: HTMLFormElement, submitter?: HTMLElement | null, event?: Event): void {
    keepHere(form);
    for (const [element, name] of [
      [form, 'action'],
      [submitter, 'formaction'],
    ] as const) {
      const action = element?.getAttribute(name);
      const url = typeof action === 'string' ? lead(action, event) : undefined;
      if (url !== undefined) element?.setAttribute(name, url);
    }
  }
  addEventListener('submit', (event) => {
    if (event.target instanceof HTMLFormElement) aim(event.target, event.submitter, event);
  });
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with a form below
  const { submit } = HTMLFormElement.prototype;
  HTMLFormElement.prototype.submit = function (): void {
    aim(this);
    submit.call(this);
  };

  window.open = (url) => {
    const led = url === undefined || url === '' ? undefined : lead(String(url));
    if (led !== undefined) location.assign(led);
    return null;
  };
}
