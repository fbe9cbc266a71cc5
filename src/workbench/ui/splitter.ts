import { h } from '../../dom/h.ts';
import { memory, numberFrom } from './memory.ts';

export interface SplitterOptions {
  readonly name: 'columns' | 'rows';
  readonly label: string;
  /** What it divides; its size is what a part is a share of. */
  readonly frame: HTMLElement;
  /** Id of the part before it, whose share it sets. */
  readonly controls: string;
  /** Percent. */
  readonly initial: number;
}

const LEAST = 20;
const MOST = 85;
const STEP = 4;

/**
 * A bar between two parts: dragged, or moved with the arrow keys, Home and End; a double click puts
 * it back. The share is the frame's `--wb-columns` or `--wb-rows`, and remembered.
 */
export function splitter(options: SplitterOptions): HTMLElement {
  const { name, label, frame, controls, initial } = options;
  const isColumns = name === 'columns';
  const element = h('div', {
    ...{ class: `wb-splitter wb-splitter-${name}`, role: 'separator', tabindex: 0 },
    ...{ 'aria-orientation': isColumns ? 'vertical' : 'horizontal', 'aria-label': label },
    ...{ 'aria-controls': controls, 'aria-valuemin': LEAST, 'aria-valuemax': MOST },
  });
  let share = 0;
  const set = (wanted: number, remember = true): void => {
    share = Math.min(MOST, Math.max(LEAST, wanted));
    frame.style.setProperty(`--wb-${name}`, `${share}%`);
    element.setAttribute('aria-valuenow', String(Math.round(share)));
    if (remember) memory.write(name, share);
  };
  set(numberFrom(memory.read(name)) ?? initial, false);

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.focus();
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    if (!element.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = frame.getBoundingClientRect();
    const part = isColumns ? (event.clientX - left) / width : (event.clientY - top) / height;
    set(part * 100);
  });
  element.addEventListener('dblclick', () => {
    set(initial);
  });
  element.addEventListener('keydown', (event) => {
    const wanted = shareAfter(event.key, share, isColumns);
    if (wanted === undefined) return;
    event.preventDefault();
    set(wanted);
  });
  return element;
}

/** Where a key moves the bar to; undefined for other keys. */
export function shareAfter(key: string, share: number, isColumns: boolean): number | undefined {
  switch (key) {
    case isColumns ? 'ArrowLeft' : 'ArrowUp':
      return share - STEP;
    case isColumns ? 'ArrowRight' : 'ArrowDown':
      return share + STEP;
    case 'Home':
      return LEAST;
    case 'End':
      return MOST;
    default:
      return undefined;
  }
}
