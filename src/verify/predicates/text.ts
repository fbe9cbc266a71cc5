import { words, type Words } from '../words.ts';

/** What a text must contain: a piece of it, a pattern, or several of these. */
export type Pattern = string | RegExp | readonly (string | RegExp)[];

/** The first piece that is not in the text; undefined when all are. */
export function missingIn(text: string, pattern: Pattern): string | RegExp | undefined {
  return pieces(pattern).find((piece) => !has(text, piece));
}

/** The first piece that is in the text. */
export function presentIn(text: string, pattern: Pattern): string | RegExp | undefined {
  return pieces(pattern).find((piece) => has(text, piece));
}

function has(text: string, piece: string | RegExp): boolean {
  return typeof piece === 'string' ? text.includes(piece) : text.search(piece) >= 0;
}

function pieces(pattern: Pattern): readonly (string | RegExp)[] {
  return typeof pattern === 'string' || pattern instanceof RegExp ? [pattern] : pattern;
}

/** A piece as people read it. */
export function named(piece: string | RegExp): Words {
  if (typeof piece === 'string') return words(`\`${piece}\``, `\`${piece}\``);
  return words(`algo como \`${piece.source}\``, `something like \`${piece.source}\``);
}
