/**
 * The search page. Pagefind has an index per language and takes that of the page it runs on; the link
 * to the other language carries the query over. The query is in the address, so that a result can be
 * come back to.
 */

/** What is used of Pagefind's own module, which its program writes beside its index. */
interface Pagefind {
  search(query: string): Promise<{ readonly results: readonly Found[] }>;
}
interface Found {
  readonly id: string;
  data(): Promise<FoundPage>;
}
interface FoundPage {
  readonly url: string;
  readonly meta: { readonly title?: string };
  /** HTML with `<mark>` and nothing else. */
  readonly excerpt: string;
  readonly sub_results: readonly { readonly title: string; readonly url: string }[];
}

const PAGE = 8;
/** Milliseconds after the last key. */
const PAUSE = 150;

const form = document.querySelector<HTMLFormElement>('[data-search]');
const input = form?.querySelector('input');
const count = document.querySelector<HTMLElement>('[data-search-count]');
const list = document.querySelector<HTMLElement>('[data-search-results]');
const more = document.querySelector<HTMLButtonElement>('[data-search-more]');
if (form && input && count && list && more) start(form, input, count, list, more);

function start(
  form: HTMLFormElement,
  input: HTMLInputElement,
  count: HTMLElement,
  list: HTMLElement,
  more: HTMLButtonElement,
): void {
  const words = form.dataset;
  let loading: Promise<Pagefind> | undefined;
  const load = (): Promise<Pagefind> =>
    (loading ??= import(
      /* @vite-ignore */ `${words['search'] ?? '/pagefind/'}pagefind.js`
    ) as Promise<Pagefind>);
  let results: readonly Found[] = [];
  let shown = 0;

  async function show(): Promise<void> {
    const next = results.slice(shown, shown + PAGE);
    shown += next.length;
    const current = results;
    const pages = await Promise.all(next.map((one) => one.data()));
    if (results !== current) return;
    list.append(...pages.map(item));
    more.hidden = shown >= results.length;
  }

  async function search(): Promise<void> {
    const query = input.value.trim();
    keep(query);
    if (query === '') {
      results = [];
      list.replaceChildren();
      count.textContent = '';
      more.hidden = true;
      return;
    }
    let found: readonly Found[];
    try {
      found = (await (await load()).search(query)).results;
    } catch {
      count.textContent = words['broken'] ?? '';
      return;
    }
    // Somebody typed on meanwhile.
    if (query !== input.value.trim()) return;
    results = found;
    shown = 0;
    list.replaceChildren();
    const text = results.length === 0 ? 'none' : results.length === 1 ? 'one' : 'many';
    count.textContent = (words[text] ?? '')
      .replace('{count}', String(results.length))
      .replace('{query}', `“${query}”`);
    await show();
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void search(), PAUSE);
  });
  input.addEventListener('focus', () => void load().catch(() => undefined), { once: true });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void search();
  });
  more.addEventListener('click', () => void show());
  input.value = new URLSearchParams(location.search).get('q') ?? '';
  if (input.value !== '') void search();
  input.focus();
}

/** The query, in this page's address and in those of the other language. */
function keep(query: string): void {
  const links = document.querySelectorAll<HTMLAnchorElement>(
    'a[data-search-other], a[data-language]',
  );
  for (const place of [location, ...links]) {
    const url = new URL(place.href);
    if (query === '') url.searchParams.delete('q');
    else url.searchParams.set('q', query);
    if (place instanceof HTMLAnchorElement) place.href = url.href;
    else history.replaceState(null, '', url);
  }
}

function item({ url, meta, excerpt, sub_results }: FoundPage): HTMLElement {
  const entry = document.createElement('li');
  const title = document.createElement('h2');
  title.append(link(url, meta.title ?? url));
  const text = document.createElement('p');
  text.append(...marked(excerpt));
  entry.append(title, text);
  const places = sub_results.filter((one) => one.url !== url).slice(0, 3);
  if (places.length > 0) {
    const inside = document.createElement('ul');
    inside.append(
      ...places.map((place) => {
        const line = document.createElement('li');
        line.append(link(place.url, place.title));
        return line;
      }),
    );
    entry.append(inside);
  }
  return entry;
}

function link(url: string, text: string): HTMLAnchorElement {
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.textContent = text;
  return anchor;
}

/** The excerpt's text with its marks, and no other element that may be in it. */
function marked(html: string): readonly Node[] {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return [...body.childNodes].map((node) => {
    if (node.nodeName !== 'MARK') return document.createTextNode(node.textContent ?? '');
    const mark = document.createElement('mark');
    mark.textContent = node.textContent;
    return mark;
  });
}
