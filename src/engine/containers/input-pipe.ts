import type { ByteStream } from '../bytes.ts';

/** A process's standard input while nobody, or somebody, is attached to it. */
export interface InputPipe {
  /** Resolves at once while little is waiting, as with a pipe of the kernel's, else when the process took it. */
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
  /** For one process at a time: the next one gets what this one left. */
  stream(): ByteStream;
}

/** As much as Linux lets wait in a pipe. */
const CAPACITY = 64 * 1024;

export function inputPipe(): InputPipe {
  let waiting = 0;
  const queue: { readonly bytes: Uint8Array; readonly taken: () => void }[] = [];
  let ended = false;
  let wake = (): void => undefined;
  return {
    write(bytes) {
      if (ended || bytes.length === 0) return Promise.resolve();
      waiting += bytes.length;
      return new Promise((taken) => {
        queue.push({ bytes, taken });
        if (waiting < CAPACITY) taken();
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
          waiting -= next.bytes.length;
          next.taken();
          yield next.bytes;
        } else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
