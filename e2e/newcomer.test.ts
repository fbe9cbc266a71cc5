import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../src/setup/paths.mjs';
import type { SiteServer } from '../src/setup/site/server.ts';
import { isBuilt, NO_DIST } from '../src/site-tests/dist.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import { publishSteps } from './newcomer-steps.ts';
import {
  type Newcomer,
  openNewcomer,
  openSite,
  PHONE,
  siteToAddTo,
  tabTo,
  WIDE,
  WORK,
} from './newcomer.ts';

/** Go compiles in the emulated machine. */
const COMPILING = 420_000;

const MODULE = 'module saudacao\n\ngo 1.24';
const MAIN = join(repository, 'labs/go-static/start/main.go');
const DOCKERFILE = `FROM golang:1.24-trixie AS build
WORKDIR /src
COPY go.mod main.go ./
RUN CGO_ENABLED=0 go build -o /out/saudacao .

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/saudacao /saudacao
ENTRYPOINT ["/saudacao"]
`;
/** With cgo, which is minutes of compiling: the very step that the lab's solution has. */
const TWIN = `FROM golang:1.24-trixie AS build
WORKDIR /src
COPY go.mod main.go ./
RUN CGO_ENABLED=1 go build -trimpath -ldflags='-s -w' -o /out/saudacao .

FROM gcr.io/distroless/base-debian13:nonroot
COPY --from=build /out/saudacao /saudacao
ENTRYPOINT ["/saudacao"]
`;
/** As they are called, by what their pictures are called. */
const PANELS = {
  ...{ editor: 'Editor', terminal: 'Terminal', check: 'Verificar' },
  ...{ images: 'Imagens', solution: 'Solução', more: 'Mais' },
};

/**
 * The lab of lesson 4 on the built site, from the home page to the last green check. Her first program
 * is compiled here; what the compiler leaves for the twin is with the site's images, as whoever
 * publishes it may put it there.
 */
const program = findChromium();
const runs = program !== undefined && isBuilt();

