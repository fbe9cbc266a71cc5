import { utf8 } from '../../engine/bytes.ts';
import type { GuestProcess, SpawnIo, SpawnSpec } from './port.ts';
import type { Frame } from './protocol.ts';
import { frameType, MAX_CHUNK, reader, u16, u32, u8 } from './protocol.ts';
import type { Inflow, Outflow } from './streams.ts';
import { inflow, outflow } from './streams.ts';

/** Where the frames of one id go. */
export interface Endpoint {
  frame(frame: Frame): void;
  /** The machine stopped: everything that waits rejects with this. */
  stopped(error: Error): void;
}

export type SendFrame = (type: number, id: number, ...parts: readonly Uint8Array[]) => void;

const TERMINAL = 1;
const CONSOLE = 2;
const STDIN = 4;

/** The body of a `spawn`. */
export function encodeSpawn(spec: SpawnSpec, stdin: boolean): Uint8Array[] {
  const { terminal, consoleSocket } = spec;
  const size = terminal ?? consoleSocket ?? { columns: 0, rows: 0 };
  const flags = (terminal ? TERMINAL : 0) | (consoleSocket ? CONSOLE : 0) | (stdin ? STDIN : 0);
  const strings = [spec.cwd, ...spec.argv, ...spec.env];
  const broken = strings.find((text) => text.includes('\0'));
  if (broken !== undefined) throw new RangeError(`${JSON.stringify(broken)} has a zero byte`);
  return [
    u8(flags),
    u8(spec.extraOutputs ?? 0),
    u16(size.columns, size.rows, spec.argv.length),
    u32(spec.env.length),
    utf8(strings.map((text) => `${text}\0`).join('')),
  ];
}

/**
 * The host's side of a process. `endpoint` gets the frames of its id and `started` settles with the
 * first of them; `finished` is called when no more will come.
 */
export function guestProcess(
  id: number,
  io: SpawnIo,
  send: SendFrame,
  finished: () => void,
): { readonly endpoint: Endpoint; readonly started: Promise<GuestProcess> } {
  const started = Promise.withResolvers<GuestProcess>();
  const exit = Promise.withResolvers<number>();
  // Whoever started it may not look at its exit.
  exit.promise.catch(() => undefined);
  const outputs = new Map<number, Inflow>();
  let input: Outflow | undefined;
  let inputError: { readonly error: unknown } | undefined;
  let running = true;

  const over = (): void => {
    running = false;
    input?.stop();
    finished();
  };
  const output = (stream: number): Inflow => {
    const there = outputs.get(stream);
    if (there) return there;
    const made = inflow(
      (bytes) => io.output(stream, bytes),
      (bytes) => {
        if (running) send(frameType.credit, id, u8(stream), u32(bytes));
      },
    );
    outputs.set(stream, made);
    return made;
  };
  const feed = (source: AsyncIterable<Uint8Array>): Outflow =>
    outflow(
      source,
      {
        send: (bytes) => {
          send(frameType.data, id, u8(0), bytes);
        },
        end: () => {
          send(frameType.end, id, u8(0));
        },
        failed: (error) => {
          inputError = { error };
        },
      },
      MAX_CHUNK,
    );
  const end = async (code: number): Promise<number> => {
    await Promise.all([...outputs.values()].map((stream) => stream.settled()));
    if (inputError) throw inputError.error;
    return code;
  };

  const endpoint: Endpoint = {
    frame({ type, body }) {
      const read = reader(body);
      switch (type) {
        case frameType.started:
          started.resolve({
            pid: read.u32(),
            exit: exit.promise,
            resize(columns, rows) {
              if (running) send(frameType.resize, id, u16(columns, rows));
            },
            kill(signal) {
              if (running) send(frameType.signal, id, u8(signal));
            },
          });
          if (io.stdin) input = feed(io.stdin);
          return;
        case frameType.failed:
          over();
          started.reject(new Error(new TextDecoder().decode(body)));
          return;
        case frameType.data:
          output(read.u8()).push(read.rest());
          return;
        case frameType.credit:
          read.u8();
          input?.credit(read.u32());
          return;
        case frameType.end:
          input?.stop();
          return;
        case frameType.exit:
          over();
          exit.resolve(end(read.i32()));
          return;
        default:
          throw new Error(`frame ${type} for a process`);
      }
    },
    stopped(error) {
      over();
      started.reject(error);
      exit.reject(error);
    },
  };
  return { endpoint, started: started.promise };
}
