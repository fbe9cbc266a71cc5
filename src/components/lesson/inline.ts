/** A property's text in parts: what is between backticks is code. */
export function inlineParts(
  text: string,
): readonly { readonly code: boolean; readonly text: string }[] {
  return text
    .split('`')
    .map((part, index) => ({ code: index % 2 === 1, text: part }))
    .filter((part) => part.text !== '');
}

/**
 * An answer of a quiz, rendered, as the choice and the reason: its first sentence, and the rest. Tags
 * that the cut would leave open stay whole, since it is only made outside of them.
 */
export function splitAnswer(html: string): { readonly choice: string; readonly reason: string } {
  const inner = /^\s*<p>(.*?)<\/p>\s*$/s.exec(html)?.[1] ?? html.trim();
  let depth = 0;
  for (const match of inner.matchAll(/<\/?[a-z][^>]*>|[.?!]”?(?=\s)/gs)) {
    if (match[0].startsWith('</')) depth--;
    else if (match[0].startsWith('<')) depth++;
    else if (depth === 0) {
      const end = match.index + match[0].length;
      const reason = inner.slice(end).replace(/^\s*[—–]?\s*/, '');
      return { choice: inner.slice(0, end), reason };
    }
  }
  return { choice: inner, reason: '' };
}
