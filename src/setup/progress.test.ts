import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProgress } from './progress.mjs';
import { languageOf, wordsFor } from './words.mjs';

/** Back to the start of the line, and the line empty. */
const clear = '\r\u001b[2K';

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function start(isTTY: boolean) {
    const screen = { isTTY, said: '', write: (text: string) => (screen.said += text) };
    return { screen, progress: startProgress(screen, wordsFor({}), 'Working') };
  }

  it.each([true, false])(
    'says nothing about what takes less than two seconds (terminal: %s)',
    (tty) => {
      const { screen, progress } = start(tty);
      vi.advanceTimersByTime(1900);
      progress.done();
      vi.advanceTimersByTime(5000);
      expect(screen.said).toBe('');
    },
  );

  it('is plain lines where there is no terminal', () => {
    const { screen, progress } = start(false);
    vi.advanceTimersByTime(7000);
    progress.done();
    expect(screen.said).toBe('Working …\nWorking: done in 7 s\n');
  });

  it('is one line that counts on a terminal, gone when the step is over', () => {
    const { screen, progress } = start(true);
    vi.advanceTimersByTime(4000);
    expect(screen.said.split(clear).at(-1)).toMatch(/^. Working … 4 s$/u);
    expect(screen.said).not.toContain('\n');
    progress.done();
    expect(screen.said.split(clear).at(-1)).toBe('Working: done in 4 s\n');
    vi.advanceTimersByTime(4000);
    expect(screen.said.endsWith('4 s\n')).toBe(true);
  });
});

describe('the language', () => {
  it.each([
    [{}, 'en'],
    [{ LANG: 'pt_BR.UTF-8' }, 'pt'],
    [{ LANG: 'pt' }, 'pt'],
    [{ LANG: 'ptx' }, 'en'],
    [{ LANG: 'pt_BR.UTF-8', LC_ALL: 'C' }, 'en'],
    [{ LANG: 'en_US', LC_MESSAGES: 'pt_PT' }, 'pt'],
    [{ LANG: 'pt_BR', LC_ALL: '' }, 'pt'],
  ])('of %j is %s', (env, language) => {
    expect(languageOf(env)).toBe(language);
  });
});
