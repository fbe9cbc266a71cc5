/** The part of the Web Locks API that is used; `navigator.locks` is one. */
export interface PlaceLocks {
  request(
    name: string,
    options: {
      readonly steal?: boolean;
      readonly signal?: AbortSignal;
    },
    work: () => Promise<void>,
  ): Promise<unknown>;
}

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

/** How long another tab has to save what runs in it before the place is taken from it. */
const PATIENCE = 10_000;

/** How long a tab that was just closed or loaded anew may take to let go of it. */
const CLOSING = 1_000;

/** The one place in the browser where the workbench runs: tabs of the site take turns. */
export interface Place {
  readonly isOurs: boolean;
  /** True when it is ours, now or before. */
  claim(): Promise<boolean>;
  /** Asks whoever has it to leave, and has it when they have left or do not answer. */
  takeOver(): Promise<void>;
  /** Resolves when others can have it. */
  leave(): Promise<void>;
  /** Nobody of this tab asks for it any more. */
  close(): void;
}

/**
 * `onAsked`: another tab wants it: save, end, and `leave`. `onLost`: it was taken, since this tab
 * did not answer: nothing may be stored any more.
 */
export function openPlace(given: {
  readonly name: string;
  readonly locks: PlaceLocks;
  readonly channel: Channel;
  readonly onAsked: () => void;
  readonly onLost: () => void;
  /** Milliseconds, for tests. */
  readonly patience?: number;
}): Place {
  const { name, locks, channel, patience = PATIENCE } = given;
  let release: (() => void) | undefined;
  let over: Promise<unknown> = Promise.resolve();
  let claiming: Promise<boolean> | undefined;

  channel.addEventListener('message', ({ data }) => {
    if (data === 'leave' && release) given.onAsked();
  });

  /** Resolves to true with the lock, and holds it until `release`. */
  function request(options: Parameters<PlaceLocks['request']>[1]): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let mine = false;
      const work = (): Promise<void> => {
        mine = true;
        return new Promise((end) => {
          release = () => {
            release = undefined;
            end();
          };
          resolve(true);
        });
      };
      const held = locks.request(name, options, work);
      over = held;
      held.catch((error: unknown) => {
        if (!mine) {
          reject(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        // Stolen.
        release = undefined;
        given.onLost();
      });
    });
  }

  return {
    get isOurs() {
      return release !== undefined;
    },
    async claim() {
      if (release) return true;
      claiming ??= request({ signal: AbortSignal.timeout(Math.min(CLOSING, patience)) })
        .catch((error: unknown) => {
          if (error instanceof Error && error.name === 'TimeoutError') return false;
          throw error;
        })
        .finally(() => (claiming = undefined));
      return claiming;
    },
    async takeOver() {
      if (release) return;
      channel.postMessage('leave');
      const late = AbortSignal.timeout(patience);
      try {
        await request({ signal: late });
      } catch (error) {
        if (!late.aborted) throw error;
        await request({ steal: true });
      }
    },
    async leave() {
      release?.();
      await over.catch(() => undefined);
    },
    close() {
      release?.();
      channel.close();
    },
  };
}
