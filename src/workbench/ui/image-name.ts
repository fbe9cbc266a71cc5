import type { ImageSummary } from '../port.ts';

/** What an image is called: its first name, or the first digits of its id. */
export function nameOf({ names, id }: Pick<ImageSummary, 'names' | 'id'>): string {
  return names[0] ?? id.replace(/^sha256:/, '').slice(0, 12);
}
