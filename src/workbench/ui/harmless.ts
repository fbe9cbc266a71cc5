/**
 * CSI, OSC and the other sequences by which a program moves a cursor or names a window. Written out,
 * so that no control character is in a pattern here.
 */
const SEQUENCES = new RegExp(
  [
    String.raw`\u{1b}\[[0-?]*[ \-\/]*[@-~]`,
    String.raw`\u{1b}\][^\u{7}\u{1b}]*(?:\u{7}|\u{1b}\\)?`,
    String.raw`\u{1b}[ \-\/]*[0-~]`,
  ].join('|'),
  'gu',
);

/** What a program printed, as text: without colours and control characters; lines stay. */
export function harmless(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(SEQUENCES, '')
    .replaceAll('\t', '    ')
    .replace(/[[\p{Cc}\p{Bidi_Control}]--\n]/gv, '\ufffd');
}