describe.skipIf(!runs)(`a newcomer (${NO_CHROMIUM}; ${NO_DIST})`, { timeout: COMPILING }, () => {
  let folder: string;
  let site: SiteServer;
  let browser: Browser;
  let she: Newcomer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semdistro-site-'));
    await siteToAddTo(folder);
    const files = { Dockerfile: TWIN, 'go.mod': `${MODULE}\n` };
    const main = await readFile(MAIN, 'utf8');
    await publishSteps({ ...files, 'main.go': main }, join(folder, 'pantry'));
    [site, browser] = await Promise.all([openSite(0, folder), launchChromium(program ?? '')]);
    she = await openNewcomer(browser, site.origin);
  }, COMPILING);

  afterAll(async () => {
    await browser.close();
    await site.close();
    await rm(folder, { recursive: true });
  }, 60_000);

  test('starts at the home page, finds the lab, and opens the workbench with one click', async () => {
    await she.link('Começar a lição 1').click();
    await she.link('Lições').click();
    await she.link('Go: static ou base?').click();
    await she.link('Abrir o laboratório').click();
    await she.button('Abrir a bancada').click();
    await she.ready();
    expect(await she.code.innerText()).toContain('go build');
    await she.picture('opened');
  });

  test('fails, and reads why, and where', async () => {
    const { page, button } = she;
    await button('Verificar').click();
    await she.verdict('bad').waitFor({ timeout: WORK });
    const failed = page.locator('.wb-item[data-status=fail]').first();
    expect(await failed.innerText()).toMatch(/Esperado[^]*Encontrado[^]*go\.mod/);
    await failed.getByRole('button', { name: /^Dockerfile, linha 4/ }).click();
    await expect.poll(() => page.locator('.cm-activeLine').innerText()).toContain('RUN go build');
    await failed.getByRole('button', { name: 'Quero uma dica' }).click();
    await failed.getByText('Dica 1 de 2').waitFor();
    await she.picture('failed');
  });

  test('writes in vi, and sees it in the editor', async () => {
    const { page, code } = she;
    await she.line('vi go.mod');
    await she.shows(/^~/m);
    await page.keyboard.type(`i${MODULE}`);
    await page.keyboard.press('Escape');
    await page.keyboard.type(':wq\n');
    await she.file('go.mod').waitFor();

    await she.shows(/#$/);
    await she.line('vi Dockerfile');
    await she.shows(/^~/m);
    await page.keyboard.type(':%s/COPY main.go/COPY go.mod main.go/\n:wq\n');
    // The file is open there, and nobody has clicked.
    await expect.poll(() => code.innerText()).toContain('COPY go.mod main.go .');
    await she.file('go.mod').click();
    await expect.poll(() => code.innerText()).toContain('module saudacao');
  });

  test('writes the Dockerfile in the editor, builds and runs it in the terminal', async () => {
    await she.file('Dockerfile').click();
    await expect.poll(() => she.code.innerText()).toContain('go build -o saudacao');
    await she.rewrite(DOCKERFILE);
    expect(await she.does('docker build -t saudacao .', COMPILING)).toBe(0);
    await she.picture('built');
    await she.line('clear; docker run --rm -e SAUDACAO=bom-dia saudacao');
    await she.shows('bom-dia (nonroot');
  });

  test('reloads in the middle, and goes on with files, images and hints', async () => {
    await she.page.reload();
    await she.ready();
    await expect.poll(() => she.code.innerText()).toContain('CGO_ENABLED=0');
    await she.file('go.mod').waitFor();
    await she.line('docker images saudacao; docker run --rm -e SAUDACAO=boa-tarde saudacao');
    await she.shows(/^saudacao +latest/m);
    await she.shows('boa-tarde (nonroot');
  });

  test('mends the twin, and every check is green', async () => {
    const { page } = she;
    await she.file('Dockerfile.cgo').click();
    await expect.poll(() => she.code.innerText()).toContain('A gêmea');
    await she.rewrite(TWIN);
    await she.button('Verificar').click();
    await page.locator('.wb-verdict:not([data-tone=calm])').waitFor({ timeout: COMPILING });
    expect(await page.locator('.wb-verdict').innerText()).toContain('Parabéns');
    expect(await page.locator('.wb-item[data-status=pass]').count()).toBe(11);
    await she.link(/^Próxima lição: /).waitFor();
    await she.picture('passed');
  });

  test('compares her two images, with the keyboard', async () => {
    const { page, tab } = she;
    expect(await she.does('docker build -q -t gemea -f Dockerfile.cgo .')).toBe(0);
    await tabTo(page, '[role=tab][aria-selected=true]');
    await page.keyboard.press('ArrowRight');
    expect(await tab('Imagens').getAttribute('aria-selected')).toBe('true');
    await page.getByRole('button', { name: /^gemea:latest/ }).waitFor();
    await she.picture('images');
    await tabTo(page, '[data-focus=compare]');
    await page.keyboard.press('Enter');
    const figure = page.locator('.wb-images .history-diff');
    await figure.waitFor();
    await tabTo(page, '.history-diff summary');
    const row = figure.locator('summary:focus');
    while (!/COPY/.test(await row.innerText())) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await figure.locator('details[open]').getByText('/saudacao').first().waitFor();
    await she.picture('compared');
  });

  test('reads on: a solution beside hers, and what she has done, on a phone', async () => {
    const { page, tab } = she;
    await tab('Solução').click();
    await she.button('Comparar com a solução').click();
    await page.getByRole('heading', { name: 'Dockerfile.cgo' }).waitFor();
    await she.picture('solution');
    await page.setViewportSize(PHONE);
    for (const [panel, name] of Object.entries(PANELS)) {
      await tab(name).click();
      await she.picture(`phone-${panel}`);
    }
    await page.setViewportSize(WIDE);
    await she.link('Lições').click();
    const lesson = page.locator('[data-lesson=go-static]');
    await lesson.getByText('laboratório feito').waitFor();
  });

  test('has seen no error', () => {
    expect(she.faults).toEqual([]);
  });
});
