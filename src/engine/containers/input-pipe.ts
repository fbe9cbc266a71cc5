import type { ByteStream } from '../bytes.ts';

/** A process's standard input while nobody, or somebody, is attached to it. */
export interface InputPipe {
  /** Resolves when the process has taken it, or never will. */
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
  /** For one process at a time: the next one gets what this one left. */
  stream(): ByteStream;
}

export function inputPipe(): InputPipe {
  const queue: { readonly bytes: Uint8Array; readonly taken: () => void }[] = [];
  let ended = false;
  let wake = (): void => undefined;
  return {
    write(bytes) {
      if (ended || bytes.length === 0) return Promise.resolve();
      return new Promise((taken) => {
        queue.push({ bytes, taken });
        wake();
      });
    },
    end() {
      ended = true;
      wake();
    },
    async *stream() {
      for (;;) {
        const next = queue.shift();
        if (next) {
          next.taken();
          yield next.bytes;
        } else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
