import { plainError, WorkbenchFailure } from '../failure.ts';
import type { WorkbenchError } from '../port.ts';

/** What messages go through: a worker as its page sees it, a worker's own scope, a MessagePort. */
export interface Wire {
  postMessage(data: unknown, transfer: Transferable[]): void;
  addEventListener(
    type: 'message',
    listener: (event: { readonly data: unknown }) => void,
    options?: { readonly signal?: AbortSignal },
  ): void;
}

/** Functions by name, whose arguments and results are plain data. */
export type Functions<C> = {
  [Name in keyof C]: (...args: never[]) => Promise<unknown>;
};

type Message =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'event'; readonly id: number; readonly event: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WorkbenchError }
  | { readonly kind: 'notice'; readonly notice: unknown };

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: unknown) => void;
  readonly transfer?: Transferable[];
}

/** The side that asks. */
export interface Caller<C extends Functions<C>> {
  /** Rejects with WorkbenchFailure. An abort is passed on; the other side says what comes of it. */
  call<Name extends keyof C & string>(
    name: Name,
    args: Parameters<C[Name]>,
    options?: CallOptions,
  ): ReturnType<C[Name]>;
  /** The other side is gone: everything that waits, and what is asked later, rejects with this. */
  lost(error: WorkbenchError): void;
}

export function caller<C extends Functions<C>>(
  wire: Wire,
  onNotice: (notice: unknown) => void,
): Caller<C> {
  const waiting = new Map<
    number,
    PromiseWithResolvers<unknown> & { readonly onEvent?: ((event: unknown) => void) | undefined }
  >();
  let last = 0;
  let gone: WorkbenchFailure | undefined;

  wire.addEventListener('message', ({ data }) => {
    const message = data as Message; // by `serve`
    if (message.kind === 'notice') {
      onNotice(message.notice);
      return;
    }
    const one = waiting.get(message.id);
    if (message.kind === 'event') one?.onEvent?.(message.event);
    else if (message.kind === 'done') one?.resolve(message.value);
    else if (message.kind === 'failed') one?.reject(failureOf(message.error));
    if (message.kind !== 'event') waiting.delete(message.id);
  });

  return {
    call(name, args, { signal, onEvent, transfer = [] } = {}) {
      const id = ++last;
      const answer = { ...Promise.withResolvers<unknown>(), onEvent };
      if (gone) {
        answer.reject(gone);
      } else {
        waiting.set(id, answer);
        wire.postMessage({ kind: 'call', id, name, args } satisfies Message, transfer);
        const abort = (): void => {
          wire.postMessage({ kind: 'abort', id } satisfies Message, []);
        };
        if (signal?.aborted === true) abort();
        else signal?.addEventListener('abort', abort, { once: true });
        const over = (): void => signal?.removeEventListener('abort', abort);
        answer.promise.then(over, over);
      }
      return answer.promise as ReturnType<C[typeof name]>; // what `serve` answers it with
    },
    lost(error) {
      gone = failureOf(error);
      for (const { reject } of waiting.values()) reject(gone);
      waiting.clear();
    },
  };
}

function failureOf({ code, message, hint }: WorkbenchError): WorkbenchFailure {
  return new WorkbenchFailure(code, message, hint);
}

/** What a function that is called may use of the call besides its arguments. */
export interface Call {
  readonly signal: AbortSignal;
  /** For the caller's `onEvent`. */
  readonly tell: (event: unknown) => void;
}

export type Handlers<C extends Functions<C>> = {
  readonly [Name in keyof C]: (call: Call, ...args: Parameters<C[Name]>) => ReturnType<C[Name]>;
};

/** The side that answers; what it returns sends a notice. */
export function serve<C extends Functions<C>>(
  wire: Wire,
  handlers: Handlers<C>,
): (notice: unknown) => void {
  const running = new Map<number, AbortController>();
  const send = (message: Message): void => {
    wire.postMessage(message, []);
  };
  const known = new Map<string, (call: Call, ...args: never[]) => Promise<unknown>>(
    Object.entries(handlers),
  );

  async function answer({ id, name, args }: Extract<Message, { kind: 'call' }>): Promise<void> {
    const control = new AbortController();
    running.set(id, control);
    const call: Call = {
      signal: control.signal,
      tell: (event) => {
        send({ kind: 'event', id, event });
      },
    };
    try {
      const handler = known.get(name);
      if (!handler) throw new Error(`nothing is called ${name}`);
      const value = await handler(call, ...(args as never[])); // by `caller`, of the same interface
      send({ kind: 'done', id, value });
    } catch (error) {
      send({ kind: 'failed', id, error: plainError(error) });
    } finally {
      running.delete(id);
    }
  }

  wire.addEventListener('message', ({ data }) => {
    const message = data as Message; // by `caller`
    if (message.kind === 'call') void answer(message);
    if (message.kind === 'abort') running.get(message.id)?.abort();
  });
  return (notice) => {
    send({ kind: 'notice', notice });
  };
}
