/** Events in their order, for one reader. */
export interface Queue<T> {
  readonly push: (event: T) => void;
  readonly next: () => Promise<T>;
}

export function eventQueue<T>(): Queue<T> {
  const waiting: T[] = [];
  let take: ((event: T) => void) | undefined;
  return {
    push(event) {
      const taker = take;
      take = undefined;
      if (taker) taker(event);
      else waiting.push(event);
    },
    next: () =>
      new Promise((resolve) => {
        const [event] = waiting.splice(0, 1);
        if (event !== undefined) resolve(event);
        else take = resolve;
      }),
  };
}
