import type { Header } from './http/headers.ts';
import { failureOf, PreviewFailure, type Problem } from './problem.ts';
import type { PreviewAnswer } from './session.ts';

/** The part of a MessagePort that is used, a browser's or Node's. */
export interface Port {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** An answer without its body. */
export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly url: string;
  readonly redirected: boolean;
}

export interface ReceivedAnswer extends AnswerHead {
  /** Fails with PreviewFailure. */
  readonly body: AsyncIterable<Uint8Array>;
}

type FromServer =
  | { readonly kind: 'head'; readonly head: AnswerHead }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly message: string };

type FromClient =
  /** So many bytes were read. */
  { readonly kind: 'taken'; readonly bytes: number } | { readonly kind: 'cancel' };

/** Bytes under way: what is not read stops the server that sends. */
const WINDOW = 512 * 1024;

/**
 * Sends an answer through a port, as fast as the other side reads, and closes it. `give` makes it, and
 * is told by its signal when the other side gives up or is gone.
 */
export async function sendAnswer(
  port: Port,
  give: (signal: AbortSignal) => Promise<PreviewAnswer>,
): Promise<void> {
  const gone = new AbortController();
  let underWay = 0;
  let wake: () => void = () => undefined;
  const send = (message: FromServer, transfer: ArrayBuffer[] = []): void => {
    port.postMessage(message, transfer);
  };
  const giveUp = (): void => {
    gone.abort(new PreviewFailure('cut-off', 'nobody waits for the answer'));
    wake();
  };
  port.addEventListener('message', ({ data }) => {
    const message = data as FromClient; // by `receiveAnswer`
    if (message.kind === 'cancel') giveUp();
    else underWay -= message.bytes;
    wake();
  });
  port.addEventListener('close', giveUp);
  port.start();
  try {
    const { body, close, status, reason, headers, url, redirected } = await give(gone.signal);
    try {
      send({ kind: 'head', head: { status, reason, headers, url, redirected } });
      for await (const piece of body) {
        // Its own memory, which goes over; what it is a part of may be used again.
        const bytes = piece.slice();
        underWay += bytes.length;
        send({ kind: 'piece', bytes }, [bytes.buffer]);
        while (underWay >= WINDOW && !gone.signal.aborted) {
          await new Promise<void>((resolve) => (wake = resolve));
        }
        gone.signal.throwIfAborted();
      }
      send({ kind: 'end' });
    } finally {
      close();
    }
  } catch (error) {
    const { problem, message } = failureOf(error);
    send({ kind: 'failed', problem, message });
  } finally {
    // In the next turn: closed at once, what was just sent may be lost.
    setTimeout(() => {
      port.close();
    });
  }
}

/** The other side. Rejects with PreviewFailure; the body is read once, and given up by not reading on. */
export function receiveAnswer(port: Port, signal?: AbortSignal): Promise<ReceivedAnswer> {
  const pieces: Uint8Array[] = [];
  let ended = false;
  let failure: PreviewFailure | undefined;
  let wake: () => void = () => undefined;
  const send = (message: FromClient): void => {
    port.postMessage(message, []);
  };
  const fail = (problem: Problem, message: string): void => {
    if (!ended) failure ??= new PreviewFailure(problem, message);
  };

  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const piece = pieces.shift();
        if (piece) {
          yield piece;
          send({ kind: 'taken', bytes: piece.length });
        } else if (failure) throw failure;
        else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      if (!ended && !failure) send({ kind: 'cancel' });
      port.close();
    }
  }

  return new Promise((resolve, reject) => {
    const after = (): void => {
      if (failure) reject(failure);
      wake();
    };
    const abort = (): void => {
      send({ kind: 'cancel' });
      fail('cut-off', 'it was given up');
      after();
    };
    port.addEventListener('message', ({ data }) => {
      const message = data as FromServer; // by `sendAnswer`
      switch (message.kind) {
        case 'head':
          resolve({ ...message.head, body: body() });
          break;
        case 'piece':
          pieces.push(message.bytes);
          break;
        case 'end':
          ended = true;
          break;
        case 'failed':
          fail(message.problem, message.message);
      }
      after();
    });
    port.addEventListener('close', () => {
      fail('cut-off', 'who answers is gone');
      after();
    });
    port.start();
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
