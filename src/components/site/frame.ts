import { restorePlace, savePlace } from './place.ts';
import { currentTheme, setTheme } from './theme.ts';

/** What the frame of every page does once there is JavaScript: the theme's button, the place in the other language. */

const button = document.querySelector<HTMLButtonElement>('[data-theme-switch]');
if (button !== null) {
  const label = (): void => {
    const { toLight = '', toDark = '' } = button.dataset;
    button.setAttribute('aria-label', currentTheme() === 'dark' ? toLight : toDark);
  };
  button.hidden = false;
  label();
  button.addEventListener('click', () => {
    setTheme(currentTheme() === 'dark' ? 'light' : 'dark');
    label();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', label);
}

for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-language]')) {
  link.addEventListener('click', () => {
    savePlace(new URL(link.href).pathname);
  });
}
restorePlace();
