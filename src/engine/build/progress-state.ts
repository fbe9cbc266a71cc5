import type { BuildEvent } from './progress.ts';

/** What is known of one vertex by now. Times are milliseconds since the build began. */
export interface VertexState {
  readonly id: number;
  readonly name: string;
  startedAt?: number;
  finishedAt?: number;
  cached: boolean;
  error?: string;
  /** By the name it was first reported under, in order. */
  readonly parts: Map<string, PartState>;
  /** Whole lines of output, oldest first; only the last ones are kept. */
  readonly log: LogLine[];
  /** Output since the last line end, one decoder per stream. */
  readonly open: Map<'stdout' | 'stderr', OpenLine>;
}

export interface PartState {
  name: string;
  readonly startedAt: number;
  finishedAt?: number;
}

export interface LogLine {
  readonly at: number;
  readonly text: string;
}

interface OpenLine {
  readonly decoder: InstanceType<typeof TextDecoder>;
  text: string;
  at: number;
}

/** Enough for what is shown when a step fails. */
const LINES_KEPT = 100;
/** A line without end is cut here. */
const LONGEST_LINE = 64 * 1024;

/** Folds events into the state of every vertex, for the renderers. */
export class ProgressState {
  readonly vertices = new Map<number, VertexState>();
  /** The vertex that failed first: what the failure is about. */
  failed: VertexState | undefined;

  /** The vertex the event is about, and the log lines it completed. */
  apply(event: BuildEvent): { readonly vertex?: VertexState; readonly lines: readonly LogLine[] } {
    if (event.type === 'warning') return { lines: [] };
    if (event.type === 'vertex') {
      const { id, name } = event.vertex;
      const vertex = { id, name, cached: false, parts: new Map(), log: [], open: new Map() };
      this.vertices.set(id, vertex);
      return { vertex, lines: [] };
    }
    const vertex = this.vertices.get(event.id);
    if (!vertex) throw new Error(`vertex ${event.id} was not announced`);
    switch (event.type) {
      case 'started':
        vertex.startedAt = event.at;
        return { vertex, lines: [] };
      case 'finished': {
        const lines = finishLines(vertex, event.at);
        vertex.finishedAt = event.at;
        vertex.cached = event.cached;
        if (event.error !== undefined) {
          vertex.error = event.error;
          this.failed ??= vertex;
        }
        return { vertex, lines };
      }
      case 'status': {
        // A part has one name while it runs and may have another, with the result, when done.
        const running = [...vertex.parts.values()].find(
          (part) => part.finishedAt === undefined && part.startedAt === event.startedAt,
        );
        const part = running ?? { name: event.name, startedAt: event.startedAt };
        part.name = event.name;
        if (event.done) part.finishedAt = event.at;
        if (!running) vertex.parts.set(`${vertex.parts.size}`, part);
        return { vertex, lines: [] };
      }
      case 'log':
        return { vertex, lines: addOutput(vertex, event) };
    }
  }
}

function addOutput(
  vertex: VertexState,
  event: Extract<BuildEvent, { readonly type: 'log' }>,
): readonly LogLine[] {
  const open = vertex.open.get(event.stream) ?? { decoder: new TextDecoder(), text: '', at: 0 };
  vertex.open.set(event.stream, open);
  open.text += open.decoder.decode(event.bytes, { stream: true });
  open.at = event.at;
  const parts = open.text.split('\n');
  open.text = parts.pop() ?? '';
  if (open.text.length > LONGEST_LINE) {
    parts.push(open.text);
    open.text = '';
  }
  return keep(
    vertex,
    parts.map((text) => ({ at: event.at, text: text.replace(/\r$/, '') })),
  );
}

function finishLines(vertex: VertexState, at: number): readonly LogLine[] {
  const rest = [...vertex.open.values()].filter(({ text }) => text !== '');
  vertex.open.clear();
  return keep(
    vertex,
    rest.map(({ text }) => ({ at, text })),
  );
}

function keep(vertex: VertexState, lines: readonly LogLine[]): readonly LogLine[] {
  vertex.log.push(...lines);
  vertex.log.splice(0, vertex.log.length - LINES_KEPT);
  return lines;
}

/** Seconds since the vertex began, `0.123`. */
export function sinceStart(vertex: VertexState, at: number): string {
  return ((at - (vertex.startedAt ?? at)) / 1000).toFixed(3);
}
