const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Longer than it takes to remove some containers; who asks again is not made to wait. */
const PATIENCE = 15_000;

/**
 * Has `close` done before a signal ends the process. A second one ends it at once; what is left then
 * is found on the next start. What comes back undoes it. Somebody else's handlers are left to decide whether the process ends.
 */
export function beforeSignals(close: () => Promise<void>): () => void {
  const handlers = SIGNALS.map((signal) => {
    const handler = (): void => {
      forget();
      const others = process.listenerCount(signal);
      const timer = setTimeout(end, PATIENCE);
      void close()
        .catch(() => undefined)
        .finally(() => {
          clearTimeout(timer);
          end();
        });
      function end(): void {
        if (others === 0) process.kill(process.pid, signal);
      }
    };
    process.once(signal, handler);
    return { signal, handler };
  });
  function forget(): void {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  }
  return forget;
}
