import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { limiter } from '../src/engine/limiter.ts';
import { addressOf, filesOf, isBuilt, NO_DIST } from '../src/site-tests/dist.ts';
import { serveDist, type ServedSite } from '../src/site-tests/serve.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';

/**
 * Every page in every language and theme: axe finds nothing, the page's own security policy is not
 * broken, nothing is wider than a phone. Pictures of all of them are left in .cache/screenshots.
 */

const SCREENSHOTS = join(import.meta.dirname, '../.cache/screenshots');
const WIDE = { width: 1280, height: 900 };
const THEMES = ['light', 'dark'] as const;
const TABS = 2;
const PHONE = { width: 360, height: 740 };
const OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

const program = findChromium();
const runs = program !== undefined && isBuilt();
const pages = runs ? (await filesOf('.html')).map(addressOf) : [];

describe.skipIf(!runs)(`in a browser (${NO_CHROMIUM}; ${NO_DIST})`, () => {
  let site: ServedSite;
  let browser: Browser;
  let axe: string;
  /** They take addresses in turn: a new page for every address would take longer than the address. */
  const free: Page[] = [];
  const inTurn = limiter(TABS);

  beforeAll(async () => {
    await mkdir(SCREENSHOTS, { recursive: true });
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    site = await serveDist();
    browser = await launchChromium(program ?? '');
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce' });
    for (let i = 0; i < TABS; i++) free.push(await context.newPage());
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it.concurrent.for(pages)('%s', { timeout: 120_000 }, (address, { expect }) =>
    inTurn(async () => {
      const page = free.pop() ?? expect.fail('no page is free');
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      try {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize(WIDE);
        await page.goto(`${site.origin}${address}`, { waitUntil: 'load' });
        await page.evaluate('document.fonts.ready.then(() => undefined)');
        await page.evaluate(axe);
        for (const theme of THEMES) {
          await page.emulateMedia({ colorScheme: theme });
          await page.setViewportSize(WIDE);
          expect(await violations(page), theme).toEqual([]);
          await picture(page, address, theme, WIDE);
          expect(await overflow(page), theme).toBe(0);
          await picture(page, address, theme, PHONE);
          expect(await overflow(page), theme).toBe(0);
        }
        expect(complaints).toEqual([]);
      } finally {
        page.removeAllListeners();
        free.push(page);
      }
    }),
  );
});

/** What axe complains of, one line a place. */
async function violations(page: Page): Promise<readonly string[]> {
  const results = await page.evaluate(async (options) => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: RunOptions): Promise<AxeResults> };
    };
    return (await axe.run(options)).violations;
  }, OPTIONS);
  return results.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) =>
      [id, help, target.join(' '), failureSummary.replaceAll(/\s+/g, ' ')].join(' | '),
    ),
  );
}

async function picture(
  page: Page,
  address: string,
  theme: string,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  await page.setViewportSize(size);
  const name = address.replaceAll(/^\/|\/$/g, '').replaceAll('/', '_');
  const file = `${name === '' ? 'home' : name}.${theme}.${String(size.width)}.jpg`;
  await page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true, quality: 70 });
}

/** Pixels by which the page is wider than the window. */
function overflow(page: Page): Promise<unknown> {
  return page.evaluate(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  );
}
