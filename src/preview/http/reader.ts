import { PreviewFailure } from '../problem.ts';

/** Reads a stream of chunks by lines and by counted bytes. */
export interface ByteReader {
  /**
   * The next line without its end, CRLF or LF, each byte a character. Undefined when the stream ends
   * before one begins. Fails with `cut-off` within a line, with `head-too-large` after `limit` bytes.
   */
  line(limit: number): Promise<string | undefined>;
  /** At least one and at most `most` bytes, as soon as there are some; undefined at the end. */
  some(most?: number): Promise<Uint8Array | undefined>;
}

const LF = 10;

export function byteReader(stream: AsyncIterable<Uint8Array>): ByteReader {
  const chunks = stream[Symbol.asyncIterator]();
  let rest = new Uint8Array(0);

  /** False when there is nothing more. */
  async function fill(): Promise<boolean> {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done === true) return false;
      rest = next.value as Uint8Array<ArrayBuffer>;
    }
    return true;
  }

  return {
    async line(limit) {
      let text = '';
      while (await fill()) {
        const end = rest.indexOf(LF);
        const piece = rest.subarray(0, end < 0 ? rest.length : end);
        if (text.length + piece.length > limit) {
          throw new PreviewFailure('head-too-large', `a line of more than ${limit} bytes`);
        }
        text += latin1(piece);
        rest = rest.subarray(end < 0 ? rest.length : end + 1);
        if (end >= 0) return text.endsWith('\r') ? text.slice(0, -1) : text;
      }
      if (text === '') return undefined;
      throw new PreviewFailure('cut-off', 'the connection ended in the middle of a line');
    },
    async some(most = Infinity) {
      if (!(await fill())) return undefined;
      const piece = rest.subarray(0, Math.min(most, rest.length));
      rest = rest.subarray(piece.length);
      return piece;
    },
  };
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
