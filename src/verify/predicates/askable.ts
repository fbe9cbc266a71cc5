import type { Container } from '../engine.ts';
import type { LiveEngine } from '../live.ts';

/** What can be asked over HTTP until it answers, ends or takes too long. */
export type Askable = Pick<Container, 'request' | 'wait' | 'logs'>;

/** How often one that nobody waits for is looked at. */
const LOOK = 250;

/** A learner's container, for `asks`: from outside, by its published port. */
export function askable(live: LiveEngine, id: string): Askable {
  return {
    request: (port, request) => live.request(id, port, request),
    logs: () => live.logs(id),
    async wait(milliseconds) {
      const end = performance.now() + milliseconds;
      for (;;) {
        const container = await live.container(id);
        // One that is gone has ended, whatever with.
        if (!container) return -1;
        if (!container.state.running) return container.state.exitCode;
        const left = end - performance.now();
        if (left <= 0) return undefined;
        await new Promise((resolve) => setTimeout(resolve, Math.min(left, LOOK)));
      }
    },
  };
}
