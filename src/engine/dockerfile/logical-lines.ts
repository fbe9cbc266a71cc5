import { EngineError } from '../errors.ts';
import type { SourceRange } from './diagnostic.ts';
import { directiveReader } from './directives.ts';
import type { EscapeCharacter } from './expand.ts';
import { takeFlags } from './flags.ts';
import { trimSpace } from './go-text.ts';
import { chomp, heredocWords, type HeredocWord } from './heredoc.ts';
import type { Directives, Heredoc } from './instructions.ts';
import { readJsonForm } from './json-form.ts';
import { parseError, type ParseError } from './parse-error.ts';
import {
  isBlank,
  isComment,
  JoinedLine,
  leadingSpaces,
  SourceLines,
  type SourceLine,
} from './source-lines.ts';
import { cutBlank, type Word } from './words.ts';

/** One instruction before anything is known of its keyword. */
export interface LogicalLine {
  readonly joined: JoinedLine;
  /** Keyword, as written. */
  readonly keyword: Word;
  readonly flags: readonly Word[];
  /** What follows keyword and flags, spaces around it removed; `start` is its place in `joined`. */
  readonly rest: Word;
  readonly heredocs: readonly Heredoc[];
  /** First to last line, heredocs included. */
  readonly range: SourceRange;
  /** The comment lines right above, `#` and spaces removed. */
  readonly comments: readonly string[];
  /** Lines (from 0) inside the instruction that are blank: Docker warns about them. */
  readonly blankLines: readonly number[];
}

export interface LogicalLines {
  readonly directives: Directives;
  readonly lines: readonly LogicalLine[];
  /** Errors BuildKit finds before it looks at any instruction. */
  readonly errors: readonly ParseError[];
}

/** Bytes; BuildKit's scanner takes no longer line. */
const LONGEST_LINE = 65_535;

/** Cuts a Dockerfile into instructions by BuildKit's rules; linear in its length. */
export function readLogicalLines(source: string): LogicalLines {
  const errors: ParseError[] = [];
  const whole = new SourceLines(source);
  const length = readable(whole, errors);
  const physical = { length, line: (at: number) => (at < length ? whole.line(at) : undefined) };
  const lines: LogicalLine[] = [];
  const directives = directiveReader();
  let comments: string[] = [];
  let at = 0;
  for (; at < physical.length; at++) {
    const line = physical.line(at);
    if (!line) break;
    const bom = at === 0 && line.text.startsWith('\ufeff') ? 1 : 0;
    const indent = bom + leadingSpaces(line.text.slice(bom));
    const text = line.text.slice(indent);
    if (text.startsWith('#')) {
      const comment = trimSpace(text.slice(1));
      if (comment === '') comments = [];
      else comments.push(comment);
    }
    const problem = directives.done() ? undefined : directives.read(text, lineRange(at, line));
    if (problem) errors.push(problem);
    // A blank line takes the comment above it away from the instruction below.
    if (text === '') comments = [];
    if (text === '' || text.startsWith('#')) continue;
    const read = readOne(physical, at, indent, directives.directives.escape, comments);
    errors.push(...read.errors);
    if (read.line) lines.push(read.line);
    comments = [];
    at = read.last;
  }
  return { directives: directives.directives, lines, errors };
}

/** How many lines Docker reads: none from one on that is too long. */
function readable(lines: SourceLines, errors: ParseError[]): number {
  for (let at = 0; at < lines.length; at++) {
    // No character has more than three bytes per UTF-16 unit.
    if (lines.size(at) * 3 <= LONGEST_LINE) continue;
    const line = lines.line(at);
    if (!line || !tooLong(line)) continue;
    errors.push(lineTooLong(line, at));
    return at;
  }
  return lines.length;
}

interface Lines {
  readonly length: number;
  readonly line: (at: number) => SourceLine | undefined;
}

interface One {
  readonly line?: LogicalLine;
  readonly errors: readonly ParseError[];
  /** The last physical line it took. */
  readonly last: number;
}

