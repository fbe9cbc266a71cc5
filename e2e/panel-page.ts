import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { PanelSite } from './panel-site.ts';

/** A page with a panel, and everything that it complained about. */
export interface PanelPage {
  readonly page: Page;
  readonly said: readonly string[];
  /** What is on the clipboard. */
  readonly clipboard: () => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface PanelPageOptions extends BrowserContextOptions {
  readonly lang?: 'pt-BR' | 'en';
  readonly theme?: 'light' | 'dark';
  /** What else stands behind the question mark. */
  readonly query?: string;
  /** Runs before the page's own scripts. */
  readonly before?: string;
  readonly clipboard?: 'allowed' | 'refused';
}

/** Opens one in a browser's profile of its own. */
export async function openPanelPage(
  browser: Browser,
  site: PanelSite,
  { lang = 'en', theme = 'light', query = '', before, ...options }: PanelPageOptions = {},
): Promise<PanelPage> {
  const { clipboard = 'allowed', ...ofContext } = options;
  const context = await browser.newContext({
    viewport: { width: 1000, height: 700 },
    permissions: clipboard === 'allowed' ? ['clipboard-read', 'clipboard-write'] : [],
    ...ofContext,
  });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => {
    // A driver's remarks about its speed are not the page's.
    if (!message.text().includes('GL Driver Message')) said.push(message.text());
  });
  page.on('pageerror', ({ message }) => said.push(message));
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(`${site.url}?lang=${lang}&theme=${theme}&${query}`);
  return {
    page,
    said,
    clipboard: () => page.evaluate<string>('navigator.clipboard.readText()'),
    close: () => context.close(),
  };
}

/** What axe has against a page, a line each: the rule, and where. */
export async function axe(page: Page): Promise<readonly string[]> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(path, 'utf8'));
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => [id, JSON.stringify(target), failureSummary].join(' '))))`,
  );
}
