import type { SourceRange } from './diagnostic.ts';
import { isSpace } from './go-text.ts';

/** A physical line: `text` without line ending, `raw` with it. */
export interface SourceLine {
  readonly text: string;
  readonly raw: string;
}

/**
 * The lines of a source, cut at line feeds only, as BuildKit; carriage returns at the end of a line
 * belong to its end. Only where they begin is kept: ten megabytes of blank lines are ten million.
 */
export class SourceLines {
  readonly #source: string;
  readonly #starts: readonly number[];
  readonly length: number;

  constructor(source: string) {
    const starts = [0];
    for (let feed = source.indexOf('\n'); feed >= 0; feed = source.indexOf('\n', feed + 1)) {
      starts.push(feed + 1);
    }
    if (starts.at(-1) !== source.length) starts.push(source.length);
    this.#source = source;
    this.#starts = starts;
    this.length = starts.length - 1;
  }

  /** Undefined behind the last line. */
  line(at: number): SourceLine | undefined {
    const start = this.#starts[at];
    const end = this.#starts[at + 1];
    if (start === undefined || end === undefined) return undefined;
    const raw = this.#source.slice(start, end);
    return { text: withoutEnding(raw), raw };
  }

  /** UTF-16 units, line end included. */
  size(at: number): number {
    return (this.#starts[at + 1] ?? 0) - (this.#starts[at] ?? 0);
  }
}

function withoutEnding(raw: string): string {
  let end = raw.length;
  while (end > 0 && (raw.charAt(end - 1) === '\n' || raw.charAt(end - 1) === '\r')) end--;
  return raw.slice(0, end);
}

/** Whether the line is a comment, also in the middle of a continued instruction. */
export function isComment(text: string): boolean {
  return text.charAt(leadingSpaces(text)) === '#';
}

export function isBlank(text: string): boolean {
  return leadingSpaces(text) === text.length;
}

/**
 * The text of an instruction after joining its lines, which still knows where every character came
 * from. Positions are offsets into `text`.
 */
export class JoinedLine {
  #text = '';
  readonly #parts: string[] = [];
  readonly #pieces: { readonly offset: number; readonly line: number; readonly column: number }[] =
    [];
  #length = 0;

  append(text: string, line: number, column: number): void {
    this.#pieces.push({ offset: this.#length, line, column });
    this.#parts.push(text);
    this.#length += text.length;
  }

  get text(): string {
    if (this.#parts.length > 0) {
      this.#text += this.#parts.join('');
      this.#parts.length = 0;
    }
    return this.#text;
  }

  /** The source range of the characters from `start` to `end`. */
  range(start: number, end: number): SourceRange {
    return { start: this.#position(start, false), end: this.#position(end, true) };
  }

  /** An end on a seam belongs to the line before it, a start to the line after it. */
  #position(offset: number, isEnd: boolean): { line: number; column: number } {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const piece = this.#pieces[middle];
      if (piece && (isEnd ? piece.offset < offset : piece.offset <= offset)) low = middle;
      else high = middle - 1;
    }
    const piece = this.#pieces[low];
    if (!piece) return { line: 0, column: 0 };
    return { line: piece.line, column: piece.column + offset - piece.offset };
  }
}

/** How many spaces `text` begins with. */
export function leadingSpaces(text: string): number {
  let count = 0;
  while (count < text.length && isSpace(text.charAt(count))) count++;
  return count;
}
