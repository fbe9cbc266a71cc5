import { type BuildEvent, CANCELED } from './progress.ts';

/** One line of work as progress shows it. Announced when made; `start` may never come. */
export interface VertexReport {
  start(): void;
  log(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** Reports a named part and returns what ends it, with its final name when that changed. */
  status(name: string): (final?: string) => void;
  finish(how?: { readonly cached?: boolean; readonly error?: string }): void;
}

export interface Reporter {
  vertex(name: string): VertexReport;
}

/** Numbers vertices and puts times on events; `now` is in milliseconds. */
export function reporter(now: () => number, on: (event: BuildEvent) => void): Reporter {
  const began = now();
  const at = (): number => now() - began;
  let last = 0;
  return {
    vertex(name) {
      const id = ++last;
      on({ type: 'vertex', vertex: { id, name } });
      return {
        start() {
          on({ type: 'started', id, at: at() });
        },
        log(stream, bytes) {
          on({ type: 'log', id, stream, bytes, at: at() });
        },
        status(part) {
          const startedAt = at();
          on({ type: 'status', id, name: part, done: false, at: startedAt, startedAt });
          return (final = part) => {
            on({ type: 'status', id, name: final, done: true, at: at(), startedAt });
          };
        },
        finish({ cached = false, error } = {}) {
          const failed = error === undefined ? {} : { error };
          on({ type: 'finished', id, at: at(), cached, ...failed });
        },
      };
    },
  };
}

/** Runs something as a vertex: started, finished, or finished with the error's words. */
export async function asVertex<T>(
  vertex: VertexReport,
  action: () => Promise<T>,
  isCached: (result: T) => boolean = () => false,
): Promise<T> {
  vertex.start();
  try {
    const result = await action();
    vertex.finish({ cached: isCached(result) });
    return result;
  } catch (error) {
    const message = messageOf(error);
    vertex.finish({ error: message.replace(/^failed to compute cache key: /, '') });
    throw error;
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What an AbortController gives as its reason.
  return error.name === 'AbortError' ? CANCELED : error.message;
}
