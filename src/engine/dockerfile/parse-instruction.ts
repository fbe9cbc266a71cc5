import type { SourceRange } from './diagnostic.ts';
import type { EscapeCharacter } from './expand.ts';
import { readFlags, type FlagKind, type Flags } from './flags.ts';
import { trimSpace } from './go-text.ts';
import type { FromInstruction, Instruction } from './instructions.ts';
import type { LogicalLine } from './logical-lines.ts';
import { parseError, type ParseError } from './parse-error.ts';
import type { Word } from './words.ts';

/** What every instruction's parser gets. */
export interface Source {
  readonly line: LogicalLine;
  readonly keyword: string;
  readonly escape: EscapeCharacter;
  readonly base: { readonly range: SourceRange; readonly text: string };
  at(word: Word): SourceRange;
  /** An error about the whole instruction. */
  fail(code: string, message: string, hint: string): ParseError;
  /** The same for what BuildKit refuses while cutting lines, before any other instruction counts. */
  failEarly(code: string, message: string, hint: string): ParseError;
  flags(known: Readonly<Record<string, FlagKind>>): Flags | ParseError;
}

export type Parsed = FromInstruction | Instruction | ParseError;
export type InstructionParser = (source: Source) => Parsed;

export function sourceOf(line: LogicalLine, escape: EscapeCharacter): Source {
  const keyword = line.keyword.text.toUpperCase();
  const base = { range: line.range, text: trimSpace(line.joined.text) };
  const at = (word: Word) => line.joined.range(word.start, word.end);
  const fail = (code: string, message: string, hint: string) =>
    parseError(code, message, hint, line.range);
  return {
    line,
    keyword,
    escape,
    base,
    at,
    fail,
    failEarly: (code, message, hint) => ({ ...fail(code, message, hint), phase: 'lines' }),
    flags: (known) => readFlags(line.flags, known, at),
  };
}

/** What BuildKit refuses only when it comes to the line, all of the file being understood. */
export function atBuild(error: ParseError): ParseError {
  return { ...error, phase: 'build' };
}

export function atLeastOne(source: Source, example: string): ParseError {
  const message = `${source.keyword} requires at least one argument`;
  return source.fail('missing-argument', message, `Write ${example}.`);
}

export function exactlyOne(source: Source, example: string): ParseError {
  const message = `${source.keyword} requires exactly one argument`;
  return source.fail('missing-argument', message, `Write ${example}.`);
}
