/**
 * Switching the language keeps the place: both translations have the same headings in the same order,
 * so the place is the number of the heading that was last passed and the distance to it.
 */

const KEY = 'semdistro:place';

interface Place {
  /** The page that it is for: its path. */
  readonly path: string;
  /** Which of the page's marks, and how far below the window's top it was, in pixels. */
  readonly mark: number;
  readonly top: number;
}

export function savePlace(path: string): void {
  const tops = marks().map((mark) => mark.getBoundingClientRect().top);
  const mark = tops.findLastIndex((top) => top <= innerHeight / 3);
  const top = tops[mark];
  if (top === undefined || scrollY === 0) return;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ path, mark, top } satisfies Place));
  } catch {
    // Without storage the other page begins at its beginning.
  }
}

export function restorePlace(): void {
  const place = takePlace();
  if (place?.path !== location.pathname) return;
  const mark = marks()[place.mark];
  if (mark === undefined) return;
  const go = (): void => {
    scrollBy({ top: mark.getBoundingClientRect().top - place.top, behavior: 'instant' });
  };
  go();
  // Text moves once more when its fonts are there.
  void document.fonts.ready.then(go);
}

function marks(): readonly Element[] {
  const all = [...document.querySelectorAll('main :is(h1, h2, h3, dt[id])')];
  // An open workbench has headings of its own, and the other page has them only once it is open, too.
  return all.filter((mark) => mark.closest('[data-workbench]') === null);
}

function takePlace(): Place | undefined {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return isPlace(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false;
  const { path, mark, top } = value as Partial<Record<keyof Place, unknown>>;
  return typeof path === 'string' && typeof mark === 'number' && typeof top === 'number';
}
