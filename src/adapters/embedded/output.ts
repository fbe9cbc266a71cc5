import { concat } from '../../engine/bytes.ts';

/** What is kept of a stream. */
const MOST = 1024 * 1024;

/** The first MiB of a stream; the rest is let go. */
export interface Output {
  add(bytes: Uint8Array): void;
  text(): string;
}

export function output(): Output {
  let kept: Uint8Array[] = [];
  let size = 0;
  return {
    add(bytes) {
      if (size >= MOST) return;
      const part = bytes.slice(0, MOST - size);
      kept.push(part);
      size += part.length;
    },
    text() {
      const whole = concat(kept, size);
      kept = size === 0 ? [] : [whole];
      return new TextDecoder().decode(whole);
    },
  };
}
