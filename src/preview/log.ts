import type { Problem } from './problem.ts';

/** One request that a preview made. */
export interface LogEntry {
  /** Grows by one with each. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly port: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Who asked: a page was opened, something of a page was fetched, or a script of it did. */
  readonly by: 'page' | 'part' | 'script';
  /** Until the head of the answer is there: none. */
  readonly status?: number;
  /** `text/html`. */
  readonly type?: string;
  /** Of the body, so far. */
  readonly bytes: number;
  /** Until the last byte; none while it goes on. */
  readonly milliseconds?: number;
  readonly problem?: Problem;
}

/** What is known of a request as it goes on. */
export interface LogLine {
  answered(status: number, type: string): void;
  received(bytes: number): void;
  /** Nothing happens the second time. */
  ended(problem?: Problem): void;
}

/** The latest requests. A page that asks without end makes older ones go, and nobody's memory full. */
export interface RequestLog {
  begin(request: Pick<LogEntry, 'port' | 'method' | 'target' | 'by'>): LogLine;
  /** Oldest first. */
  entries(): readonly LogEntry[];
  clear(): void;
}

const MOST = 300;
/** Of a path that is kept. */
const LONGEST = 2000;

/** `now` in milliseconds since 1970; `changed` is called after every change. */
export function requestLog(
  now: () => number,
  changed: () => void,
  most: number = MOST,
): RequestLog {
  const entries = new Map<number, LogEntry>();
  let last = 0;

  return {
    begin({ port, method, target, by }) {
      const id = ++last;
      const at = now();
      entries.set(id, {
        ...{ id, at, port, method, by, bytes: 0 },
        target: target.length > LONGEST ? `${target.slice(0, LONGEST)}…` : target,
      });
      const [oldest] = entries.keys();
      if (entries.size > most && oldest !== undefined) entries.delete(oldest);
      let open = true;
      const update = (change: Partial<LogEntry>): void => {
        const entry = entries.get(id);
        if (!entry || !open) return;
        entries.set(id, { ...entry, ...change });
        changed();
      };
      changed();
      return {
        answered(status, type) {
          update({ status, ...(type !== '' && { type }) });
        },
        received(bytes) {
          update({ bytes: (entries.get(id)?.bytes ?? 0) + bytes });
        },
        ended(problem) {
          update({ milliseconds: now() - at, ...(problem && { problem }) });
          open = false;
        },
      };
    },
    entries: () => [...entries.values()],
    clear() {
      entries.clear();
      changed();
    },
  };
}
