import { collect } from '../engine/bytes.ts';
import type { Duplex } from '../engine/process/host.ts';
import { type GuestAddress, hostOf } from './address.ts';
import { type CookieJar, cookieJar } from './cookies.ts';
import { type Gate, gate } from './gate.ts';
import { exchange } from './http/exchange.ts';
import { type Header, mediaType, valueOf, valuesOf } from './http/headers.ts';
import { unpacked } from './http/unpack.ts';
import type { LogEntry, RequestLog } from './log.ts';
import { failureOf, PreviewFailure } from './problem.ts';

/** One request to a server in the machine. */
export interface Ask {
  readonly address: GuestAddress;
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array | undefined;
  readonly by: LogEntry['by'];
  readonly signal?: AbortSignal | undefined;
  /** Without cookies, and none are kept: what a script asks of a server that is not its page's. */
  readonly anonymous?: boolean;
}

/** What a server answered. The connection ends with the body, or with `close`. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly body: AsyncIterable<Uint8Array>;
  readonly close: () => void;
}

export interface AskerOptions {
  /** Rejects with an error whose `code` is `connection-refused` when nobody listens. */
  readonly dial: (port: number) => Promise<Duplex>;
  readonly log: RequestLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds until there must be an answer's head. */
  readonly patience: number;
}

/** Asks servers as one browser does: a jar of cookies each, and only so many requests at once. */
export interface Asker {
  /** Rejects with PreviewFailure. */
  ask(ask: Ask): Promise<Answer>;
  jar(port: number): CookieJar;
}

const AT_ONCE = 12;
/** A page that asks without end is told so, rather than kept in memory. */
const WAITING = 300;

export function asker({ dial, log, now, patience }: AskerOptions): Asker {
  const jars = new Map<number, CookieJar>();
  const gates = new Map<number, Gate>();

  const jar = (port: number): CookieJar => jars.get(port) ?? added(jars, port, cookieJar(now));
  const gateOf = (port: number): Gate =>
    gates.get(port) ?? added(gates, port, gate(AT_ONCE, WAITING));

  async function connect(port: number): Promise<Duplex> {
    try {
      return await dial(port);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      const problem = code === 'connection-refused' ? 'refused' : 'no-machine';
      throw new PreviewFailure(
        problem,
        error instanceof Error ? error.message : String(error),
        error,
      );
    }
  }

  return {
    jar,
    async ask({ address, method, headers, body, by, signal, anonymous = false }) {
      const { port, target } = address;
      const line = log.begin({ port, method, target, by });
      let leave = (): void => undefined;
      const over = (error?: unknown): void => {
        leave();
        line.ended(error === undefined ? undefined : failureOf(error).problem);
      };
      try {
        leave = await gateOf(port).enter(signal);
        const cookies = anonymous ? '' : jar(port).header(target);
        const request = { method, target, host: hostOf(port), headers, body };
        const options = { cookies, patience, signal };
        const answer = unpacked(await exchange(await connect(port), request, options));
        line.answered(answer.status, mediaType(valueOf(answer.headers, 'content-type')));
        if (!anonymous) {
          for (const one of valuesOf(answer.headers, 'set-cookie')) jar(port).store(one, target);
        }
        const close = (): void => {
          answer.close();
          over();
        };
        return {
          ...answer,
          close,
          body: counted(
            answer.body,
            (bytes) => {
              line.received(bytes);
            },
            over,
          ),
        };
      } catch (error) {
        over(error);
        throw failureOf(error);
      }
    },
  };
}

/** All of a body, refused with `too-large` past so many bytes. */
export async function bodyOf(answer: Answer, limit: number): Promise<Uint8Array> {
  try {
    return await collect(answer.body, limit);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PreviewFailure('too-large', error.message, error);
  } finally {
    answer.close();
  }
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
  over: (error?: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) {
      count(piece.length);
      yield piece;
    }
    over();
  } catch (error) {
    over(error);
    throw error;
  } finally {
    over();
  }
}

function added<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Value {
  map.set(key, value);
  return value;
}
