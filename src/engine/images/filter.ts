import { compileGlob } from '../dockerfile/glob.ts';
import { parseDuration } from '../dockerfile/durations.ts';
import { EngineError } from '../errors.ts';
import { familiarName, familiarRepository, parseReference } from '../oci/reference.ts';
import { pickImage } from './find.ts';
import type { ImageRecord } from './record.ts';

/**
 * The images that every kind of filter lets through; of one kind any may match, but labels must all.
 * A `reference` filter also takes the names away that do not match it. `name=value` strings, as typed.
 * Errors: EngineError `filter-invalid`, worded as Docker's daemon does; those of `pickImage`.
 */
export function filterImages(
  images: readonly ImageRecord[],
  filters: readonly string[],
  now: number,
): readonly ImageRecord[] {
  const groups = groupFilters(filters);
  for (const name of groups.keys()) {
    if (!KNOWN.has(name)) throw invalid(`invalid filter '${name}'`);
  }
  const values = (name: string): readonly string[] => groups.get(name) ?? [];
  let found = images;
  for (const text of values('before')) {
    const limit = createdTime(pickImage(images, text));
    if (!Number.isNaN(limit)) found = found.filter((image) => createdTime(image) < limit);
  }
  for (const text of values('since')) {
    const limit = createdTime(pickImage(images, text));
    if (!Number.isNaN(limit)) found = found.filter((image) => createdTime(image) > limit);
  }
  for (const text of values('until')) {
    const limit = parseUntil(text, now);
    found = found.filter((image) => createdTime(image) < limit);
  }
  for (const label of values('label')) found = found.filter((image) => hasLabel(image, label));
  for (const label of values('label!')) found = found.filter((image) => !hasLabel(image, label));
  if (groups.has('dangling')) {
    const wanted = parseDangling(values('dangling'));
    found = found.filter((image) => isDangling(image) === wanted);
  }
  if (!groups.has('reference')) return found;
  const patterns = values('reference').map(compilePattern);
  return found.flatMap((image) => {
    const matches = (name: string): boolean => patterns.some((pattern) => pattern(name));
    const names = image.names.filter(matches);
    const digests = image.digests.filter(matches);
    return names.length + digests.length === 0 ? [] : [{ ...image, names, digests }];
  });
}

/** An image that no tag leads to. */
export function isDangling(image: ImageRecord): boolean {
  return image.names.length === 0;
}

const KNOWN = new Set(['before', 'since', 'until', 'label', 'label!', 'dangling', 'reference']);

/** `name=value` strings, as typed, by name; without the empty ones. */
export function groupFilters(filters: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const filter of filters) {
    if (filter === '') continue;
    const equals = filter.indexOf('=');
    const name = filter.slice(0, equals).trim().toLowerCase();
    const value = filter.slice(equals + 1).trim();
    groups.set(name, [...(groups.get(name) ?? []), value]);
  }
  return groups;
}

/** Milliseconds; NaN, which is neither before nor after anything, for an image that does not say. */
function createdTime(image: ImageRecord): number {
  return Date.parse(image.created ?? '');
}

/** Whether a label is there (`name`), or has a value (`name=value`). */
export function hasLabel(
  { labels }: { readonly labels: Readonly<Record<string, string>> },
  filter: string,
): boolean {
  const equals = filter.indexOf('=');
  if (equals < 0) return Object.hasOwn(labels, filter);
  const key = filter.slice(0, equals);
  return Object.hasOwn(labels, key) && labels[key] === filter.slice(equals + 1);
}

function parseDangling(values: readonly string[]): boolean {
  const [first = '', ...others] = [...new Set(values)].sort();
  const known = new Map([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
  ]);
  const value = known.get(first);
  if (value !== undefined && others.length === 0) return value;
  throw invalid(`invalid filter 'dangling=[${[first, ...others].join(' ')}]'`);
}

/** A pattern is for the whole name as shown, or for the repository alone. */
function compilePattern(pattern: string): (name: string) => boolean {
  const matches = compileGlob(pattern);
  return (name) => {
    const ref = parseReference(name);
    return matches(familiarName(ref)) || matches(familiarRepository(ref));
  };
}

/** A time, or a Go duration before now; in milliseconds. Errors: `filter-invalid`. */
export function parseUntil(text: string, now: number): number {
  const duration = parseDuration(text);
  if ('nanoseconds' in duration) return now - duration.nanoseconds / 1e6;
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(time)) {
    throw invalid(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
  }
  return time;
}

function invalid(message: string): EngineError {
  return new EngineError('filter-invalid', message);
}
