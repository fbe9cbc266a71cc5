import { type BuildEvent, CANCELED } from './progress.ts';
import { ProgressState, sinceStart, type VertexState } from './progress-state.ts';

/** Shorter than this (ms), a part's time is not worth showing. */
const WORTH_SHOWING = 10;

/**
 * BuildKit's `--progress=plain`: a block per vertex, lines as they come. Vertices are numbered in
 * the order they are first shown.
 */
export function plainRenderer(
  write: (text: string) => void,
  state: ProgressState,
): (event: BuildEvent) => void {
  const numbers = new Map<number, number>();
  let current: VertexState | undefined;
  let isFirst = true;

  const show = (vertex: VertexState): string => {
    let number = numbers.get(vertex.id);
    if (number === undefined) numbers.set(vertex.id, (number = numbers.size + 1));
    if (current === vertex) return `#${number}`;
    if (current && current.finishedAt === undefined) {
      write(`#${numbers.get(current.id) ?? 0} ...\n`);
    }
    if (!isFirst) write('\n');
    isFirst = false;
    current = vertex;
    write(`#${number} ${vertex.name}\n`);
    return `#${number}`;
  };

  return (event) => {
    const { vertex, lines } = state.apply(event);
    if (!vertex || event.type === 'vertex' || event.type === 'warning') return;
    // Nothing is said of a start: what has something to say says it later, in one piece.
    if (event.type === 'started') return;
    for (const { at, text } of lines) {
      write(`${show(vertex)} ${sinceStart(vertex, at)} ${text}\n`);
    }
    if (event.type === 'status' && event.done) {
      const took = event.at - event.startedAt;
      const time = took > WORTH_SHOWING ? ` ${seconds(took)}` : '';
      write(`${show(vertex)} ${event.name}${time} done\n`);
    }
    if (event.type === 'finished') {
      const number = show(vertex);
      if (event.error === CANCELED) write(`${number} CANCELED\n`);
      else if (event.error !== undefined) write(`${number} ERROR: ${event.error}\n`);
      else if (event.cached) write(`${number} CACHED\n`);
      else write(`${number} DONE ${seconds(event.at - (vertex.startedAt ?? event.at))}\n`);
    }
  };
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)}s`;
}
