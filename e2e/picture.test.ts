import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AxeResults } from 'axe-core';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffListings, historyDiffHtml, historyTableHtml } from '../src/picture/index.ts';
import { repository } from '../src/setup/paths.mjs';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';

/** Two histories in a page as strict as the site's: what a reader does with them. */

const ADDRESS = 'https://picture.test/';
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'";
const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html' } as const;

const old = {
  name: 'app:1',
  rows: [
    { createdBy: 'CMD ["app"]', size: 0, layer: false },
    { createdBy: 'RUN /bin/sh -c pip install x # buildkit', size: 21_600_000, layer: true },
    { createdBy: 'COPY . .', size: 12_300, layer: true },
    { createdBy: 'debian', size: 87_400_000, layer: true },
  ],
};
const files = [{ path: '/usr/bin/app', size: 4_000_000 }];
const young = {
  name: 'app:2',
  rows: [
    { createdBy: 'CMD ["app"]', size: 0, layer: false },
    { createdBy: 'COPY . .', size: 12_300, layer: true },
    { createdBy: 'COPY --from=build /app /usr/bin/app', size: 4_000_000, layer: true, index: 1 },
    { createdBy: 'scratch', size: 0, layer: true, files },
  ],
};
const ENTRY = `
import { enhanceHistoryDiff } from './client.ts';
for (const figure of document.querySelectorAll('.history-diff')) {
  enhanceHistoryDiff(figure, {
    loadFiles: async (side, layer) => [{ path: '/loaded/' + side + '/' + layer, size: 1 }],
  });
}`;

const program = findChromium();

describe.skipIf(program === undefined)(`two histories in a browser (${NO_CHROMIUM})`, () => {
  let browser: Browser;
  const served = new Map<string, Uint8Array | string>();

  beforeAll(async () => {
    browser = await launchChromium(program ?? '');
    const { outputFiles } = await build({
      stdin: { contents: ENTRY, resolveDir: join(repository, 'src/picture'), loader: 'ts' },
      ...{ bundle: true, splitting: true, minify: true, write: false, format: 'esm' },
      outdir: '/',
    });
    for (const { path, contents } of outputFiles) served.set(path.slice(1), contents);
    const css = await build({
      stdin: {
        contents:
          "@import './src/styles/tokens.css'; @import './src/picture/picture.css'; body { background: var(--paper) }",
        resolveDir: repository,
        loader: 'css',
      },
      ...{ bundle: true, write: false },
    });
    served.set('page.css', css.outputFiles[0]?.text ?? '');
    for (const theme of ['light', 'dark']) {
      const figures = [
        historyDiffHtml(diffListings(old, young), { lang: 'pt-BR', id: 'diff' }),
        historyTableHtml(old, { lang: 'pt-BR' }),
      ];
      served.set(
        `${theme}.html`,
        `<!doctype html><html lang="pt-BR" data-theme="${theme}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Picture</title><link rel="stylesheet" href="/page.css"><body><main><h1>Picture</h1>${figures.join('')}</main><script type="module" src="/stdin.js"></script></body></html>`,
      );
    }
  }, 60_000);

  afterAll(async () => {
    await browser.close();
  });

  async function open(hash = '', options: { readonly javaScriptEnabled?: boolean } = {}) {
    const context = await browser.newContext({
      viewport: { width: 1100, height: 800 },
      ...options,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await openIn(context, `light.html${hash}`);
    return { context, page };
  }

  async function openIn(context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage();
    await page.route('**', (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      const body = served.get(name);
      if (body === undefined) return route.fulfill({ status: 404 });
      const type = TYPES[name.split('.').at(-1) as keyof typeof TYPES];
      return route.fulfill({
        body: Buffer.from(body),
        contentType: type,
        headers: { 'Content-Security-Policy': CSP },
      });
    });
    await page.goto(ADDRESS + path);
    return page;
  }

  const focused = (page: Page): Promise<string> =>
    page.evaluate<string>("document.activeElement.closest('tr').id");

  it('are one stop for the Tab key, and arrow keys go from row to row', async () => {
    const { context, page } = await open();
    await page.getByRole('button', { name: 'Copiar link' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('diff-1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('diff-3');
    await page.keyboard.press('End');
    expect(await focused(page)).toBe('diff-5');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    expect(await focused(page)).toBe('diff-1');
    await page.keyboard.press('Tab');
    const name = await page.evaluate<string>('document.activeElement.textContent');
    expect(name).toBe('Copiar link');
    await context.close();
  });

  it('open with Enter, and ask for the files of a layer once', async () => {
    const { context, page } = await open();
    const row = page.locator('#diff-4 summary');
    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByText('/loaded/to/1').waitFor();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('#diff-4 details').getAttribute('open')).toBeNull();
    await context.close();
  });

  it('are a table to screen readers, however they are laid out', async () => {
    const { context, page } = await open();
    const table = page.getByRole('table', { name: /Histórico de app:1 ao lado do de app:2/ });
    expect(await table.getByRole('row').count()).toBe(5 + 2);
    const row = page.locator('#diff-2');
    expect(await row.getByRole('cell').count()).toBe(5);
    expect((await row.locator('summary').textContent())?.replaceAll(/\s+/g, ' ')).toContain(
      'sai: RUN pip install x, 21,6 MB',
    );
    await context.close();
  });

  it('show the row that the address names, and copy its address', async () => {
    const { context, page } = await open('#diff-2');
    await page.locator('#diff-2 details[open]').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('diff-2');
    await page.getByRole('link', { name: 'Link desta linha' }).click();
    await page.getByText('Link copiado.').waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(
      `${ADDRESS}light.html#diff-2`,
    );
    await context.close();
  });

  it('are saved as SVG and PNG in the colours of the theme', async () => {
    const { context, page } = await open();
    const save = async (name: string): Promise<Buffer> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      return readFile(await download.path());
    };
    const svg = (await save('Baixar SVG')).toString();
    expect(svg).toContain('#fafbf9');
    expect(svg).not.toContain('var(--');
    const png = await sharp(await save('Baixar PNG')).metadata();
    expect(png).toMatchObject({ format: 'png', width: 2400 });
    await context.close();
  });

  it('read and open without a script', async () => {
    const { context, page } = await open('', { javaScriptEnabled: false });
    expect(await page.getByRole('button', { name: 'Copiar link' }).isVisible()).toBe(false);
    await page.locator('#diff-5 summary').click();
    expect(await page.getByText('/usr/bin/app', { exact: true }).isVisible()).toBe(true);
    await context.close();
  });

  it.each([
    ['light', 360],
    ['light', 1280],
    ['dark', 360],
    ['dark', 1280],
  ])('have nothing for axe in %s at %i pixels, and fit', async (theme, width) => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true });
    const page = await openIn(context, `${theme}.html`);
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(wide).toBeLessThanOrEqual(width);
    await context.close();
  });

  it('weigh less than 6 kB of script before anything is saved', () => {
    const scripts = [...served].filter(([name]) => name.endsWith('.js'));
    const needed = scripts.filter(([, text]) => !Buffer.from(text).includes('toBlob'));
    const bytes = needed.reduce((sum, [, text]) => sum + gzipSync(text).length, 0);
    expect(bytes).toBeLessThan(6_000);
  });
});