function readOne(
  physical: Lines,
  first: number,
  indent: number,
  escape: EscapeCharacter,
  comments: readonly string[],
): One {
  const errors: ParseError[] = [];
  const blankLines: number[] = [];
  const joined = new JoinedLine();
  let at = first;
  let text = physical.line(first)?.text.slice(indent) ?? '';
  let end = continuation(text, escape);
  joined.append(text.slice(0, end), first, indent);
  while (end !== undefined && at + 1 < physical.length) {
    const line = physical.line(++at);
    if (!line) break;
    text = line.text;
    if (isComment(text)) continue;
    if (isBlank(text)) {
      blankLines.push(at);
      continue;
    }
    end = continuation(text, escape);
    joined.append(text.slice(0, end), at, 0);
  }
  const parts = cutInstruction(joined.text);
  const range = (last: number): SourceRange => ({
    start: { line: first, column: indent },
    end: { line: last, column: physical.line(last)?.text.length ?? 0 },
  });
  const heredocs = readHeredocs(physical, at, parts, joined.text);
  if ('problem' in heredocs) {
    errors.push(parseError(...heredocs.problem, range(heredocs.last)));
    return { errors, last: heredocs.last };
  }
  const line = { ...parts, joined, comments, blankLines, range: range(heredocs.last) };
  return { line: { ...line, heredocs: heredocs.found }, errors, last: heredocs.last };
}

/** Where the line's text ends when it goes on in the next one. */
function continuation(text: string, escape: EscapeCharacter): number | undefined {
  let end = text.length;
  while (end > 0 && (text.charAt(end - 1) === ' ' || text.charAt(end - 1) === '\t')) end--;
  if (text.charAt(end - 1) !== escape) return undefined;
  // An escaped escape character at the end of a line is just that.
  return text.charAt(end - 2) === escape && end >= 2 ? undefined : end - 1;
}

/** Keyword, flags and the rest of an instruction's text; `offset` is where the text begins. */
export function cutInstruction(
  text: string,
  offset = 0,
): { readonly keyword: Word; readonly flags: readonly Word[]; readonly rest: Word } {
  const start = offset + leadingSpaces(text);
  const [name, tail = '', tailStart = 0] = cutBlank(trimSpace(text));
  const keyword = { text: name, start, end: start + name.length };
  const { flags, rest } = takeFlags(tail, start + tailStart);
  const behind = rest + leadingSpaces(tail.slice(rest));
  const rested = trimSpace(tail.slice(behind));
  const at = tail === '' ? keyword.end : start + tailStart + behind;
  return { keyword, flags, rest: { text: rested, start: at, end: at + rested.length } };
}

type Heredocs =
  | { readonly found: readonly Heredoc[]; readonly last: number }
  | {
      readonly problem: readonly [code: string, message: string, hint: string];
      readonly last: number;
    };

function readHeredocs(
  physical: Lines,
  last: number,
  parts: { readonly keyword: Word; readonly rest: Word },
  text: string,
): Heredocs {
  if (!canHoldHeredoc(parts.keyword.text, parts.rest.text)) return { found: [], last };
  let words: readonly HeredocWord[];
  try {
    words = heredocWords(text);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { problem: [error.code, error.message, error.hint ?? ''], last };
  }
  const found: Heredoc[] = [];
  let at = last;
  for (const word of words) {
    const content: string[] = [];
    for (;;) {
      const line = physical.line(++at);
      if (!line) {
        return {
          problem: [
            'unterminated-heredoc',
            'unterminated heredoc',
            `Add a line with nothing but ${word.name} below the content.`,
          ],
          last: physical.length - 1,
        };
      }
      if ((word.chomp ? line.text.replace(/^\t+/, '') : line.text) === word.name) break;
      content.push(line.raw);
    }
    const raw = content.join('');
    found.push({ ...word, raw, content: word.chomp ? chomp(raw) : raw });
  }
  return { found, last: at };
}

const WITH_HEREDOCS: ReadonlySet<string> = new Set(['add', 'copy', 'run']);

function canHoldHeredoc(keyword: string, rest: string): boolean {
  if (!rest.includes('<<')) return false;
  if (keyword.toLowerCase() !== 'onbuild') {
    return WITH_HEREDOCS.has(keyword.toLowerCase()) && !isJson(rest);
  }
  const [trigger, tail = ''] = cutBlank(rest);
  if (!WITH_HEREDOCS.has(trigger.toLowerCase())) return false;
  return !isJson(tail.slice(takeFlags(tail, 0).rest));
}

function isJson(text: string): boolean {
  return readJsonForm(text) !== 'not-json';
}

function tooLong(line: SourceLine): boolean {
  const feed = line.raw.endsWith('\n') ? 1 : 0;
  return new TextEncoder().encode(line.raw).length - feed > LONGEST_LINE;
}

function lineTooLong(line: SourceLine, at: number): ParseError {
  return parseError(
    'line-too-long',
    `dockerfile line greater than max allowed size of ${LONGEST_LINE}`,
    'Split it with a backslash at the end of each part.',
    lineRange(at, line),
  );
}

function lineRange(line: number, { text }: SourceLine): SourceRange {
  const column = line === 0 && text.startsWith('\ufeff') ? 1 : 0;
  return { start: { line, column }, end: { line, column: text.length } };
}
