/**
 * Runs before anything is painted, from a file of its own (inline scripts are forbidden): whoever
 * chose a theme sees no flash of the other one. Everybody else has their system's, by CSS alone.
 */
export const THEME_SCRIPT = `try {
  var theme = localStorage.getItem('semdistro:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (error) {}
document.documentElement.classList.add('js');
`;
