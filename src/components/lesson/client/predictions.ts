/** The learner's guess opens the answer and says whether it was right. */
export function watchPredictions(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLElement>('[data-predict]')) {
    const verdict = box.querySelector<HTMLElement>('.verdict');
    const details = box.querySelector('details');
    box.addEventListener('change', ({ target }) => {
      if (!(target instanceof HTMLInputElement) || verdict === null) return;
      const right = target.value === box.dataset['predict'];
      verdict.textContent = (right ? verdict.dataset['right'] : verdict.dataset['wrong']) ?? '';
      box.classList.toggle('right', right);
      box.classList.toggle('wrong', !right);
      if (details !== null) details.open = true;
    });
  }
}
