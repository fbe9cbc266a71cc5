import { collect, utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { isObject } from '../json.ts';
import type { Digest } from '../oci/digest.ts';
import { openBlob } from '../store/layered.ts';
import { lineSplitter } from './log-lines.ts';
import type { ContainerRecord } from './record.ts';
import { liveContainer } from './running.ts';

/** A line of a container's output, as Docker's json-file has it. */
export interface LogLine {
  /** With its line feed; without one it is the end, or a piece of a line that is longer than 16 KiB. */
  readonly log: string;
  readonly stream: 'stdout' | 'stderr';
  /** ISO 8601, UTC, with nanoseconds. */
  readonly time: string;
}

/** The log of a container that runs here. */
export interface ContainerLog {
  /** To be awaited: it waits while too much is not saved yet. */
  write(stream: LogLine['stream'], bytes: Uint8Array): void | Promise<void>;
  /** A run of the container is over: what is left of a last line is one too. */
  endRun(): void;
  /** Whether there are lines that are not stored. */
  readonly dirty: boolean;
  /** Stores what is new, under a lease of the caller, and says what the record must name then. */
  store(): Promise<readonly Digest[]>;
  /** All there is at this moment, and everything later to `listener` until `stop` is called. */
  read(listener?: (line: LogLine) => void): {
    readonly stored: readonly Digest[];
    readonly fresh: readonly LogLine[];
    stop(): void;
  };
}

/** A stored piece of a log is full at this size. */
const PIECE = 1024 * 1024;
/** So much may wait to be stored before the container has to. */
const MOST_UNSAVED = 4 * PIECE;
/** Older pieces are dropped, so that a container that prints for ever does not fill the store. */
const MOST_PIECES = 64;
const LARGEST_STORED = 2 * MOST_UNSAVED;

/** Goes on after what is stored already. `wantsSaving` is called when too much is not. */
export function containerLog(
  engine: Engine,
  stored: readonly Digest[],
  wantsSaving: () => Promise<void>,
): ContainerLog {
  let full = [...stored];
  // The newest stored piece, as long as it is not full: it is stored again with what has come since.
  let lines: LogLine[] = [];
  let size = 0;
  let storedLines = 0;
  let partial: Digest | undefined;
  const listeners = new Set<(line: LogLine) => void>();
  const add = (stream: LogLine['stream'], log: string): void => {
    const line = { log, stream, time: nanoTime(engine.platform.now()) };
    lines.push(line);
    size += log.length + 80;
    for (const listener of [...listeners]) listener(line);
  };
  const splitters = {
    stdout: lineSplitter((text) => {
      add('stdout', text);
    }),
    stderr: lineSplitter((text) => {
      add('stderr', text);
    }),
  };
  return {
    write(stream, bytes) {
      splitters[stream].write(bytes);
      return size > MOST_UNSAVED ? wantsSaving() : undefined;
    },
    endRun() {
      splitters.stdout.end();
      splitters.stderr.end();
    },
    get dirty() {
      return lines.length > storedLines;
    },
    async store() {
      if (lines.length > storedLines) {
        const piece = [...lines];
        const text = piece.map((line) => `${JSON.stringify(line)}\n`).join('');
        const { digest } = await engine.store.blobs.put(utf8(text));
        if (text.length >= PIECE) {
          full = [...full, digest].slice(-MOST_PIECES);
          lines = lines.slice(piece.length);
          size = lines.reduce((sum, { log }) => sum + log.length + 80, 0);
          partial = undefined;
          storedLines = 0;
        } else {
          partial = digest;
          storedLines = piece.length;
        }
      }
      return partial === undefined ? full : [...full, partial];
    },
    read(listener) {
      if (listener) listeners.add(listener);
      return {
        stored: full,
        fresh: [...lines],
        stop() {
          if (listener) listeners.delete(listener);
        },
      };
    },
  };
}

export interface ReadLogs {
  /** Milliseconds since 1970, both included. */
  readonly since?: number;
  readonly until?: number;
  /** The last so many lines only; all when missing. */
  readonly tail?: number;
  /** Goes on with what comes until the container ends, `until` is over or `signal` aborts. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** The lines of a container's log, oldest first. */
export async function* readLogs(
  engine: Engine,
  record: ContainerRecord,
  options: ReadLogs = {},
): AsyncGenerator<LogLine, void, undefined> {
  const { since = -Infinity, until = Infinity, follow = false, signal } = options;
  const live = liveContainer(engine, record.id);
  const coming = follow && live ? incoming(live.ended, signal) : undefined;
  const now = live?.log.read(coming?.push) ?? { stored: record.logs, fresh: [] };
  const isWanted = ({ time }: LogLine): boolean => {
    const at = Date.parse(time);
    return at >= since && at <= until;
  };
  try {
    for await (const line of lastLines(engine, now, options.tail)) {
      if (isWanted(line)) yield line;
    }
    if (!coming) return;
    for await (const line of coming.lines()) {
      if (Date.parse(line.time) > until) return;
      if (isWanted(line)) yield line;
    }
  } finally {
    if ('stop' in now) now.stop();
  }
}

async function* lastLines(
  engine: Engine,
  { stored, fresh }: { readonly stored: readonly Digest[]; readonly fresh: readonly LogLine[] },
  tail: number | undefined,
): AsyncGenerator<LogLine, void, undefined> {
  if (tail === undefined) {
    for (const digest of stored) yield* await readPiece(engine, digest);
    yield* fresh;
    return;
  }
  let found = [...fresh];
  for (const digest of stored.toReversed()) {
    if (found.length >= tail) break;
    found = [...(await readPiece(engine, digest)), ...found];
  }
  yield* tail === 0 ? [] : found.slice(-tail);
}

/** What a listener is told, to be awaited; it ends with `over` and with the signal. */
function incoming(
  over: Promise<unknown>,
  signal: AbortSignal | undefined,
): { push: (line: LogLine) => void; lines(): AsyncGenerator<LogLine, void, undefined> } {
  const queue: LogLine[] = [];
  let isOver = signal?.aborted ?? false;
  let wake = (): void => undefined;
  const finish = (): void => {
    isOver = true;
    wake();
  };
  signal?.addEventListener('abort', finish, { once: true });
  over.then(finish, finish);
  return {
    push(line) {
      queue.push(line);
      wake();
    },
    async *lines() {
      for (;;) {
        const line = queue.shift();
        if (line) yield line;
        else if (isOver) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

async function readPiece(engine: Engine, digest: Digest): Promise<readonly LogLine[]> {
  const blob = await openBlob(engine, digest);
  const text = new TextDecoder().decode(await collect(blob.stream(), LARGEST_STORED));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap(parseLine);
}

/** What does not make sense is left out: a log is no reason to fail. */
function parseLine(text: string): readonly LogLine[] {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return [];
  const { log, stream, time } = value;
  if (typeof log !== 'string' || typeof time !== 'string') return [];
  return [{ log, stream: stream === 'stderr' ? 'stderr' : 'stdout', time }];
}

/** `2026-11-21T08:04:50.123000000Z`; a clock that has fractions of milliseconds shows them. */
export function nanoTime(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  const rest = Math.floor((milliseconds - whole) * 1e6);
  return new Date(whole).toISOString().replace('Z', `${String(rest).padStart(6, '0')}Z`);
}
