import type { Diagnostic as Mark } from '@codemirror/lint';
import type { EditorState } from '@codemirror/state';
import { h, inked } from '../dom/h.ts';
import type { Diagnostic } from '../engine/dockerfile/diagnostic.ts';
import type { Language } from '../i18n/languages.ts';
import { explain } from './explain.ts';
import type { EditorWords } from './words.ts';

/** What the engine found, as CodeMirror marks it in the text. */
export function marksOf(
  state: EditorState,
  diagnostics: readonly Diagnostic[],
  words: EditorWords,
  lang: Language,
): readonly Mark[] {
  const { doc } = state;
  const offset = ({ line, column }: { readonly line: number; readonly column: number }): number => {
    if (line >= doc.lines) return doc.length;
    const { from, length } = doc.line(line + 1);
    return from + Math.min(column, length);
  };
  return diagnostics.map((diagnostic) => {
    const { severity, message, code, range } = diagnostic;
    const from = offset(range.start);
    const to = Math.max(from, offset(range.end));
    // A place between two characters cannot be underlined: its line can.
    const line = doc.lineAt(from);
    return {
      ...(from === to ? { from: line.from, to: line.to } : { from, to }),
      ...{ severity, source: code, message },
      renderMessage: () => explained(diagnostic, words, lang),
    };
  });
}

/** One of them in words: what, why, what to do, and Docker's own sentence. */
export function explained(diagnostic: Diagnostic, words: EditorWords, lang: Language): HTMLElement {
  const { what, why, advice, url } = explain(diagnostic, lang);
  const severity = diagnostic.severity === 'error' ? words.error : words.warning;
  return h(
    'div',
    { class: 'ed-explained' },
    h('p', {}, h('strong', {}, `${severity}: `), ...inked(what ?? advice)),
    why !== undefined && h('p', {}, ...inked(why)),
    what !== undefined && h('p', {}, '→ ', ...inked(advice)),
    h(
      'p',
      { class: 'ed-docker' },
      `${words.dockerSays} `,
      h('q', { lang: 'en' }, diagnostic.message),
    ),
    url !== undefined &&
      h(
        'p',
        {},
        h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, words.readMore),
      ),
  );
}

/** The list under the editor: for those who do not point at wavy lines, or cannot. */
export interface ProblemList {
  readonly element: HTMLElement;
  show(diagnostics: readonly Diagnostic[] | undefined): void;
}

export function makeProblemList(given: {
  readonly words: EditorWords;
  readonly lang: Language;
  onGo(line: number): void;
}): ProblemList {
  const { words, lang } = given;
  const count = h('summary', { class: 'ed-count' });
  const list = h('ol', { class: 'ed-problem-list' });
  const element = h('details', { class: 'ed-problems', hidden: true }, count, list);
  const live = h('span', { role: 'status' });
  count.append(live);
  let before = '';

  return {
    element,
    show(diagnostics) {
      element.hidden = diagnostics === undefined;
      const now = JSON.stringify(diagnostics ?? []);
      if (now === before && live.textContent !== '') return;
      before = now;
      const found = diagnostics ?? [];
      live.textContent = words.problems(found.length);
      element.dataset['worst'] =
        found.find(({ severity }) => severity === 'error')?.severity ??
        found[0]?.severity ??
        'none';
      if (found.length === 0) element.open = false;
      list.replaceChildren(
        ...found.map((diagnostic) => {
          const line = diagnostic.range.start.line + 1;
          return h(
            'li',
            { class: `ed-problem ed-${diagnostic.severity}` },
            h(
              'button',
              {
                type: 'button',
                class: 'ed-go',
                click: () => {
                  given.onGo(line);
                },
              },
              words.line(line),
            ),
            explained(diagnostic, words, lang),
          );
        }),
      );
    },
  };
}
