/** Tokens of a Go template, as `text/template/parse` cuts them. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly position: number;
  readonly line: number;
}

export type TokenKind =
  | 'error'
  | 'eof'
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'string'
  | 'raw-string'
  | 'char-constant'
  | 'number'
  | 'variable'
  | 'field'
  | 'dot'
  | 'identifier'
  | 'bool'
  | 'nil'
  | 'keyword'
  | 'char'
  | 'left-paren'
  | 'right-paren';

const KEYWORDS = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
]);
const SPACES = ' \t\r\n';
const WORD = /[\p{L}\p{Nd}_]/u;
const NUMBER =
  /^[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9_]+(?:[eE][+-]?[0-9]+)?)/;

/** Cuts a template into tokens. A mistake becomes a last token of kind `error` whose text says what. */
export function lex(input: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const emit = (kind: TokenKind, end: number): void => {
    const text = input.slice(at, end);
    tokens.push({ kind, text, position: at, line });
    line += count(text);
    at = end;
  };
  const skip = (end: number): void => {
    line += count(input.slice(at, end));
    at = end;
  };
  const fail = (text: string): readonly Token[] => {
    tokens.push({ kind: 'error', text, position: at, line });
    return tokens;
  };

  for (;;) {
    const open = input.indexOf('{{', at);
    if (open < 0) {
      if (at < input.length) emit('text', input.length);
      emit('eof', input.length);
      return tokens;
    }
    const trimsBefore = input[open + 2] === '-' && isSpace(input[open + 3]);
    const textEnd = trimsBefore ? trimEnd(input, at, open) : open;
    if (textEnd > at) emit('text', textEnd);
    skip(open);
    const inside = open + 2 + (trimsBefore ? 2 : 0);
    if (input.startsWith('/*', inside)) {
      const close = input.indexOf('*/', inside + 2);
      if (close < 0) return fail('unclosed comment');
      const trims = isSpace(input[close + 2]) && input.startsWith('-}}', close + 3);
      const end = close + 2 + (trims ? 2 : 0);
      if (!input.startsWith('}}', end)) return fail('comment ends before closing delimiter');
      skip(end + 2);
      if (trims) skip(trimStart(input, at));
      continue;
    }
    emit('left', open + 2);
    skip(inside);
    const problem = lexAction();
    if (problem !== undefined) return fail(problem);
  }

  function lexAction(): string | undefined {
    let depth = 0;
    for (;;) {
      const trims = isSpace(input[at]) && input.startsWith('-}}', at + 1);
      if (trims || input.startsWith('}}', at)) {
        if (depth > 0) return 'unclosed left paren';
        if (trims) skip(at + 2);
        emit('right', at + 2);
        if (trims) skip(trimStart(input, at));
        return undefined;
      }
      const char = input[at];
      if (char === undefined) return 'unclosed action';
      if (isSpace(char)) {
        let end = at;
        // A space before `-}}` belongs to the delimiter.
        while (isSpace(input[end]) && !input.startsWith('-}}', end + 1)) end++;
        emit('space', end);
      } else if (char === '(') {
        depth++;
        emit('left-paren', at + 1);
      } else if (char === ')') {
        depth--;
        if (depth < 0) return 'unexpected right paren';
        emit('right-paren', at + 1);
      } else {
        const problem = lexOperand(char);
        if (problem !== undefined) return problem;
      }
    }
  }

  function lexOperand(char: string): string | undefined {
    if (char === '=') emit('assign', at + 1);
    else if (char === ':') {
      if (input[at + 1] !== '=') return 'expected :=';
      emit('declare', at + 2);
    } else if (char === '|') emit('pipe', at + 1);
    else if (char === '"') return lexQuoted('"', 'string', 'unterminated quoted string');
    else if (char === "'") {
      return lexQuoted("'", 'char-constant', 'unterminated character constant');
    } else if (char === '`') {
      const close = input.indexOf('`', at + 1);
      if (close < 0) return 'unterminated raw quoted string';
      emit('raw-string', close + 1);
    } else if (char === '$') return lexName('variable');
    else if (char === '.' && !/[0-9]/.test(input[at + 1] ?? '')) return lexName('field');
    else if (/[0-9+\-.]/.test(char)) return lexNumber();
    else if (WORD.test(codePoint(at))) return lexWord();
    else if (char > ' ' && char < '\x7f') emit('char', at + 1);
    else return `unrecognized character in action: ${unicodeName(codePoint(at))}`;
    return undefined;
  }

  function lexQuoted(quote: string, kind: TokenKind, problem: string): string | undefined {
    let end = at + 1;
    while (input[end] !== quote) {
      if (input[end] === '\\' && input[end + 1] !== '\n') end++;
      if (input[end] === undefined || input[end] === '\n') return problem;
      end++;
    }
    emit(kind, end + 1);
    return undefined;
  }

  function lexName(kind: 'variable' | 'field'): string | undefined {
    const end = wordEnd(at + 1);
    if (end === at + 1) {
      // Nothing after it: `.` alone, or `$` alone.
      emit(kind === 'field' ? 'dot' : 'variable', end);
      return atTerminator() ? undefined : badCharacter();
    }
    emit(kind, end);
    return atTerminator() ? undefined : badCharacter();
  }

  function lexNumber(): string | undefined {
    const match = NUMBER.exec(input.slice(at, at + 200));
    const end = at + (match?.[0].length ?? 1);
    const after = wordEnd(end);
    if (!match || after > end) {
      return `bad number syntax: ${JSON.stringify(input.slice(at, Math.max(after, end)))}`;
    }
    emit('number', end);
    return undefined;
  }

  function lexWord(): string | undefined {
    const end = wordEnd(at);
    const word = input.slice(at, end);
    const kind: TokenKind = KEYWORDS.has(word)
      ? 'keyword'
      : word === 'true' || word === 'false'
        ? 'bool'
        : word === 'nil'
          ? 'nil'
          : 'identifier';
    emit(kind, end);
    return atTerminator() ? undefined : badCharacter();
  }

  function wordEnd(from: number): number {
    let end = from;
    for (;;) {
      const char = codePoint(end);
      if (char === '' || !WORD.test(char)) return end;
      end += char.length;
    }
  }

  /** Whether what follows may follow a field, variable or word. */
  function atTerminator(): boolean {
    const char = input[at];
    return (
      char === undefined || isSpace(char) || '.,|:)('.includes(char) || input.startsWith('}}', at)
    );
  }

  function badCharacter(): string {
    return `bad character ${unicodeName(codePoint(at))}`;
  }

  function codePoint(index: number): string {
    const code = input.codePointAt(index);
    return code === undefined ? '' : String.fromCodePoint(code);
  }
}

function isSpace(char: string | undefined): boolean {
  return char !== undefined && SPACES.includes(char);
}

function trimEnd(input: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(input[end - 1])) end--;
  return end;
}

function trimStart(input: string, from: number): number {
  let start = from;
  while (isSpace(input[start])) start++;
  return start;
}

function count(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Go's %#U: `U+0040 '@'`. */
function unicodeName(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return char >= ' ' ? `U+${hex} '${char}'` : `U+${hex}`;
}
