import { utf8 } from '../../engine/bytes.ts';
import type { GuestCommand } from './port.ts';
import type { Endpoint, SendFrame } from './process.ts';
import type { Frame } from './protocol.ts';
import { frameType, MAX_CHUNK, reader, u32, u8, WINDOW } from './protocol.ts';

/** What a `docker` in the guest sends first. Throws RangeError when it is cut short. */
export function decodeCommand(
  body: Uint8Array,
): Pick<GuestCommand, 'args' | 'cwd' | 'env' | 'terminals' | 'size'> {
  const read = reader(body);
  const terminals = read.u8();
  const hasSize = read.u8() !== 0;
  const size = { columns: read.u16(), rows: read.u16() };
  const count = read.u16();
  read.u32();
  const [cwd = '/', ...strings] = new TextDecoder().decode(read.rest()).split('\0').slice(0, -1);
  const pairs = strings.slice(count).map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return {
    args: strings.slice(0, count),
    cwd,
    env: Object.fromEntries(pairs),
    terminals: [(terminals & 1) !== 0, (terminals & 2) !== 0, (terminals & 4) !== 0],
    size: hasSize ? size : undefined,
  };
}

/** Runs `handler` for a command whose first frame is `first`; its result is sent as the exit code. */
export function guestCommand(
  first: Frame,
  handler: (command: GuestCommand) => Promise<number>,
  send: SendFrame,
  finished: () => void,
): Endpoint {
  const { id } = first;
  const closed = new AbortController();
  const input = typedInput((bytes) => {
    send(frameType.credit, id, u8(0), u32(bytes));
  });
  const outputs = [boundedOutput(1), boundedOutput(2)] as const;
  let resized: ((columns: number, rows: number) => void) | undefined;
  let signalled: ((signal: number) => void) | undefined;
  let open = true;

  function boundedOutput(stream: number): BoundedOutput {
    return bounded((bytes) => {
      if (open) send(frameType.data, id, u8(stream), bytes);
    });
  }
  const settle = (): void => {
    input.end();
    for (const output of outputs) output.abandon();
    finished();
  };
  const over = (reason: Error): void => {
    if (!open) return;
    open = false;
    closed.abort(reason);
    settle();
  };

  const command: GuestCommand = {
    ...decodeCommand(first.body),
    stdin: input.bytes,
    write: (stream, bytes) => (open ? outputs[stream - 1]?.write(bytes) : undefined) ?? done,
    setRaw(raw) {
      if (open) send(frameType.raw, id, u8(raw ? 1 : 0));
      return done;
    },
    onResize(listener) {
      resized = listener;
    },
    onSignal(listener) {
      signalled = listener;
    },
    closed: closed.signal,
  };
  const run = async (): Promise<void> => {
    let code = 1;
    try {
      code = await handler(command);
    } catch (error) {
      // A bug; the client must hear of it, or it would wait for ever.
      void command.write(2, utf8(`docker: ${String(error)}\n`));
    }
    if (!open) return;
    send(frameType.exit, id, u32(code));
    // Whoever still waits for input or for output to be taken need not.
    open = false;
    settle();
  };
  void run();

  return {
    frame({ type, body }) {
      const read = reader(body);
      switch (type) {
        case frameType.data:
          read.u8();
          input.push(read.rest());
          return;
        case frameType.end:
          input.end();
          return;
        case frameType.credit:
          outputs[read.u8() - 1]?.credit(read.u32());
          return;
        case frameType.resize:
          resized?.(read.u16(), read.u16());
          return;
        case frameType.signal:
          signalled?.(read.u8());
          return;
        case frameType.gone:
          over(new Error('the docker client in the machine has ended'));
          return;
        default:
          throw new Error(`frame ${type} for a command`);
      }
    },
    stopped: over,
  };
}

const done: Promise<void> = Promise.resolve();

/**
 * Input that is asked for piece by piece: `ask` allows one read, and only when somebody waits for
 * its result, so that what is typed for the next command is left to it.
 */
function typedInput(ask: (bytes: number) => void): {
  readonly bytes: AsyncIterable<Uint8Array>;
  push(bytes: Uint8Array): void;
  end(): void;
} {
  let ended = false;
  // One read is asked for at a time; what it gave waits here when its reader left meanwhile.
  let asked = false;
  let unread: Uint8Array | undefined;
  let wake: (() => void) | undefined;
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    for (;;) {
      if (unread) {
        const value = unread;
        unread = undefined;
        return { done: false, value };
      }
      if (ended) return { done: true, value: undefined };
      if (!asked) {
        asked = true;
        ask(WINDOW);
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    bytes: { [Symbol.asyncIterator]: () => ({ next }) },
    push(bytes) {
      asked = false;
      unread = bytes;
      wake?.();
    },
    end() {
      ended = true;
      wake?.();
    },
  };
}

interface BoundedOutput {
  write(bytes: Uint8Array): Promise<void>;
  credit(bytes: number): void;
  /** Nobody reads any more: what waits resolves. */
  abandon(): void;
}

/** Output of which at most a window is on its way; a write resolves when the reader has taken it. */
function bounded(send: (bytes: Uint8Array) => void): BoundedOutput {
  let room = WINDOW;
  let abandoned = false;
  // How much was ever taken, and who waits for how much.
  let taken = 0;
  let queued = 0;
  let waiting: { readonly until: number; readonly resolve: () => void }[] = [];
  let unsent: Uint8Array[] = [];

  const flush = (): void => {
    for (let [piece] = unsent; piece && room > 0; [piece] = unsent) {
      const length = Math.min(piece.length, room, MAX_CHUNK);
      room -= length;
      send(piece.subarray(0, length));
      if (length === piece.length) unsent.shift();
      else unsent[0] = piece.subarray(length);
    }
  };
  return {
    write(bytes) {
      if (abandoned || bytes.length === 0) return done;
      queued += bytes.length;
      const until = queued;
      unsent.push(bytes);
      flush();
      return new Promise((resolve) => waiting.push({ until, resolve }));
    },
    credit(bytes) {
      taken += bytes;
      room += bytes;
      for (const { until, resolve } of waiting) if (until <= taken) resolve();
      waiting = waiting.filter(({ until }) => until > taken);
      flush();
    },
    abandon() {
      abandoned = true;
      unsent = [];
      for (const { resolve } of waiting) resolve();
      waiting = [];
    },
  };
}
