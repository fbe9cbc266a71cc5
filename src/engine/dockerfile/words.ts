import type { EscapeCharacter } from './expand.ts';
import { isSpace } from './go-text.ts';

/** A word as written, quotes and escapes kept, and where it stands in the joined line. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Splits ENV, LABEL and ARG at spaces outside quotes; quotes stay, `expand` removes them. */
export function splitWords(text: string, escape: EscapeCharacter): readonly Word[] {
  const words: Word[] = [];
  let word = '';
  let start = 0;
  let quoted = '';
  let blank = false;
  let inWord = false;
  const finish = (end: number) => {
    if (blank || word !== '') words.push({ text: word, start, end });
    word = '';
    blank = false;
    inWord = false;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (!inWord) {
      if (isSpace(character)) continue;
      inWord = true;
      start = at;
    }
    if (quoted === '' && isSpace(character)) {
      finish(at);
      continue;
    }
    if (quoted === '' && (character === "'" || character === '"')) {
      quoted = character;
      blank = true;
      word += character;
      continue;
    }
    if (character === quoted) quoted = '';
    // Nothing can be escaped between single quotes.
    if (character === escape && quoted !== "'") {
      if (at + 1 === text.length) continue;
      at++;
      word += character;
    }
    word += text.charAt(at);
  }
  if (inWord) finish(text.length);
  return words;
}

/** Go's `[\t\v\f\r ]+`: what separates arguments where quotes mean nothing. */
const BLANKS = /[\t\v\f\r ]+/g;

/** Splits FROM, COPY, EXPOSE … at blanks; an empty text has no words. */
export function splitBlanks(text: string, offset = 0): readonly Word[] {
  const words: Word[] = [];
  let start = 0;
  if (text === '') return words;
  for (const gap of text.matchAll(BLANKS)) {
    words.push({
      text: text.slice(start, gap.index),
      start: offset + start,
      end: offset + gap.index,
    });
    start = gap.index + gap[0].length;
  }
  words.push({ text: text.slice(start), start: offset + start, end: offset + text.length });
  return words;
}

/** At the first run of blanks: `['ENV', 'a b']`; one element when there is none. */
export function cutBlank(text: string): readonly [string] | readonly [string, string, number] {
  const gap = /[\t\v\f\r ]+/.exec(text);
  if (!gap) return [text];
  const rest = gap.index + gap[0].length;
  return [text.slice(0, gap.index), text.slice(rest), rest];
}
