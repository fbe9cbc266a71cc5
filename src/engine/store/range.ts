/**
 * The part of `size` bytes that a read of `length` from `offset` covers: shortened at the end,
 * empty past it. Anything but non-negative safe integers is a caller's bug and throws.
 */
export function rangeWithin(
  size: number,
  offset: number,
  length: number,
): { readonly start: number; readonly end: number } {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`read of ${length} bytes at ${offset}`);
  }
  const start = Math.min(offset, size);
  return { start, end: Math.min(start + length, size) };
}
