import type { Terminal } from '@xterm/xterm';

/**
 * xterm writes its colours into `<style>` elements and `style` attributes, which a content security
 * policy without 'unsafe-inline' refuses. Here they go the ways such a policy leaves open: style
 * sheets made by script, and the style object of an element.
 */

/**
 * Runs `work`, in which a terminal makes what draws it. What that asks of `document` meanwhile is
 * found here; what makes its rows, later, is given a document of its own, by names that xterm does
 * not document: where they changed, rows lose a few colours, and e2e/terminal.test.ts says so.
 */
export function quietly(terminal: Terminal, work: () => void): void {
  withQuietStyles(document, work);
  const path = ['_core', '_renderService', '_renderer', 'value', '_rowFactory'];
  const rows = path.reduce<unknown>(
    (value, name) => (isObject(value) ? Reflect.get(value, name) : undefined),
    terminal,
  );
  if (isObject(rows) && '_document' in rows) rows._document = quietDocument(document);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Elements made by it set their `style` attribute quietly. */
function quietDocument(document: Document): { createElement(tag: string): HTMLElement } {
  return {
    createElement: (tag: string): HTMLElement => quietAttribute(make(document, tag)),
  };
}

/** An element by the way that is never in another's place. */
function make(document: Document, tag: string): HTMLElement {
  return document.createElementNS('http://www.w3.org/1999/xhtml', tag);
}

/** Runs `work` with a document whose `<style>` elements are quiet. */
function withQuietStyles(document: Document, work: () => void): void {
  const value = (tag: string): HTMLElement =>
    tag === 'style' ? quietStyle(document) : make(document, tag);
  Object.defineProperty(document, 'createElement', { value, configurable: true });
  try {
    work();
  } finally {
    // The prototype's own is there again.
    Reflect.deleteProperty(document, 'createElement');
  }
}

/** Stands where a `<style>` would: its text becomes a sheet of the document's, while it is there. */
function quietStyle(document: Document): HTMLElement {
  const sheet = new CSSStyleSheet();
  const place = make(document, 'template');
  const remove = place.remove.bind(place);
  Object.defineProperty(place, 'textContent', {
    set(css: string) {
      sheet.replaceSync(css);
    },
  });
  Object.defineProperty(place, 'remove', {
    value() {
      remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    },
  });
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return place;
}

function quietAttribute(element: HTMLElement): HTMLElement {
  const setAttribute = element.setAttribute.bind(element);
  element.setAttribute = (name, value) => {
    if (name === 'style') element.style.cssText = value;
    else setAttribute(name, value);
  };
  return element;
}
