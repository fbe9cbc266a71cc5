/** Lessons that were read to their end, in this browser. Labs are the workbench's to remember. */

const KEY = 'semdistro:lessons-read';

export function readLessons(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    // Without storage nothing was read.
    return [];
  }
}

export function noteRead(lesson: string): void {
  const read = readLessons();
  if (read.includes(lesson)) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([...read, lesson]));
  } catch {
    // The lesson was read all the same.
  }
}
