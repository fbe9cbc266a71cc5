import type { Asking } from './asking.ts';

/** What scripts make later that names a file: its element's class, and the attribute. */
const NAMING: readonly (readonly [new () => Element, string])[] = [
  [HTMLImageElement, 'src'],
  [HTMLScriptElement, 'src'],
  [HTMLLinkElement, 'href'],
  [HTMLMediaElement, 'src'],
  [HTMLSourceElement, 'src'],
  [HTMLInputElement, 'src'],
];

/**
 * Pictures, scripts and style sheets that scripts put into the page. Those that the page came with
 * are in it already; these are fetched by the workbench, and given to the element as a blob.
 */
export function installElements(asking: Asking, fetch: typeof globalThis.fetch): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with an element below
  const { setAttribute } = Element.prototype;
  /** What was asked for last, per element: a slow one must not come after it. */
  const wanted = new WeakMap<Element, string>();

  /** True when it is on its way, and the browser must not go for it itself. */
  function bring(element: Element, attribute: string, link: string): boolean {
    if (asking.meaning(link).kind !== 'guest' || link.trim() === '') return false;
    wanted.set(element, link);
    load(link).then(
      (url) => {
        if (wanted.get(element) === link) setAttribute.call(element, attribute, url);
        else URL.revokeObjectURL(url);
      },
      // The browser refuses it, and tells the element so.
      () => {
        setAttribute.call(element, attribute, link);
      },
    );
    return true;
  }

  async function load(link: string): Promise<string> {
    const answer = await fetch(link);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return URL.createObjectURL(await answer.blob());
  }

  const attributeOf = (element: Element): string | undefined => {
    if (element instanceof HTMLLinkElement && !/stylesheet/i.test(element.rel)) return undefined;
    return NAMING.find(([kind]) => element instanceof kind)?.[1];
  };

  for (const [kind, attribute] of NAMING) {
    const prototype = kind.prototype as object;
    const before = Object.getOwnPropertyDescriptor(prototype, attribute);
    if (!before) continue;
    const get = (element: Element): unknown => before.get?.call(element);
    const set = (element: Element, value: unknown): void => before.set?.call(element, value);
    Object.defineProperty(prototype, attribute, {
      ...before,
      get(this: Element) {
        const link = wanted.get(this);
        return link === undefined ? get(this) : new URL(link, document.baseURI).href;
      },
      set(this: Element, value: unknown) {
        const link = String(value);
        const isOurs = attributeOf(this) === attribute && bring(this, attribute, link);
        if (!isOurs) {
          wanted.delete(this);
          set(this, value);
        }
      },
    });
  }

  Element.prototype.setAttribute = function (name: string, value: string): void {
    const attribute = attributeOf(this);
    const isOurs = name.toLowerCase() === attribute && bring(this, attribute, value);
    if (!isOurs) setAttribute.call(this, name, value);
  };

  // What came as HTML: `innerHTML`, a template.
  function look(element: Element): void {
    const attribute = attributeOf(element);
    const link = attribute === undefined ? null : element.getAttribute(attribute);
    if (attribute !== undefined && link !== null && wanted.get(element) === undefined) {
      bring(element, attribute, link);
    }
  }
  const names = 'img,link,audio,video,source,input';
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        look(node);
        node.querySelectorAll(names).forEach(look);
      }
    }
  }).observe(document, { childList: true, subtree: true });
}
