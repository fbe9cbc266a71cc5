/** Whether a text is JSON that has everything `part` has; objects and lists may have more fields, lists not more items. */
export function isPart(part: unknown, text: string): boolean {
  try {
    const whole: unknown = JSON.parse(text);
    return within(part, whole);
  } catch {
    return false;
  }
}

function within(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  if (typeof whole !== 'object' || whole === null) return false;
  if (Array.isArray(part) !== Array.isArray(whole)) return false;
  if (Array.isArray(part) && Array.isArray(whole) && part.length !== whole.length) return false;
  const fields = new Map<string, unknown>(Object.entries(whole));
  return Object.entries(part).every(
    ([name, value]) => fields.has(name) && within(value, fields.get(name)),
  );
}
