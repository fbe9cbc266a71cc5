import { readLessons } from './read-lessons.ts';

/** What was read and passed in this browser, said beside each lesson. */

const read = readLessons();
for (const item of document.querySelectorAll<HTMLElement>('[data-lesson]')) {
  const state = item.querySelector<HTMLElement>('[data-state]');
  if (state === null || !read.includes(item.dataset['lesson'] ?? '')) continue;
  state.textContent = ` · ${state.dataset['read'] ?? ''}`;
  state.hidden = false;
}
