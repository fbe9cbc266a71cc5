import { workbenchOpener } from './opener.ts';
import { watchPredictions } from './predictions.ts';
import { noteLesson, readProgress } from './progress.ts';

/** What a lesson's or a lab's page does once there is JavaScript. The workbench comes when it is asked for. */

const section = document.querySelector<HTMLElement>('[data-workbench]');
if (section !== null) {
  const opener = workbenchOpener(section);
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-run], [data-open]')) {
    button.hidden = false;
    const block = button.closest<HTMLElement>('[data-command]');
    button.addEventListener('click', () => {
      void opener.open(block?.dataset['command']).then(() => {
        // The workbench may have come over it.
        block?.scrollIntoView({ block: 'nearest' });
      });
    });
    // The code is on its way before the finger comes down.
    button.addEventListener('pointerenter', opener.prefetch, { once: true });
    button.addEventListener('focus', opener.prefetch, { once: true });
  }
  for (const hidden of section.querySelectorAll<HTMLElement>('.open')) hidden.hidden = false;
  if (section.classList.contains('whole')) opener.reopen();
}

watchPredictions(document);

const cards = document.querySelectorAll<HTMLElement>('.lab-card[data-lab]');
if (cards.length > 0) {
  const { labs } = await readProgress();
  for (const card of cards) {
    const state = labs[card.dataset['lab'] ?? '']?.state;
    const said = card.querySelector<HTMLElement>('[data-lab-state]');
    if (state === undefined || said === null) continue;
    said.textContent = ` · ${said.dataset[state] ?? ''}`;
    said.hidden = false;
  }
}

const lesson = document.querySelector<HTMLElement>('[data-lesson]')?.dataset['lesson'];
const end = document.querySelector('.neighbours');
if (lesson !== undefined && end !== null) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    void noteLesson(lesson);
  });
  observer.observe(end);
}
