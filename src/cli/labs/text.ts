import { stripVTControlCharacters } from 'node:util';
import type { Paint } from './paint.ts';

/** What a program printed cannot move our cursor or name our window: control characters go, lines and tabs stay. */
export function harmless(text: string): string {
  const lines = stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replaceAll('\t', '    ');
  return lines.replace(/[[\p{Cc}\p{Bidi_Control}]--\n]/gv, '�');
}

/** Colours what is in `backticks` instead of showing them; where there are no colours they stay. */
export function inked(text: string, paint: Paint): string {
  return paint.on ? text.replace(/`([^`\n]+)`/g, (_, code: string) => paint.cyan(code)) : text;
}

/** Lines of at most `width` columns, broken between words; a word longer than that stays whole. */
export function wrapped(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): readonly string[] {
  if (columnsOf(line) <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let now = indent;
  for (const word of line.slice(indent.length).split(' ')) {
    const joined = now === indent ? `${now}${word}` : `${now} ${word}`;
    if (columnsOf(joined) <= width || now === indent) {
      now = joined;
      continue;
    }
    lines.push(now);
    now = `${indent}${word}`;
  }
  return [...lines, now];
}

/** How many columns a text takes on a terminal; wide characters count as one, as there are none in our words. */
export function columnsOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** `text` filled with spaces to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** `text` cut to `width` columns, with an ellipsis when something is missing. */
export function cut(text: string, width: number): string {
  const letters = Array.from(text);
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
