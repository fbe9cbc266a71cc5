import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, filesOf, isBuilt, NO_DIST } from '../src/site-tests/dist.ts';
import { serveDist, type ServedSite } from '../src/site-tests/serve.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';

/**
 * Every page in every language and theme: axe finds nothing, the page's own security policy is not
 * broken, nothing is wider than a phone. Pictures of all of them are left in .cache/screenshots.
 */

const SCREENSHOTS = join(import.meta.dirname, '../.cache/screenshots');
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

const program = findChromium();
const runs = program !== undefined && isBuilt();
const pages = runs ? (await filesOf('.html')).map(addressOf) : [];
const themes = ['light', 'dark'] as const;

describe.skipIf(!runs)(`in a browser (${NO_CHROMIUM}; ${NO_DIST})`, () => {
  let site: ServedSite;
  let browser: Browser;
  let axe: string;
  /** One for each theme: a new one for every address would take longer than the address. */
  const pagesOf = new Map<string, Page>();

  beforeAll(async () => {
    await mkdir(SCREENSHOTS, { recursive: true });
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    site = await serveDist();
    browser = await launchChromium(program ?? '');
    for (const colorScheme of themes) {
      const options = { viewport: WIDE, colorScheme, reducedMotion: 'reduce' as const };
      pagesOf.set(colorScheme, await (await browser.newContext(options)).newPage());
    }
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  describe.each(themes)('in the %s theme', (theme) => {
    it.each(pages)('%s', { timeout: 60_000 }, async (address) => {
      const page = pagesOf.get(theme) ?? expect.fail('no browser');
      const complaints: string[] = [];
      page.removeAllListeners();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.setViewportSize(WIDE);
      await page.goto(`${site.origin}${address}`, { waitUntil: 'load' });
      await page.evaluate('document.fonts.ready.then(() => undefined)');
      await page.evaluate(axe);
      expect(await violations(page)).toEqual([]);
      await picture(page, address, theme, WIDE);
      expect(await overflow(page)).toBe(0);
      await picture(page, address, theme, PHONE);
      expect(await overflow(page)).toBe(0);
      expect(complaints).toEqual([]);
    });
  });
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
