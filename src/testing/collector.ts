import { concat, utf8 } from '../engine/bytes.ts';
import type { Sink } from '../engine/docker/session.ts';

/** A sink that is no terminal and keeps what it is given. */
export function collector(): { readonly sink: Sink; bytes(): Uint8Array } {
  const chunks: Uint8Array[] = [];
  return {
    sink: {
      write: (data) => {
        chunks.push(typeof data === 'string' ? utf8(data) : data.slice());
      },
      drain: async () => undefined,
      columns: undefined,
    },
    bytes: () => concat(chunks),
  };
}
