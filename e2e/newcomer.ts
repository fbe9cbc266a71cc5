import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from 'playwright-core';
import { expect } from 'vitest';
import { serveSite, type SiteServer } from '../src/setup/site/server.ts';
import { DIST } from '../src/site-tests/dist.ts';

/** How long the machine may take to start on a computer that has much else to do. */
export const START = 90_000;
/** For what loads images, or runs a command in the emulated machine. */
export const WORK = 120_000;

export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

const SCREENSHOTS = join(import.meta.dirname, '../.cache/screenshots');

/** The built site as `npm start` serves it; port 0 lets the system choose. */
export function openSite(port = 0, folder = DIST): Promise<SiteServer> {
  return serveSite({ folder, port, tries: 0 });
}

/**
 * A folder with links to all of the built site but its `pantry/`, which has links to what is in there,
 * and can be added to.
 */
export async function siteToAddTo(folder: string): Promise<void> {
  const blobs = join('pantry', 'blobs', 'sha256');
  await mkdir(join(folder, blobs), { recursive: true });
  for (const inside of ['', 'pantry', blobs]) {
    for (const name of await readdir(join(DIST, inside))) {
      const path = join(inside, name);
      if (path === 'pantry' || path === join('pantry', 'blobs')) continue;
      await symlink(join(DIST, path), join(folder, path));
    }
  }
}

/** A tab with a page of the site, as its reader sees it. */
export interface Newcomer {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong unseen: errors of the page, and of the console. */
  readonly faults: readonly string[];
  readonly button: (name: string | RegExp) => Locator;
  readonly link: (name: string | RegExp) => Locator;
  /** Of a panel of the workbench. */
  readonly tab: (name: string) => Locator;
  /** Its line in the editor's tree. */
  readonly file: (path: string) => Locator;
  /** What is written in the open file. */
  readonly code: Locator;
  readonly verdict: (tone: 'ok' | 'bad') => Locator;
  /** What the workbench says above its panels. */
  readonly notices: Locator;
  /** Resolves when machine, editor and terminal are there. */
  readonly ready: () => Promise<void>;
  /** What can be read in the terminal now, a row per line. */
  readonly screen: () => Promise<string>;
  readonly shows: (text: string | RegExp, timeout?: number) => Promise<void>;
  /** Types a line on the keyboard, into the terminal. */
  readonly line: (text: string) => Promise<void>;
  /** The same for a command, and waits for its end: the code that it ends with. */
  readonly does: (command: string, timeout?: number) => Promise<number>;
  /** Puts other text into the open file with the keyboard, and waits until it is saved. */
  readonly rewrite: (text: string) => Promise<void>;
  /** Leaves pictures of the window in .cache/screenshots, one in each theme. */
  readonly picture: (name: string) => Promise<void>;
}

export async function openNewcomer(
  from: Browser | BrowserContext,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Newcomer> {
  const context =
    'newContext' in from
      ? await from.newContext({ viewport: WIDE, locale: 'pt-BR', ...options })
      : from;
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(address);

  const named = (role: 'button' | 'link', name: string | RegExp): Locator =>
    page.getByRole(role, { name, ...(typeof name === 'string' && { exact: true }) });
  const terminal = page.locator('.term-screen:not([hidden])');
  const screen = async (): Promise<string> => {
    const rows = await terminal.locator('.xterm-rows > div').allInnerTexts();
    const lines = rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd());
    return lines.join('\n').trimEnd();
  };
  const shows: Newcomer['shows'] = async (text, timeout = WORK) => {
    await expect.poll(screen, { timeout, interval: 200 }).toMatch(text);
  };
  const line: Newcomer['line'] = async (text) => {
    await terminal.locator('.xterm-screen').click();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  const code = page.locator('.ed .cm-content');
  let commands = 0;
  return {
    ...{ page, context, faults, screen, shows, line, code },
    button: (name) => named('button', name),
    link: (name) => named('link', name),
    tab: (name) => page.locator('.wb-tabs').getByRole('tab', { name }),
    file: (path) => page.locator(`.ed [data-path="${path}"]`),
    verdict: (tone) => page.locator(`.wb-verdict[data-tone=${tone}]`),
    notices: page.locator('.wb-notices').getByRole('listitem'),
    async ready() {
      await page.locator('.wb[data-state=running]').waitFor({ timeout: START });
      await shows(/#$/, START);
    },
    async does(command, timeout) {
      const end = `fim-${++commands}`;
      await line(`clear; ${command}; echo ${end} $?`);
      const ended = new RegExp(`^${end} (\\d+)$`, 'm');
      await shows(ended, timeout);
      return Number(ended.exec(await screen())?.[1]);
    },
    async rewrite(text) {
      await code.click();
      await page.keyboard.press('Control+a');
      await page.keyboard.type(text);
      await page.locator('.ed-state[data-state=saved]').waitFor();
    },
    async picture(name) {
      await mkdir(SCREENSHOTS, { recursive: true });
      const width = String(page.viewportSize()?.width ?? 0);
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const file = `newcomer-${name}.${colorScheme}.${width}.jpg`;
        await page.screenshot({ path: join(SCREENSHOTS, file), quality: 80 });
      }
    },
  };
}

/**
 * Goes from one thing to the next with the Tab key alone, until one that matches `selector` has the
 * focus; editor and terminal, where Tab is a letter, are left as they say.
 */
export async function tabTo(page: Page, selector: string, most = 80): Promise<void> {
  const met: string[] = [];
  for (let pressed = 0; pressed < most; pressed++) {
    const focus = await page.evaluate<Focus>(`(${FOCUS})(${JSON.stringify(selector)})`);
    if (focus.found) return;
    met.push(focus.name);
    if (focus.typing) await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} is not reached: ${met.join(' > ')}`);
}

interface Focus {
  readonly found: boolean;
  readonly typing: boolean;
  readonly name: string;
}

const FOCUS = `(selector) => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  const name = active?.getAttribute('aria-label') ?? active?.textContent ?? '';
  return {
    found: active?.matches(selector) === true,
    typing: active?.closest('.cm-content, .xterm') != null,
    name: name.trim().slice(0, 40),
  };
}`;
