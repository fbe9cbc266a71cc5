import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SiteServer } from '../src/setup/site/server.ts';
import { isBuilt, NO_DIST } from '../src/site-tests/dist.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import { openNewcomer, openSite, PHONE, START, tabTo, WIDE, WORK } from './newcomer.ts';

/** Other ways into the workbench of the built site, and what may happen on them. */
const program = findChromium();
const runs = program !== undefined && isBuilt();

describe.skipIf(!runs)(
  `the workbench of the site (${NO_CHROMIUM}; ${NO_DIST})`,
  { timeout: 240_000 },
  () => {
    let site: SiteServer;
    let browser: Browser;

    beforeAll(async () => {
      [site, browser] = await Promise.all([openSite(), launchChromium(program ?? '')]);
    }, 60_000);

    afterAll(async () => {
      await browser.close();
      await site.close();
    }, 60_000);

    test('opens for the commands of a lesson, and runs them in their order', async () => {
      const { page, context, shows, picture, faults } = await openNewcomer(
        browser,
        `${site.origin}/licoes/history/`,
      );
      const commands = page.locator('[data-command]').getByRole('button', { name: 'Rodar' });
      await commands.nth(0).click();
      await commands.nth(1).click();
      await shows('exemplo: 4', START + WORK);
      await picture('lesson');
      await page.setViewportSize(PHONE);
      await picture('lesson');
      await page.setViewportSize(WIDE);
      expect(faults).toEqual([]);
      await context.close();
    });

    test('is used with the keyboard alone', async () => {
      const { page, context, ready, shows, verdict, faults } = await openNewcomer(
        browser,
        `${site.origin}/labs/o-que-e/`,
      );
      await tabTo(page, '[data-open]');
      await page.keyboard.press('Enter');
      await ready();
      await tabTo(page, '.xterm-helper-textarea');
      await page.keyboard.type('wc -c respostas.txt\n');
      await shows(/^ *\d+ respostas\.txt/m);
      await tabTo(page, '.wb-run');
      await page.keyboard.press('Enter');
      await verdict('bad').waitFor({ timeout: WORK });
      const failed = page.locator('.wb-item[data-status=fail]').first();
      expect(await failed.innerText()).toMatch(/Esperado[^]*Encontrado[^]*não tem valor para/);
      await tabTo(page, '.wb-place');
      await page.keyboard.press('Enter');
      await page.getByLabel('Conteúdo de respostas.txt').waitFor();
      await page.locator('.ed .cm-content:focus').waitFor();
      expect(faults).toEqual([]);
      await context.close();
    });

    test('is used on a phone, in English', async () => {
      const { page, context, ready, verdict, tab, button, picture, faults } = await openNewcomer(
        browser,
        `${site.origin}/en/labs/o-que-e/`,
        { viewport: PHONE, hasTouch: true, isMobile: true },
      );
      await button('Open the workbench').tap();
      await page.locator('.wb[data-state=running]').waitFor({ timeout: START });
      await tab('Check').tap();
      await button('Check').tap();
      await verdict('bad').waitFor({ timeout: WORK });
      await picture('phone-failed');
      const failed = page.locator('.wb-item[data-status=fail]').first();
      expect(await failed.innerText()).toMatch(/Expected[^]*Found[^]*has no value for/);
      await failed.getByRole('button', { name: /^respostas\.txt/ }).tap();
      await page.getByLabel('Content of respostas.txt').waitFor();
      expect(await tab('Editor').getAttribute('aria-selected')).toBe('true');
      await picture('phone-editor');
      await tab('Terminal').tap();
      await ready();
      await picture('phone-terminal');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      expect(faults).toEqual([]);
      await context.close();
    });

    test('is in one tab at a time, keeps what was written, and its place in the other language', async () => {
      const first = await openNewcomer(browser, `${site.origin}/livre/`);
      const elsewhere = 'A bancada está aberta em outra aba';
      await first.button('Abrir o terminal').click();
      await first.ready();
      await first.rewrite('FROM scratch\n# da primeira aba');
      const second = await openNewcomer(first.context, `${site.origin}/livre/`);
      await second.button('Abrir o terminal').click();
      await second.page.getByRole('heading', { name: elsewhere }).waitFor({ timeout: START });
      await second.picture('elsewhere');
      await second.button('Trazer para esta aba').click();
      await second.ready();
      await expect.poll(() => second.code.innerText()).toContain('da primeira aba');
      await first.page.getByRole('heading', { name: elsewhere }).waitFor();

      await second.link('English').click();
      await second.page.waitForURL('**/en/playground/');
      await second.ready();
      await expect.poll(() => second.code.innerText()).toContain('da primeira aba');
      await second.tab('Images').waitFor();
      expect([...first.faults, ...second.faults]).toEqual([]);
      await first.context.close();
    });

    test('says once that the server is gone, or sent a damaged image, and goes on after it', async () => {
      let own = await openSite();
      const port = Number(new URL(own.origin).port);
      const she = await openNewcomer(browser, `${own.origin}/livre/`);
      const { context, notices, does } = she;
      const build = (base: string): Promise<number> =>
        does(`printf 'FROM ${base}\\nCOPY . /app\\n' | docker build -q -f - .`);
      const blobs = /\/pantry\/blobs\//;
      await she.button('Abrir o terminal').click();
      await she.ready();

      let gone: Promise<void> | undefined;
      await context.route(blobs, async (route) => {
        await (gone ??= own.close());
        await route.continue();
      });
      expect(await build('node:24-trixie-slim')).toBe(1);
      await notices.getByText('o servidor desta página não respondeu').waitFor();
      expect(await notices.count()).toBe(1);
      await she.picture('server-gone');
      own = await openSite(port);
      await context.unroute(blobs);
      expect(await build('node:24-trixie-slim')).toBe(0);
      await she.button('Dispensar o aviso').click();

      await context.route(blobs, async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        body.writeUInt8(body.readUInt8(body.length >> 1) ^ 0xff, body.length >> 1);
        await route.fulfill({ response, body });
      });
      expect(await build('python:3.13-slim')).toBe(1);
      await notices.getByText('chegou estragada').waitFor();
      expect(await notices.count()).toBe(1);
      await context.unroute(blobs);
      expect(await build('python:3.13-slim')).toBe(0);
      await context.close();
      await own.close();
    });

    test('is not needed to read: without JavaScript there are text, pictures, hints and solutions', async () => {
      const { page, context, button, link } = await openNewcomer(
        browser,
        `${site.origin}/licoes/history/`,
        { javaScriptEnabled: false },
      );
      expect(await button('Rodar').count()).toBe(0);
      expect(await page.locator('.history-diff tbody tr').first().isVisible()).toBe(true);
      await page.getByText('Ver a resposta').first().click();
      await page.getByText('O rm também faz camada').waitFor();
      await link('Abrir o laboratório').first().click();
      await page.waitForURL('**/labs/history/');
      expect(await page.locator('noscript').innerText()).toContain('precisa de JavaScript');
      await page.getByText('Dicas', { exact: true }).click();
      await page.getByText(/^Dica 1 de/).click();
      await page.getByText('Uma solução', { exact: true }).click();
      await page.getByText('Uma entre várias que passam.').waitFor();
      await context.close();
    });
  },
);
