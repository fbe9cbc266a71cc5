/** The first `width` characters, the last of them `…` when there is more: Docker's `CREATED BY`. */
export function ellipsis(text: string, width: number): string {
  const letters = Array.from(text);
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
}
