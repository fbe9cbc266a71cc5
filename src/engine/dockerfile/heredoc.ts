import { EngineError } from '../errors.ts';
import { lex } from './expand.ts';

/** A `<<NAME` before its content is known. */
export interface HeredocWord {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
}

const HEREDOC = /^(\d*)<<(-?)([^<]*)$/;
const NOTHING: ReadonlyMap<string, string> = new Map();

/**
 * The heredocs a joined line announces, in order. BuildKit's rules: the word is split off as a
 * shell would, so `"<<EOF"` and `<<<EOF` are none, `3<<E"O"F` is one. Throws `bad-substitution`.
 */
export function heredocWords(line: string): readonly HeredocWord[] {
  if (!line.includes('<<')) return [];
  return rawWords(line)
    .map(readHeredocWord)
    .filter((heredoc) => heredoc !== undefined);
}

/** Always a backslash here, whatever the escape directive says. */
function rawWords(line: string): readonly string[] {
  try {
    return lex(line, NOTHING, '\\', { rawQuotes: true, rawEscapes: true, keepUnset: true }).words;
  } catch (error) {
    // A shell may well understand the line; BuildKit then sees no heredocs in it.
    if (error instanceof EngineError && error.code === 'bad-substitution') return [];
    throw error;
  }
}

/** One word (`<<EOF`, `<<-"EOF"`), or undefined when it announces no heredoc. */
export function readHeredocWord(word: string): HeredocWord | undefined {
  const match = HEREDOC.exec(word);
  const [, , dash = '', rest = ''] = match ?? [];
  if (!match || rest === '') return undefined;
  const plain = lex(rest, NOTHING, '\\', { keepUnset: true }).words;
  const [name] = plain;
  if (name === undefined || plain.length !== 1) return undefined;
  const [raw = ''] = lex(rest, NOTHING, '\\', { keepUnset: true, rawQuotes: true }).words;
  return { name, expand: quotes(name) === quotes(raw), chomp: dash === '-' };
}

/** `<<-` takes the leading tabs of every line away. */
export function chomp(content: string): string {
  return content.replace(/(^|\n)\t+/g, '$1');
}

function quotes(text: string): number {
  return text.replace(/[^'"]/g, '').length;
}
