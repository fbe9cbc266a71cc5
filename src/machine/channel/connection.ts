import type { Duplex } from '../../engine/process/host.ts';
import type { Endpoint, SendFrame } from './process.ts';
import { CREDIT_STEP, frameType, MAX_CHUNK, reader, u32, u8, WINDOW } from './protocol.ts';

/** The streams of a connection, as the guest numbers them. */
const SENT = 0;
const RECEIVED = 1;

/**
 * The host's side of a TCP connection made by the guest. `endpoint` gets the frames of its id and
 * `connected` settles with the first; `finished` is called when no more will come.
 */
export function guestConnection(
  id: number,
  send: SendFrame,
  finished: () => void,
): { readonly endpoint: Endpoint; readonly connected: Promise<Duplex> } {
  const connected = Promise.withResolvers<Duplex>();
  let open = true;
  const outgoing = sender((bytes) => {
    send(frameType.data, id, u8(SENT), bytes);
  });
  const incoming = receiver((bytes) => {
    if (open) send(frameType.credit, id, u8(RECEIVED), u32(bytes));
  });
  const over = (error?: Error): void => {
    if (!open) return;
    open = false;
    outgoing.stop();
    incoming.end(error);
    finished();
  };

  const duplex: Duplex = {
    readable: incoming.bytes,
    write: (bytes) => outgoing.write(bytes),
    end() {
      outgoing.end(() => {
        send(frameType.end, id, u8(SENT));
      });
    },
    close() {
      if (open) send(frameType.signal, id, u8(0));
      over();
    },
  };
  const endpoint: Endpoint = {
    frame({ type, body }) {
      const read = reader(body);
      switch (type) {
        case frameType.started:
          connected.resolve(duplex);
          return;
        case frameType.failed:
          over();
          connected.reject(new Error(new TextDecoder().decode(body)));
          return;
        case frameType.data:
          read.u8();
          incoming.push(read.rest());
          return;
        case frameType.end:
          incoming.end();
          return;
        case frameType.credit:
          read.u8();
          outgoing.credit(read.u32());
          return;
        case frameType.exit: {
          const errno = read.u32();
          over(errno === 0 ? undefined : new Error(`the connection was lost: error ${errno}`));
          return;
        }
        default:
          throw new Error(`frame ${type} for a connection`);
      }
    },
    stopped(error) {
      over(error);
      connected.reject(error);
    },
  };
  return { endpoint, connected: connected.promise };
}

interface Sender {
  /** Resolves when all of it was sent, which it is as the guest gives credit; at once when stopped. */
  write(bytes: Uint8Array): Promise<void>;
  credit(bytes: number): void;
  /** Calls back when all that was written is sent; what is written later is not. */
  end(done: () => void): void;
  stop(): void;
}

function sender(send: (bytes: Uint8Array) => void): Sender {
  let room = WINDOW;
  let over = false;
  let ending: (() => void) | undefined;
  let queue: { rest: Uint8Array; readonly sent: () => void }[] = [];

  const flush = (): void => {
    for (let [first] = queue; first && room > 0; [first] = queue) {
      const piece = first.rest.subarray(0, Math.min(room, MAX_CHUNK));
      room -= piece.length;
      first.rest = first.rest.subarray(piece.length);
      send(piece);
      if (first.rest.length > 0) continue;
      queue.shift();
      first.sent();
    }
    if (queue.length > 0 || !ending) return;
    ending();
    ending = undefined;
  };
  return {
    write(bytes) {
      if (over || bytes.length === 0) return Promise.resolve();
      return new Promise((sent) => {
        queue.push({ rest: bytes, sent });
        flush();
      });
    },
    credit(bytes) {
      room += bytes;
      flush();
    },
    end(done) {
      if (over) return;
      over = true;
      ending = done;
      flush();
    },
    stop() {
      over = true;
      ending = undefined;
      for (const { sent } of queue) sent();
      queue = [];
    },
  };
}

interface Receiver {
  /** For one reader. */
  readonly bytes: AsyncIterable<Uint8Array>;
  push(bytes: Uint8Array): void;
  /** What came before is still read; then it ends, or fails. */
  end(error?: Error): void;
}

function receiver(credit: (bytes: number) => void): Receiver {
  const waiting: Uint8Array[] = [];
  let ended = false;
  let failure: Error | undefined;
  let owed = 0;
  let wake: (() => void) | undefined;

  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    for (;;) {
      const value = waiting.shift();
      if (value) {
        owed += value.length;
        if (owed >= CREDIT_STEP) {
          credit(owed);
          owed = 0;
        }
        return { done: false, value };
      }
      if (failure) throw failure;
      if (ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    bytes: { [Symbol.asyncIterator]: () => ({ next }) },
    push(bytes) {
      waiting.push(bytes);
      wake?.();
    },
    end(error) {
      if (ended) return;
      ended = true;
      failure = error;
      wake?.();
    },
  };
}
