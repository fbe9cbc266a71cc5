import { readProgress } from './progress.ts';

/** What was read and passed in this browser, said beside each lesson. */

const { lessons, labs } = await readProgress();
for (const item of document.querySelectorAll<HTMLElement>('[data-lesson]')) {
  const state = item.querySelector<HTMLElement>('[data-state]');
  if (state === null) continue;
  const states = (item.dataset['labs'] ?? '').split(' ').map((slug) => labs[slug]?.state);
  const { read = '', passed = '', started = '' } = state.dataset;
  const said = [
    ...(lessons.includes(item.dataset['lesson'] ?? '') ? [read] : []),
    ...(states.every((one) => one === 'passed')
      ? [passed]
      : states.some((one) => one !== undefined)
        ? [started]
        : []),
  ];
  if (said.length === 0) continue;
  state.textContent = ` · ${said.join(', ')}`;
  state.hidden = false;
}
