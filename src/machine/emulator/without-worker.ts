/** In the place of a worker: it never says anything. */
class NoWorker {
  onmessage: unknown = null;
  postMessage(): void {
    // Nobody listens.
  }
  terminate(): void {
    // There is nothing to end.
  }
}

/**
 * v86 makes itself a worker for its timers while it is made, from a `blob:` that the site's policy
 * forbids; `scheduler.ts` has its place before anything runs. Until what this returns is called,
 * there are no real workers to be made.
 */
export function withoutWorker(scope: object = globalThis): () => void {
  const real = Object.getOwnPropertyDescriptor(scope, 'Worker');
  if (real?.configurable !== true) return () => undefined;
  Object.defineProperty(scope, 'Worker', { ...real, value: NoWorker });
  return () => {
    Object.defineProperty(scope, 'Worker', real);
  };
}
