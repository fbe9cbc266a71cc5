import { StreamLanguage, type StringStream } from '@codemirror/language';
import { INSTRUCTIONS } from './instructions.ts';

/** Between two lines of a Dockerfile. */
interface State {
  /** The instruction that goes on here; empty where one may begin. */
  instruction: string;
  /** Words of it that were seen, flags left out. */
  words: number;
  /** The line before ended with the escape character. */
  continued: boolean;
  escape: '\\' | '`';
  /** Directives are only read above everything else. */
  onTop: boolean;
  /** Here-documents that are still to come, and whether the lines now are theirs. */
  heredocs: readonly Heredoc[];
  inHeredoc: boolean;
}

interface Heredoc {
  readonly end: string;
  readonly chomp: boolean;
}

/** Instructions after which another one follows: `ONBUILD RUN`, `HEALTHCHECK CMD`. */
const BEFORE_ANOTHER = new Set(['ONBUILD', 'HEALTHCHECK']);
const WITH_HEREDOCS = new Set(['RUN', 'COPY', 'ADD']);
const WITH_NAMES = new Set(['ENV', 'ARG', 'LABEL']);

/** Dockerfiles in colour, by line as Docker reads them: continuations, here-documents, directives. */
export const dockerfileLanguage = StreamLanguage.define<State>({
  name: 'dockerfile',
  startState: () => ({
    instruction: '',
    words: 0,
    continued: false,
    escape: '\\',
    onTop: true,
    heredocs: [],
    inHeredoc: false,
  }),
  token(stream, state) {
    if (stream.sol()) {
      state.inHeredoc = state.heredocs.length > 0 && !state.continued;
      if (state.inHeredoc) return heredocLine(stream, state);
      const comment = commentLine(stream, state);
      if (comment !== undefined) return comment;
      state.onTop = false;
      if (!state.continued) Object.assign(state, { instruction: '', words: 0 });
      state.continued = stream.string.trimEnd().endsWith(state.escape);
    }
    if (stream.eatSpace()) return null;
    return word(stream, state);
  },
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['[', '"', "'"] } },
});

function heredocLine(stream: StringStream, state: State): string {
  const [first, ...rest] = state.heredocs;
  const line = first?.chomp === true ? stream.string.replace(/^\t+/, '') : stream.string;
  stream.skipToEnd();
  if (line !== first?.end) return 'string';
  state.heredocs = rest;
  return 'labelName';
}

function commentLine(stream: StringStream, state: State): string | undefined {
  if (!/^\s*#/.test(stream.string)) return undefined;
  stream.skipToEnd();
  const directive = /^\s*#\s*(syntax|escape|check)\s*=\s*(\S)/i.exec(stream.string);
  if (directive === null || !state.onTop) {
    state.onTop = false;
    return 'comment';
  }
  if (directive[1]?.toLowerCase() === 'escape' && directive[2] === '`') state.escape = '`';
  return 'meta';
}

function word(stream: StringStream, state: State): string | null {
  if (state.instruction === '') {
    const [name = ''] = matched(stream, /^[^\s]+/);
    state.instruction = name.toUpperCase();
    return INSTRUCTIONS.has(state.instruction) ? 'keyword' : 'invalid';
  }
  if (stream.peek() === state.escape && stream.string.slice(stream.pos + 1).trim() === '') {
    stream.skipToEnd();
    return 'punctuation';
  }
  if (stream.match(/^--[\w-]+/)) return 'attributeName';
  if (stream.match(/^\$(?:\{[^}]*\}?|\w+)/)) return 'variableName.special';
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'[^']*'?/)) return 'string';
  if (WITH_HEREDOCS.has(state.instruction)) {
    const [, dash, end] = matched(stream, /^<<(-?)["']?([A-Za-z_]\w*)["']?/);
    if (end !== undefined) {
      state.heredocs = [...state.heredocs, { end, chomp: dash === '-' }];
      return 'labelName';
    }
  }
  return argument(stream, state);
}

function argument(stream: StringStream, state: State): string | null {
  const first = state.words === 0;
  if (WITH_NAMES.has(state.instruction) && stream.match(/^[\w.-]+(?==|\s*$)/)) {
    state.words++;
    return 'propertyName';
  }
  const [text] = matched(stream, /^(?:\\.|[^\s"'$\\`])+/);
  if (text === undefined) {
    stream.next();
    return null;
  }
  // Only what begins a word counts as one: `$A` in front of it is part of the same.
  const begins = /^$|\s/.test(stream.string.charAt(stream.start - 1));
  if (begins) state.words++;
  if (first && BEFORE_ANOTHER.has(state.instruction)) {
    const next = text.toUpperCase();
    if (INSTRUCTIONS.has(next) || next === 'NONE') {
      Object.assign(state, { instruction: next, words: 0 });
      return 'keyword';
    }
  }
  if (state.instruction === 'FROM') {
    if (state.words === 2 && /^as$/i.test(text)) return 'keyword';
    return state.words === 3 ? 'labelName' : 'className';
  }
  return state.instruction === 'EXPOSE' && /^\d/.test(text) ? 'number' : null;
}

/** What a pattern took, by group; nothing when it does not fit here. */
function matched(stream: StringStream, pattern: RegExp): readonly (string | undefined)[] {
  const match = stream.match(pattern);
  return match !== null && typeof match === 'object' ? match : [];
}
