import { concat } from '../bytes.ts';

/** Docker's logger cuts longer lines into pieces. */
const LONGEST = 16 * 1024;
const LINE_FEED = 0x0a;

/** Cuts a stream into lines with their line feeds; what is not UTF-8 becomes U+FFFD, as in Docker's log. */
export function lineSplitter(add: (line: string) => void): {
  write(bytes: Uint8Array): void;
  /** What is left is a line too. */
  end(): void;
} {
  const decoder = new TextDecoder();
  let held: Uint8Array[] = [];
  let size = 0;
  const flush = (): void => {
    if (size > 0) add(decoder.decode(concat(held, size)));
    held = [];
    size = 0;
  };
  return {
    write(bytes) {
      let at = 0;
      while (at < bytes.length) {
        const found = bytes.indexOf(LINE_FEED, at);
        const end = Math.min(found < 0 ? bytes.length : found + 1, at + LONGEST - size);
        // Copied: whose bytes these are may use the array again.
        held.push(bytes.slice(at, end));
        size += end - at;
        at = end;
        if (end === found + 1 || size >= LONGEST) flush();
      }
    },
    end: flush,
  };
}
