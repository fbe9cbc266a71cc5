/** Runs tasks, so many at a time; the others wait their turn, in the order they came. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

export function limiter(most: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // The place goes straight to the next in line, so `running` stays as it is.
      if (next) next();
      else running--;
    }
  };
}
