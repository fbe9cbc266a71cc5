import { concat } from '../../engine/bytes.ts';

/** What a program printed, each stream cut to its first MiB. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

export interface StreamReader {
  /** So far. */
  printed(): Printed;
  /** Settles when there is no more to come. Never rejects: a connection that breaks is an end. */
  readonly ended: Promise<void>;
  close(): void;
}

const LIMIT = 1024 * 1024;

/**
 * Reads the two streams that the engine sends in one: eight bytes of header (1 or 2, and a length), and
 * as many bytes. It reads on past the limit and forgets, so that the program is not held up.
 */
export function readStreams(stream: NodeJS.ReadableStream & { destroy?(): unknown }): StreamReader {
  const kept: Record<1 | 2, Uint8Array[]> = { 1: [], 2: [] };
  const sizes = { 1: 0, 2: 0 };
  let header: Uint8Array = new Uint8Array(0);
  let left = 0;
  let target: 1 | 2 = 1;

  function take(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (left === 0) {
        const wanted = 8 - header.length;
        header = concat([header, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (header.length < 8) return;
        target = header[0] === 2 ? 2 : 1;
        left = new DataView(header.buffer, header.byteOffset).getUint32(4);
        header = new Uint8Array(0);
        continue;
      }
      const part = rest.subarray(0, left);
      const room = Math.min(part.length, LIMIT - sizes[target]);
      // Copied: the chunk it lies in may be much larger.
      if (room > 0) kept[target].push(part.slice(0, room));
      sizes[target] += Math.max(room, 0);
      left -= part.length;
      rest = rest.subarray(part.length);
    }
  }

  const ended = (async () => {
    try {
      for await (const chunk of stream) if (chunk instanceof Uint8Array) take(chunk);
    } catch {
      // What came is what there is.
    }
  })();
  return {
    printed: () => ({ stdout: textOf(kept[1]), stderr: textOf(kept[2]) }),
    ended,
    close() {
      stream.destroy?.();
    },
  };
}

/** A letter that the limit cut in half is dropped, so that no character stands for bytes that were not there. */
function textOf(chunks: readonly Uint8Array[]): string {
  return new TextDecoder().decode(concat(chunks)).slice(0, LIMIT);
}
