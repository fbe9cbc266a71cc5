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
  const kept: Record<StreamName, Uint8Array[]> = { stdout: [], stderr: [] };
  const sizes = { stdout: 0, stderr: 0 };
  const keep = (part: Uint8Array, name: StreamName): void => {
    const room = Math.min(part.length, LIMIT - sizes[name]);
    // Copied: the chunk it lies in may be much larger.
    if (room > 0) kept[name].push(part.slice(0, room));
    sizes[name] += Math.max(room, 0);
  };
  return {
    printed: () => ({ stdout: textOf(kept.stdout), stderr: textOf(kept.stderr) }),
    // What came is what there is.
    ended: forEachFrame(stream, keep).catch(() => undefined),
    close() {
      stream.destroy?.();
    },
  };
}

type StreamName = 'stdout' | 'stderr';

/** Tells each part of both streams as it comes. Rejects when the connection breaks. */
export async function forEachFrame(
  stream: NodeJS.ReadableStream,
  tell: (part: Uint8Array, name: StreamName) => void,
): Promise<void> {
  let header: Uint8Array = new Uint8Array(0);
  let left = 0;
  let target: StreamName = 'stdout';
  for await (const chunk of stream) {
    let rest = chunk instanceof Uint8Array ? chunk : new Uint8Array(0);
    while (rest.length > 0) {
      if (left === 0) {
        const wanted = 8 - header.length;
        header = concat([header, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (header.length < 8) break;
        target = header[0] === 2 ? 'stderr' : 'stdout';
        left = new DataView(header.buffer, header.byteOffset).getUint32(4);
        header = new Uint8Array(0);
        continue;
      }
      const part = rest.subarray(0, left);
      tell(part, target);
      left -= part.length;
      rest = rest.subarray(part.length);
    }
  }
}

/** A letter that the limit cut in half is dropped, so that no character stands for bytes that were not there. */
function textOf(chunks: readonly Uint8Array[]): string {
  return new TextDecoder().decode(concat(chunks)).slice(0, LIMIT);
}
