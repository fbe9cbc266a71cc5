/**
 * A result that is there already or comes later. What is in memory must not be wrapped in a
 * promise: a guest's request that is answered before the handler returns costs it far less.
 */
export type Later<T> = T | Promise<T>;

/** Goes on with a result, at once when it is there. */
export function andThen<T, U>(value: Later<T>, next: (value: T) => Later<U>): Later<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Calls `step` until it says it is done (false), without growing the stack or leaving the turn when nothing waits. */
export function repeat(step: () => Later<boolean>): Later<void> {
  for (;;) {
    const more = step();
    if (more instanceof Promise) return more.then((go) => (go ? repeat(step) : undefined));
    if (!more) return;
  }
}
