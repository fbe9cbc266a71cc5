/** Plays the picture of an image that loses its weight once, when it is first seen; whoever touches it takes over. */

/** Milliseconds from one base to the next: all of it takes less than five seconds. */
const STEP = 1100;

const figure = document.querySelector<HTMLElement>('[data-weight]');
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
if (figure !== null && !still) {
  const buttons = [...figure.querySelectorAll<HTMLInputElement>('input[type=radio]')];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
  };
  const step = (at: number): void => {
    const button = buttons[at];
    // The last base, scratch, is left to the reader.
    if (button === undefined || at === buttons.length - 1) return;
    button.checked = true;
    timer = setTimeout(step, STEP, at + 1);
  };
  const seen = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      timer = setTimeout(step, STEP, 1);
    },
    { threshold: 0.5 },
  );
  seen.observe(figure);
  for (const event of ['pointerdown', 'keydown', 'focusin']) {
    figure.addEventListener(event, () => {
      seen.disconnect();
      stop();
    });
  }
}
