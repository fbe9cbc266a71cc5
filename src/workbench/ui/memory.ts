/**
 * Small things that are nice to find again: sizes, which hints were read. Where the browser keeps
 * nothing they are forgotten, and nobody is told.
 */
export interface Memory {
  read(name: string): unknown;
  write(name: string, value: unknown): void;
}

const PREFIX = 'semdistro:workbench:';

export const memory: Memory = {
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') as unknown;
    } catch {
      return null;
    }
  },
  write(name, value) {
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      // Full, or forbidden: then it is not kept.
    }
  },
};

export function numberFrom(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Counts by name, without what is none. */
export function countsFrom(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null) return {};
  const counts = Object.entries(value).filter(([, count]) => numberFrom(count) !== undefined);
  return Object.fromEntries(counts);
}
