import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBuilt, NO_DIST } from '../src/site-tests/dist.ts';
import { serveDist, type ServedSite } from '../src/site-tests/serve.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';

const program = findChromium();
const runs = program !== undefined && isBuilt();

describe.skipIf(!runs)(`the frame of every page (${NO_CHROMIUM}; ${NO_DIST})`, () => {
  let site: ServedSite;
  let browser: Browser;

  beforeAll(async () => {
    site = await serveDist();
    browser = await launchChromium(program ?? '');
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.goto(`${site.origin}${address}`);
    return page;
  }

  const paper = (page: Page): Promise<unknown> =>
    page.evaluate('getComputedStyle(document.documentElement).backgroundColor');

  it('follows the system’s theme until somebody chooses, and then keeps the choice', async () => {
    const page = await open('/', { colorScheme: 'light' });
    const light = await paper(page);
    await page.getByRole('button', { name: 'Usar o tema escuro' }).click();
    const dark = await paper(page);
    expect(dark).not.toBe(light);
    await page.goto(`${site.origin}/en/about/`);
    expect(await paper(page)).toBe(dark);
    await page.getByRole('button', { name: 'Use the light theme' }).click();
    expect(await paper(page)).toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await paper(page)).toBe(dark);
  });

  it('keeps the place when the language changes', async () => {
    const page = await open('/sobre/');
    const from = page.locator('#licencas');
    await page.evaluate("document.getElementById('licencas').scrollIntoView()");
    const top = (await from.boundingBox())?.y ?? expect.fail('not on the page');
    // A click by the pointer would scroll to the link first.
    await page.getByRole('link', { name: 'English' }).dispatchEvent('click');
    await page.waitForURL('**/en/about/');
    const to = page.locator('#licencas');
    await expect
      .poll(async () => Math.abs(((await to.boundingBox())?.y ?? 0) - top))
      .toBeLessThan(4);
  });

  it('lets a keyboard skip to the content', async () => {
    const page = await open('/glossario/');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('conteudo');
  });

  it('is all there without JavaScript, but for what needs it', async () => {
    const page = await open('/', { javaScriptEnabled: false });
    expect(await page.getByRole('link', { name: 'Lições' }).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Usar o tema escuro' }).isVisible()).toBe(false);
    await page.getByRole('radio', { name: /scratch/ }).check();
    await expect
      .poll(async () => (await page.locator('.part-debian svg').boundingBox())?.height ?? 0)
      .toBe(0);
  });

  it('finds a word in the lessons', async () => {
    const page = await open('/busca/');
    await page.getByRole('searchbox').fill('whiteout');
    await page
      .getByRole('link', { name: /history/i })
      .first()
      .waitFor();
    expect(page.url()).toContain('?q=whiteout');
    expect(await page.getByRole('status').textContent()).toMatch(/^\d+ páginas? com “whiteout”\.$/);
  });
});
