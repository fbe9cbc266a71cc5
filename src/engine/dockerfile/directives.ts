import type { SourceRange } from './diagnostic.ts';
import { trimLeft, trimSpace } from './go-text.ts';
import type { CheckDirective, Directives } from './instructions.ts';
import { parseError, type ParseError } from './parse-error.ts';

const NAME = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=/;
const KNOWN: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

export interface DirectiveReader {
  readonly directives: Directives;
  /** Whether no further line can be a directive. */
  done(): boolean;
  /** Reads the next line; the first that is not a known directive ends them for good. */
  read(line: string, range: SourceRange): ParseError | undefined;
}

/** Parser directives count at the very top only: not below a comment, a blank line, anything. */
export function directiveReader(): DirectiveReader {
  const found = new Map<string, string>();
  let done = false;
  const reader = {
    directives: { escape: '\\' } as Directives, // widened from the literal
    done: () => done,
    read(line: string, range: SourceRange): ParseError | undefined {
      const text = line.startsWith('#') ? trimLeft(line.slice(1)) : '';
      const [equals = '', written = ''] = NAME.exec(text) ?? [];
      const name = written.toLowerCase();
      const value = trimSpace(text.slice(equals.length));
      if (!KNOWN.has(name) || value === '') {
        done = true;
        return undefined;
      }
      if (found.has(name)) {
        return parseError(
          'duplicate-directive',
          `only one ${name} parser directive can be used`,
          'Keep one of them.',
          range,
        );
      }
      found.set(name, value);
      if (name === 'syntax') reader.directives = { ...reader.directives, syntax: value };
      if (name === 'check') reader.directives = { ...reader.directives, check: checkOf(value) };
      if (name !== 'escape') return undefined;
      if (value !== '\\' && value !== '`') {
        return parseError(
          'invalid-escape',
          `invalid escape token '${value}' does not match \` or \\`,
          'The escape directive takes a backslash or a backtick.',
          range,
        );
      }
      reader.directives = { ...reader.directives, escape: value };
      return undefined;
    },
  };
  return reader;
}

/** `skip=A,B;error=true;experimental=C`, any order. */
function checkOf(value: string): CheckDirective {
  const options = new Map<string, string>();
  for (const part of value.split(';')) {
    const [key = '', text = ''] = part.split('=', 2);
    options.set(key.trim().toLowerCase(), text.trim().toLowerCase());
  }
  const names = (text = '') =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  return {
    skip: names(options.get('skip')),
    experimental: names(options.get('experimental')),
    error: /^(?:1|t|true)$/.test(options.get('error') ?? ''),
  };
}
