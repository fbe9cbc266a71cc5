import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { languageOf } from './languages.ts';
import { look } from './look.ts';
import type { DiffOptions } from './panel.ts';
import { wordsIn } from './words.ts';

/** Lines that are the same above and below a change, before the rest is folded away. */
const AROUND = 3;

/** Draws what changed between two texts; gives a way to take it off again. */
export async function drawDiff(
  element: HTMLElement,
  before: string,
  after: string,
  { lang, path = '' }: DiffOptions,
): Promise<() => void> {
  const words = wordsIn(lang);
  const language = await languageOf(path);
  // A shadow root for the same reason as in code-view.ts.
  const host = document.createElement('div');
  host.className = 'ed-diff';
  const root = host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: after,
      extensions: [
        lineNumbers(),
        look,
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorState.phrases.of(words.phrases),
        EditorView.contentAttributes.of({ 'aria-label': words.code(path), tabindex: '0' }),
        language ?? [],
        unifiedMergeView({
          original: before,
          mergeControls: false,
          collapseUnchanged: { margin: AROUND, minSize: 4 },
        }),
      ],
    }),
  });
  element.append(host);
  return () => {
    view.destroy();
    host.remove();
  };
}
