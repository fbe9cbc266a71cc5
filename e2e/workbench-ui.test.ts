import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import { openPanelSite, type PanelSite } from './panel-site.ts';

/**
 * The workbench's panels around a workbench that only pretends, in a page as strict as the site's:
 * what a learner does with checks, evidence, hints, solution, images and resets.
 */
const program = findChromium();
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 720 };

describe.skipIf(program === undefined)(`the panels of the workbench (${NO_CHROMIUM})`, () => {
  let browser: Browser;
  let site: PanelSite;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    [site, browser] = await Promise.all([
      openPanelSite('src/workbench/ui/testing-page.ts'),
      launchChromium(program ?? ''),
    ]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await site.close();
  }, 60_000);

  afterEach(async () => {
    await page.close();
    expect(faults.splice(0)).toEqual([]);
  });

  /** `address` is a query and a hash, as testing-page.ts reads them. */
  async function open(address = '', viewport = WIDE): Promise<void> {
    page = await browser.newPage({ viewport });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (said) => {
      if (said.type() === 'error') faults.push(said.text());
    });
    await page.goto(site.url + address);
  }
  const tab = (name: string): Locator => page.locator('.wb-tabs').getByRole('tab', { name });
  const button = (name: string | RegExp): Locator =>
    page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
  const bench = async (code: string): Promise<unknown> => page.evaluate(`bench.${code}`);
  const asked = async (): Promise<unknown> => bench('log');
  const said = (): Locator => page.locator('.wb > [role=status]');
  const check = async (): Promise<void> => {
    await button('Verificar').click();
    await page.locator('.wb-verdict:not([data-tone=calm])').waitFor();
  };
  const item = (title: string): Locator => page.getByRole('listitem').filter({ hasText: title });

  describe('while it starts', () => {
    test('it says what it is doing, and how far it is', async () => {
      await open('#starting');
      const stage = page.getByRole('listitem').filter({ hasText: 'Memória de um Linux' });
      expect(await stage.textContent()).toContain('3,1\u202fMB de 7,82\u202fMB');
      expect(await stage.getByRole('progressbar').getAttribute('value')).toMatch(/^0\.39/);
      await bench('become({ kind: "running", seconds: 0.8 })');
      await page.getByText('Pronta em 0,8 s').first().waitFor();
      expect(await page.locator('.wb-cover').isHidden()).toBe(true);
    });

    test('it can be brought here from another tab', async () => {
      await open('#elsewhere');
      await button('Trazer para esta aba').click();
      await button('Verificar').waitFor();
      expect(await asked()).toContain('takeOver');
    });

    test('what covers it takes the keyboard along, and gives it back', async () => {
      await open();
      await page.locator('.cm-content').focus();
      await bench('become({ kind: "elsewhere" })');
      await button('Trazer para esta aba').and(page.locator(':focus')).waitFor();
      await page.keyboard.press('Enter');
      await tab('Verificar').and(page.locator(':focus')).waitFor();
    });

    test('what failed is said, with its detail, and tried again', async () => {
      await open('#failed');
      await page.getByText('O Linux da bancada caiu.').waitFor();
      await page.getByText('Detalhe técnico').click();
      await page.getByText('machine-crashed: CPU halted').waitFor();
      await button('Tentar de novo').click();
      expect(await asked()).toEqual(['start', 'start']);
    });

    test('a browser that cannot is told what to do, and where labs can be done', async () => {
      await open('?lang=en#impossible');
      await page.getByText('A private window often forbids it').waitFor();
      const link = page.getByRole('link', { name: 'Do it on my own computer' });
      expect(await link.getAttribute('href')).toBe('/en/your-machine/');
    });
  });

  describe('checks', () => {
    test('are read, and lead to the line, with the keyboard alone', async () => {
      await open();
      await page.locator('.cm-content').waitFor();
      await page.locator('#before').focus();
      const go = async (name: string): Promise<void> => {
        for (let presses = 0; presses < 60; presses++) {
          if ((await page.evaluate('document.activeElement?.textContent')) === name) return;
          // Out of the terminal, where Tab alone is the shell's.
          await page.keyboard.press('Escape');
          await page.keyboard.press('Tab');
        }
        throw new Error(`the keyboard does not reach ${name}`);
      };
      await go('Verificar');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('.wb-verdict[data-tone=bad]').waitFor();
      expect(await said().textContent()).toBe(
        'Ainda não. 2 passaram, 1 falhou, 1 pulada · 4,6 s. A imagem não tem shell nenhum: falhou. ' +
          'Encontrado: /usr/bin/diagnostico é um busybox.',
      );
      await go('Dockerfile, linha 8: abrir no editor');
      await page.keyboard.press('Enter');
      await page.locator('.cm-activeLine').filter({ hasText: '/bin/busybox' }).waitFor();
      await page.locator('.cm-content:focus').waitFor();
    });

    test('tell what should be and what is; skipped and broken are not wrong', async () => {
      await open();
      await check();
      const failed = await item('A imagem não tem shell nenhum').first().innerText();
      expect(failed).toContain('falhou');
      expect(failed).toContain('nenhum sh, bash ou busybox');
      expect(await item('O programa roda e responde').innerText()).toContain('depende de');
      await bench('answer(BROKEN)');
      await check();
      await page.getByText('Isto não é um erro seu.').waitFor();
      await page.getByText('Confira a conexão e verifique de novo.').waitFor();
    });

    test('give hints one at a time, and say them', async () => {
      await open();
      await check();
      await button('Quero uma dica').click();
      await page.getByText('Dica 1 de 2').waitFor();
      expect(await said().textContent()).toContain('Um busybox continua sendo um shell');
      expect(await page.getByText('Dica 2 de 2').count()).toBe(0);
      await button('Mais uma dica').click();
      await page.getByText('Dica 2 de 2').waitFor();
      // The button is gone, and the keyboard is at what it brought.
      expect(await page.locator(':focus').textContent()).toContain('Dica 2 de 2');
      await page.getByText('Era a última dica desta checagem.').waitFor();
    });

    test('show the layer, and the file in it', async () => {
      await open();
      await check();
      await button(/^\/usr\/bin\/diagnostico na imagem/).click();
      await page.getByRole('heading', { name: 'minha:1' }).waitFor();
      await page.locator('.wb-here', { hasText: 'diagnostico' }).waitFor();
      await tab('Verificar').click();
      await button(/^camada 2/).click();
      const choice = page.getByRole('combobox', { name: 'Arquivos' });
      await choice.and(page.locator(':focus')).waitFor();
      expect(await choice.inputValue()).toBe('1');
    });

    test('can be stopped', async () => {
      await open();
      await bench('answer(WRONG, true)');
      await button('Verificar').click();
      await item('O Dockerfile constrói').filter({ hasText: 'passou' }).waitFor();
      await button('Parar').click();
      await page.getByText('Parado.').first().waitFor();
      await button('Verificar').waitFor();
    });

    test('run again after every save, when asked to', async () => {
      await open();
      await page.getByLabel('Verificar sempre que eu salvar').check();
      await page.locator('.wb-verdict[data-tone=bad]').waitFor();
      await bench('answer(RIGHT)');
      await bench('change({ kind: "files", paths: ["Dockerfile"] })');
      await page.locator('.wb-verdict[data-tone=ok]').waitFor();
    });

    test('that pass lead on, and to the solution', async () => {
      await open();
      await bench('answer(RIGHT)');
      await check();
      const next = page.getByRole('link', { name: 'Próximo laboratório: Node.js sem npm' });
      expect(await next.getAttribute('href')).toBe('/labs/nodejs/');
      await button('Comparar com a solução').first().click();
      await page.getByText('main.go é igual ao seu.').waitFor();
      expect(await asked()).toContain('solution false');
    });
  });

  test('the solution before a pass is a deliberate choice', async () => {
    await open();
    await tab('Solução').click();
    await button('Ver assim mesmo').click();
    const dialog = page.getByRole('dialog', { name: 'Ver a solução antes de passar?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    expect(await asked()).not.toContain('solution true');
    await button('Ver assim mesmo').click();
    await dialog.getByRole('button', { name: 'Ver a solução' }).click();
    await page.getByRole('heading', { name: 'Dockerfile' }).waitFor();
    expect(await asked()).toContain('solution true');
  });

  test('a reset says what is lost, and does nothing without a yes', async () => {
    await open();
    await tab('Mais').click();
    await page.getByText('1 laboratório passado, 2 lições lidas.').waitFor();
    await button('Apagar tudo isso').click();
    const dialog = page.getByRole('dialog', { name: 'Apagar imagens, contêineres e cache?' });
    expect(await dialog.innerText()).toContain('todas as imagens que você construiu');
    await dialog.getByRole('button', { name: 'Cancelar' }).click();
    expect(await asked()).not.toContain('reset store');
    await page.getByLabel('Qual arquivo').selectOption('main.go');
    await button('Devolver o arquivo ao começo').click();
    const file = page.getByRole('dialog', { name: 'Devolver main.go ao começo?' });
    await file.getByRole('button', { name: 'Devolver o arquivo ao começo' }).click();
    await page.getByText('main.go está como no começo.').first().waitFor();
    expect(await asked()).toContain('reset file main.go');
  });

  test('progress that is not one is refused in words', async () => {
    await open();
    await tab('Mais').click();
    await page.setInputFiles('.wb-more input[type=file]', {
      ...{ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('no') },
    });
    await page.getByText('Este arquivo não é um progresso do Sem Distro.').first().waitFor();
  });

  test('images are listed, opened and compared', async () => {
    await open();
    await tab('Imagens').click();
    await button(/^minha:1/).click();
    await page.getByText('9,01\u202fMB').first().waitFor();
    await page.getByText('Configuração').click();
    await page.getByText('PATH=/usr/bin:/bin').waitFor();
    await page.getByText('Pacotes (2)').click();
    await page.getByText('2026a-0+deb13u1').waitFor();
    await button('← Todas as imagens').click();
    await button('Comparar').click();
    await page.locator('.history-diff tr.removed').waitFor();
    const names = page.locator('.history-diff .head .name');
    expect(await names.allTextContents()).toEqual(['minha:1', 'minha:2']);
  });

  test('a name that was looked up is told of once, with what to do', async () => {
    await open();
    await button('Verificar').waitFor();
    await bench('change({ kind: "lookup", name: "api.example.org" })');
    await bench('change({ kind: "lookup", name: "api.example.org" })');
    const notices = page.getByRole('list', { name: 'Avisos' }).getByRole('listitem');
    expect(await notices.count()).toBe(1);
    expect(await notices.innerText()).toContain('api.example.org');
    await button('Dispensar o aviso').click();
    expect(await notices.count()).toBe(0);
  });

  test('a command of the page goes to the terminal, also one that came too early', async () => {
    await open('#starting');
    const event = 'new CustomEvent("semdistro:run", { detail: { command: "docker images" } })';
    await page.evaluate(`document.dispatchEvent(${event})`);
    expect(await said().textContent()).toContain('assim que a bancada abrir');
    await bench('become({ kind: "running", seconds: 1 })');
    await expect.poll(asked).toContainEqual(expect.stringContaining('docker images'));
  });

  test('the parts are resized with the keyboard, and stay so', async () => {
    await open();
    const bar = page.getByRole('separator', { name: 'Largura dos painéis do lado' });
    await bar.focus();
    const before = Number(await bar.getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowRight');
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBe(before + 4);
    await page.reload();
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBe(before + 4);
  });

  test('on a phone there is one panel at a time, and nothing is wider than it', async () => {
    await open('', PHONE);
    await tab('Editor').waitFor();
    for (const name of [
      'Editor',
      'Terminal',
      'Verificar',
      'Imagens',
      'Página',
      'Solução',
      'Mais',
    ]) {
      await tab(name).click();
      expect(await page.locator('.wb-panel:visible').count(), name).toBe(1);
      const { x = 0, width: wide = 999 } = (await tab(name).boundingBox()) ?? {};
      expect(x + wide, name).toBeLessThanOrEqual(360);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, name).toBeLessThanOrEqual(360);
    }
    await tab('Verificar').click();
    await check();
    await button(/^Dockerfile, linha 8/).click();
    expect(await tab('Editor').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Escape');
  });

  test('a playground has nothing to check', async () => {
    await open('#playground');
    await tab('Imagens').waitFor();
    expect(await page.getByRole('tab').allTextContents()).not.toContain('Verificar');
  });

  describe.each([
    ['light', WIDE],
    ['dark', WIDE],
    ['light', PHONE],
    ['dark', PHONE],
  ])('axe finds nothing in the %s theme at %o', (theme, viewport) => {
    const look = async (place: string): Promise<void> => {
      await page.evaluate(await readFile(axe, 'utf8'));
      const found = await page.evaluate<AxeResults>('axe.run("#panel")');
      const told = found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      expect(told, place).toEqual([]);
    };

    test('in its panels', { timeout: 120_000 }, async () => {
      await open(`?theme=${theme}`, viewport);
      await tab('Verificar').click();
      await bench('answer(BROKEN)');
      await check();
      await look('broken');
      await bench('answer(WRONG)');
      await check();
      await button('Quero uma dica').click();
      await look('wrong');
      await tab('Imagens').click();
      await look('images');
      await button(/^minha:1/).click();
      await page.getByText('Arquivos', { exact: true }).click();
      await look('an image');
      await tab('Página').click();
      await page.locator('.wb-page .wb-empty').waitFor();
      await look('a page');
      await tab('Solução').click();
      await look('solution');
      await tab('Mais').click();
      await bench('change({ kind: "lookup", name: "pypi.org" })');
      await look('more');
      await button('Reiniciar a máquina').click();
      await look('a question');
    });

    test.each(['starting', 'elsewhere', 'impossible', 'failed'])('when it is %s', async (state) => {
      await open(`?theme=${theme}#${state}`, viewport);
      await page.locator('.wb-cover h3').waitFor();
      await look(state);
    });
  });
});
