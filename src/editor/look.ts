import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.meta], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.regexp, tags.attributeValue], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.atom, tags.null], color: 'var(--code-number)' },
  { tag: [tags.comment], color: 'var(--code-comment)', fontStyle: 'italic' },
  {
    tag: [tags.className, tags.typeName, tags.labelName, tags.tagName, tags.definition(tags.name)],
    color: 'var(--code-name)',
  },
  {
    tag: [tags.propertyName, tags.attributeName, tags.special(tags.variableName)],
    color: 'var(--code-number)',
  },
  { tag: [tags.invalid], color: 'var(--bad)' },
]);

const FONT = { fontFamily: 'var(--font-code)', fontSize: '0.875rem', lineHeight: '1.5' };

/** The site's colours, which follow its theme by themselves: all of them are tokens. */
const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--code-bg)' },
  '&.cm-focused': { outline: 'none', boxShadow: 'inset 2px 0 0 var(--accent)' },
  '.cm-scroller': FONT,
  '.cm-content': { caretColor: 'var(--accent)', padding: '0.5rem 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    backgroundColor: 'var(--code-bg)',
    color: 'var(--ink-soft)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 7%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--mark)' },
  '.cm-searchMatch-selected': {
    backgroundColor: 'var(--mark)',
    outline: '2px solid var(--accent)',
  },
  '.cm-panels': {
    backgroundColor: 'var(--paper-2)',
    color: 'var(--ink)',
    fontFamily: 'var(--font-display)',
  },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-textfield, .cm-button': {
    border: '1px solid var(--line-strong)',
    borderRadius: '3px',
    background: 'var(--paper)',
    color: 'var(--ink)',
    font: 'inherit',
  },
  '.cm-panel.cm-search label': { fontSize: 'inherit' },
  '.cm-panel button[name=close]': { color: 'var(--ink)', fontSize: '1.25rem' },
  '.cm-tooltip': {
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
    borderRadius: '3px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { ...FONT, maxWidth: 'min(34rem, 90vw)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 0.5rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--accent-ink)',
  },
  '.cm-completionDetail': { fontFamily: 'var(--font-display)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-tooltip.cm-tooltip-lint': { maxWidth: 'min(30rem, 90vw)' },
  '.cm-diagnostic': {
    padding: '0.5rem 0.75rem',
    fontFamily: 'var(--font-display)',
    fontSize: '0.875rem',
    lineHeight: '1.45',
  },
  '.cm-diagnostic p': { margin: '0 0 0.4em' },
  '.cm-diagnostic code': { fontFamily: 'var(--font-code)', fontSize: '0.95em' },
  '.cm-diagnostic a': { color: 'var(--accent)' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--bad)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--warn)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--warn) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lint-marker': { width: '0.7em', height: '0.7em', marginTop: '0.4em' },
  '.cm-lint-marker-error': {
    content: 'none',
    backgroundColor: 'var(--bad)',
    borderRadius: '50%',
  },
  '.cm-lint-marker-warning': {
    content: 'none',
    backgroundColor: 'var(--warn)',
    clipPath: 'polygon(50% 0, 100% 100%, 0 100%)',
  },
  // Faint grounds, and a line under what changed: code stays AA on both.
  '.cm-changedLine': {
    backgroundColor: 'color-mix(in srgb, var(--ok) 8%, transparent) !important',
  },
  'ins.cm-insertedLine, .cm-changedLine ins': { background: 'none', textDecoration: 'none' },
  '.cm-changedText, .cm-insertedLine .cm-changedText': {
    background: 'none !important',
    boxShadow: 'inset 0 -2px var(--ok)',
  },
  '.cm-deletedChunk': {
    backgroundColor: 'color-mix(in srgb, var(--bad) 8%, transparent) !important',
    paddingLeft: '6px',
  },
  '.cm-deletedChunk .cm-deletedText': {
    background: 'none !important',
    boxShadow: 'inset 0 -2px var(--bad)',
  },
  '.cm-deletedLine, del': { textDecoration: 'none' },
  '.cm-changedLineGutter': { background: 'var(--ok) !important' },
  '.cm-deletedLineGutter': { background: 'var(--bad) !important' },
  '.cm-collapsedLines': {
    background: 'var(--paper-2)',
    color: 'var(--ink-soft)',
    fontFamily: 'var(--font-display)',
  },
});

export const look: Extension = [theme, syntaxHighlighting(colours)];
