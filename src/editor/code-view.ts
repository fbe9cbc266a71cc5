import {
  acceptCompletion,
  autocompletion,
  completionKeymap,
  type CompletionSource,
  completionStatus,
  selectedCompletionIndex,
  setSelectedCompletion,
} from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  isolateHistory,
} from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, linter, type LintSource } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { isDockerfile } from './diagnose.ts';
import { languageOf } from './languages.ts';
import { difference, type LineEnd, lineEndOf } from './line-ends.ts';
import { look } from './look.ts';
import type { EditorWords } from './words.ts';

/** Where code is edited. One at a time; each file keeps its state, and with it its undo history. */
export interface CodeView {
  readonly element: HTMLElement;
  readonly view: EditorView;
  newState(path: string, text: string, editable: boolean): EditorState;
  show(path: string, state: EditorState): void;
  setEditable(editable: boolean): void;
}

export interface CodeGiven {
  readonly words: EditorWords;
  readonly complete: CompletionSource;
  readonly lint: LintSource;
  onTyped(): void;
  onSave(): void;
  onBlur(): void;
}

/** Long enough for Esc to be read as the beginning of leaving; any key but Tab ends it. */
const LEAVING = 600_000;

const editing = new Compartment();
const colours = new Compartment();

/**
 * In a shadow root, because there CodeMirror's styles are sheets made by script: a content security
 * policy without 'unsafe-inline' refuses the other kind.
 */
export function makeCodeView(given: CodeGiven): CodeView {
  const element = document.createElement('div');
  element.className = 'ed-code';
  const root = element.attachShadow({ mode: 'open' });
  const { words } = given;

  const shared: Extension = [
    lineNumbers(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search(),
    look,
    EditorView.lineWrapping,
    EditorState.phrases.of(words.phrases),
    keymap.of([
      {
        key: 'Mod-s',
        preventDefault: true,
        run: () => {
          given.onSave();
          return true;
        },
      },
      ...[...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap],
      { key: 'Tab', run: acceptFirst },
      ...[...defaultKeymap, indentWithTab],
    ]),
    EditorView.updateListener.of(({ docChanged }) => {
      if (docChanged) given.onTyped();
    }),
    EditorView.domEventHandlers({
      keyup(event, editor) {
        if (event.key === 'Escape') editor.setTabFocusMode(LEAVING);
      },
      blur: () => {
        given.onBlur();
      },
      beforeinput: typeOver,
    }),
  ];

  let shown = '';
  const view = new EditorView({ parent: root, root, state: EditorState.create() });

  const forPath = (path: string): Extension => [
    EditorView.contentAttributes.of({ 'aria-label': words.code(path), tabindex: '0' }),
    indentUnit.of(/\.(?:go|mk)$|Makefile$/.test(path) ? '\t' : '  '),
    ...(isDockerfile(path)
      ? [
          autocompletion({ override: [given.complete], icons: false, selectOnOpen: false }),
          linter(given.lint, { delay: 250 }),
          lintGutter(),
        ]
      : []),
  ];

  return {
    element,
    view,
    newState(path, text, editable) {
      const language = languageOf(path);
      return EditorState.create({
        doc: text,
        extensions: [
          EditorState.lineSeparator.of(lineEndOf(text)),
          editing.of(EditorState.readOnly.of(!editable)),
          colours.of(language === undefined || language instanceof Promise ? [] : language),
          forPath(path),
          shared,
        ],
      });
    },
    show(path, state) {
      shown = path;
      view.setState(state);
      const language = languageOf(path);
      if (!(language instanceof Promise)) return;
      void language.then((found) => {
        // Another file may be there by now.
        if (shown === path) view.dispatch({ effects: colours.reconfigure(found) });
      });
    },
    setEditable(editable) {
      if (view.state.readOnly === !editable) return;
      view.dispatch({ effects: editing.reconfigure(EditorState.readOnly.of(!editable)) });
    },
  };
}

/**
 * Enter ends the line, also below a list that nobody asked for; Tab takes what is chosen in it, or the
 * first.
 */
function acceptFirst(view: EditorView): boolean {
  if (completionStatus(view.state) !== 'active') return false;
  if (selectedCompletionIndex(view.state) === null) {
    view.dispatch({ effects: setSelectedCompletion(0) });
  }
  return acceptCompletion(view);
}

/**
 * What is typed over a selection. Left to Chromium it would keep the colours that the selection began
 * with, in a style attribute, which the site's policy forbids.
 */
function typeOver({ inputType, data, isComposing }: InputEvent, view: EditorView): boolean {
  const { readOnly, selection } = view.state;
  if (inputType !== 'insertText' || data === null || isComposing || readOnly) return false;
  if (selection.ranges.every(({ empty }) => empty)) return false;
  view.dispatch(view.state.replaceSelection(data), {
    userEvent: 'input.type',
    scrollIntoView: true,
  });
  return true;
}

/** The text of a state as it is to be written. */
export function textOf(state: EditorState): string {
  return state.sliceDoc();
}

/** The change that makes a state say `text`; undefined when its line ends cannot. */
export function toText(state: EditorState, text: string) {
  const end: LineEnd = lineEndOf(text);
  if (text.includes('\n') && end !== state.lineBreak) return undefined;
  const plain = (whole: string): string => whole.split(state.lineBreak).join('\n');
  const change = difference(plain(textOf(state)), plain(text));
  if (!change) return {};
  const { from, to, insert } = change;
  return {
    changes: { from, to, insert: insert.split('\n').join(state.lineBreak) },
    // A step of its own for undo: what was typed just before comes back with it.
    annotations: isolateHistory.of('full'),
  };
}
