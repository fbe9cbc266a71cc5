import type { BrowserContext, Page } from 'playwright-core';

/**
 * What is timed in a page is timed there, by its own clock: from the event, as the browser stamps it,
 * to what it did to the page. Text, since the bench is checked without a page's types.
 */
const CLOCK = `
globalThis.bench = (() => {
  const PATIENCE = 5 * 60 * 1000;
  const rows = () => document.querySelector('.term-screen:not([hidden]) .xterm-rows');
  const screen = () =>
    Array.from(rows()?.children ?? [], (row) => row.textContent.replaceAll('\\u00a0', ' ').trimEnd())
      .join('\\n')
      .trimEnd();
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const tooLate = () => new Error('it takes too long; the terminal shows ' + screen());
  const until = async (isSo) => {
    const end = performance.now() + PATIENCE;
    while (!isSo()) {
      if (performance.now() > end) throw tooLate();
      await frame();
    }
  };
  const isPrompt = () => /[#$]$/.test(screen());
  const letters = () => screen().replace(/\\s/g, '').length;
  const event = (name, selector) =>
    new Promise((resolve) => {
      const hear = ({ target, timeStamp }) => {
        if (!(target instanceof Element) || !target.closest(selector)) return;
        removeEventListener(name, hear, true);
        resolve(timeStamp);
      };
      addEventListener(name, hear, true);
    });
  const change = (element, isSo, options) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(tooLate()), PATIENCE);
      const observer = new MutationObserver(() => {
        if (!isSo()) return;
        observer.disconnect();
        clearTimeout(late);
        resolve(performance.now());
      });
      observer.observe(element, options);
    });
  let longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: 'longtask' });
  return {
    screen,
    /** A text, and a prompt after it. */
    shows: (text) => until(() => screen().includes(text) && isPrompt()),
    /** From the click that opens the workbench to a prompt. */
    async prompt() {
      const began = await event('click', '[data-open]');
      await until(isPrompt);
      return performance.now() - began;
    },
    /** From a key to its letter in the terminal, drawn. */
    async echo() {
      const before = letters();
      const began = event('keydown', '.xterm');
      const options = { childList: true, subtree: true, characterData: true };
      const drawn = change(rows(), () => letters() > before, options);
      return (await drawn) - (await began);
    },
    /** The same of a field that a browser draws itself. */
    field() {
      const field = document.createElement('input');
      field.id = 'bench-field';
      document.body.append(field);
      field.focus();
    },
    async fieldEcho() {
      const began = event('keydown', '#bench-field');
      await event('input', '#bench-field');
      await frame();
      return performance.now() - (await began);
    },
    /** From the click on Check to the verdict. */
    async verdict() {
      const verdict = document.querySelector('.wb-verdict');
      let ran = false;
      const isOver = () => {
        const calm = verdict.dataset.tone === 'calm';
        ran ||= calm;
        return ran && !calm;
      };
      const began = await event('click', '.wb-run');
      const ended = await change(verdict, isOver, { attributeFilter: ['data-tone'] });
      return { ms: ended - began, tone: verdict.dataset.tone };
    },
    forgetTasks() {
      longest = 0;
    },
    /** Milliseconds; 0 when none was long enough to be told of. */
    async longestTask() {
      await frame();
      await new Promise((resolve) => setTimeout(resolve));
      return longest;
    },
  };
})();
`;

/** A tab of the site with such a clock in it. */
export interface TimedPage {
  readonly page: Page;
  ask<T>(expression: string): Promise<T>;
  /** What something takes that the clock waits for before `act` makes it happen. */
  timed<T>(expression: string, act: () => Promise<unknown>): Promise<T>;
  /** Opens the workbench; milliseconds from the click to the prompt. */
  open(): Promise<number>;
  /** Has the terminal run a command, as a lesson's button does, and waits for its end. */
  run(command: string): Promise<void>;
}

export async function openTimed(context: BrowserContext, address: string): Promise<TimedPage> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(CLOCK);
  await page.goto(address);
  let commands = 0;
  const ask = <T>(expression: string): Promise<T> => page.evaluate<T>(`bench.${expression}`);
  const timed = async <T>(expression: string, act: () => Promise<unknown>): Promise<T> => {
    await page.evaluate(`void (globalThis.awaited = bench.${expression})`);
    await act();
    return page.evaluate<T>('awaited');
  };
  return {
    ...{ page, ask, timed },
    open: () => timed('prompt()', () => page.locator('[data-open]').first().click()),
    async run(command) {
      const end = ++commands;
      // The quotes keep the line that is typed from looking like what it prints.
      const detail = JSON.stringify({ command: `${command}; echo "en""ded" ${end}` });
      await page.evaluate(
        `void document.dispatchEvent(new CustomEvent('semdistro:run', { detail: ${detail} }))`,
      );
      await ask(`shows('ended ${end}')`);
    },
  };
}
