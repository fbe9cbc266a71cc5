import { fill, h } from '../../dom/h.ts';
import { sizeText } from '../../picture/size.ts';
import type { LogEntry } from '../../preview/log.ts';
import type { PreviewDesk } from '../port.ts';
import { button } from './button.ts';
import type { Desk } from './desk.ts';

/** Rows that are drawn; the log itself has more. */
const MOST = 100;

export interface RequestLogView {
  readonly element: HTMLElement;
  /** There may be others; drawn when it is open. */
  refresh(): Promise<void>;
}

/** The requests that pages made, folded away until somebody wants to know. */
export function requestLogView(
  { words: { page: words }, lang }: Pick<Desk, 'words' | 'lang'>,
  { log, clearLog }: Pick<PreviewDesk, 'log' | 'clearLog'>,
): RequestLogView {
  const title = h('summary', {}, words.log.heading(0));
  const content = h('div', { class: 'wb-log' });
  const element = h('details', { class: 'wb-requests' }, title, content);
  let drawing = false;
  let stale = false;

  async function refresh(): Promise<void> {
    stale = true;
    if (drawing) return;
    drawing = true;
    while (stale) {
      stale = false;
      draw(await log());
    }
    drawing = false;
  }

  function draw(entries: readonly LogEntry[]): void {
    title.textContent = words.log.heading(entries.length);
    if (!element.open) return;
    const { columns } = words.log;
    fill(
      content,
      entries.length === 0
        ? h('p', { class: 'wb-soft' }, words.log.empty)
        : h(
            'table',
            {},
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ...[columns.request, columns.answer, columns.size, columns.time].map((text) =>
                  h('th', { scope: 'col' }, text),
                ),
              ),
            ),
            // The newest first: what just happened is what one looks for.
            h('tbody', {}, ...entries.slice(-MOST).reverse().map(row)),
          ),
      entries.length > 0 &&
        button(words.log.clear, () => void clearLog().then(refresh), {
          class: 'wb-button wb-quiet',
        }),
    );
  }

  function row(entry: LogEntry): HTMLElement {
    const { method, port, target, status, problem, bytes, milliseconds, by, type } = entry;
    const bad = problem !== undefined || (status ?? 0) >= 400;
    const answer =
      problem === undefined
        ? (status?.toString() ?? words.log.waiting)
        : [status, words.log.problems[problem]].filter((part) => part !== undefined).join(' ');
    return h(
      'tr',
      { 'data-by': by, ...(bad && { 'data-tone': 'bad' }) },
      h('td', { title: words.log.by[by] }, h('code', {}, `${method} :${port}${target}`)),
      h('td', { ...(type !== undefined && { title: type }) }, answer),
      h('td', {}, sizeText(bytes, lang)),
      h('td', {}, milliseconds === undefined ? '…' : `${Math.round(milliseconds)} ms`),
    );
  }

  element.addEventListener('toggle', () => void refresh());
  return { element, refresh };
}
