import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import { axe, openPanelPage, type PanelPage, type PanelPageOptions } from './panel-page.ts';
import { openPanelSite, type PanelSite, weigh } from './panel-site.ts';

/** The editor's panel over files in memory: src/editor/testing-page.ts. */
const program = findChromium();
const LIMIT = { timeout: 60_000 };

/** Of compressed scripts that terminal and editor load when they are opened, in bytes. */
const BUDGET = 330_000;

let site: PanelSite;
let browser: Browser;

beforeAll(async () => {
  if (program === undefined) return;
  [site, browser] = await Promise.all([
    openPanelSite('src/editor/testing-page.ts'),
    launchChromium(program),
  ]);
}, 120_000);

afterAll(async () => {
  if (program === undefined) return;
  await browser.close();
  await site.close();
}, 60_000);

interface Shown extends PanelPage {
  /** What the disk has. */
  readonly disk: (path: string) => Promise<string | undefined>;
  readonly log: () => Promise<readonly string[]>;
  /** What the editor shows. */
  readonly text: () => Promise<string>;
  /** Somebody else writes. */
  readonly outside: (path: string, text: string | undefined) => Promise<void>;
  readonly state: (text: string) => Promise<void>;
  readonly row: (name: string | RegExp) => ReturnType<Page['locator']>;
}

/** One test with a page of its own, that must have nothing to complain about. */
function shown(
  name: string,
  work: (shown: Shown) => Promise<void>,
  options: PanelPageOptions = {},
): void {
  test(name, LIMIT, async ({ skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    const opened = await openPanelPage(browser, site, options);
    const { page } = opened;
    await page.locator('.cm-line').first().waitFor();
    await work({
      ...opened,
      disk: (path) => page.evaluate<string | undefined>(`disk.get(${JSON.stringify(path)})`),
      log: () => page.evaluate<string[]>('log'),
      text: async () => (await page.locator('.cm-line').allTextContents()).join('\n'),
      outside: (path, text) =>
        page.evaluate(
          `outside(${JSON.stringify(path)}, ${text === undefined ? 'undefined' : JSON.stringify(text)})`,
        ),
      state: (text) => page.locator('.ed-state', { hasText: new RegExp(`^${text}$`) }).waitFor(),
      row: (label) => page.getByRole('treeitem', { name: label }),
    });
    expect(opened.said).toEqual([]);
    await opened.close();
  });
}

/** Goes to the end of the file shown. */
async function toEnd(page: Page): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
}

describe('typing', () => {
  shown('is saved after a pause, and until then it is said', async (panel) => {
    const { page, disk, state, row } = panel;
    await toEnd(page);
    await page.keyboard.type('# end');
    await state('Not saved');
    await row('Dockerfile, not saved').waitFor();
    await state('Saved');
    expect(await disk('Dockerfile')).toMatch(/\/app\n# end$/);
  });

  shown('is saved at once with Ctrl+S', async ({ page, disk, log, state }) => {
    await toEnd(page);
    await page.keyboard.type('# now');
    await page.keyboard.press('Control+s');
    await state('Saved');
    expect(await disk('Dockerfile')).toContain('# now');
    expect(await log()).toEqual(['write Dockerfile']);
  });

  shown('stays unsaved when it cannot be written, and is written later', async (panel) => {
    const { page, disk, state } = panel;
    await page.evaluate('trouble.writes = true');
    await toEnd(page);
    await page.keyboard.type('# kept');
    await page.keyboard.press('Control+s');
    await state('Could not save');
    await page.getByText('That did not work: disk full').waitFor();
    await page.evaluate('trouble.writes = false');
    await page.keyboard.press('Control+s');
    await state('Saved');
    expect(await disk('Dockerfile')).toContain('# kept');
  });

  shown('keeps the line ends of the file', async ({ page, disk, row, state }) => {
    await row('test.sh').click();
    await page.getByLabel('Content of app/test.sh').waitFor();
    await toEnd(page);
    await page.keyboard.type('exit');
    await page.keyboard.press('Control+s');
    await state('Saved');
    expect(await disk('app/test.sh')).toBe('#!/bin/sh\r\necho $1\r\nexit');
  });

  shown('leaves by Esc, then Tab', async ({ page, disk, state }) => {
    await page.getByText('To leave the editor: Esc, then Tab.').waitFor();
    await toEnd(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+s');
    await state('Saved');
    expect(await disk('Dockerfile')).toMatch(/\n {2}$/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement.closest('.ed-code')")).toBeNull();
  });
});

describe('a Dockerfile', () => {
  shown(
    'is checked while it is written, with an explanation',
    async ({ page }) => {
      const problems = page.locator('.ed-problems');
      await problems.getByText('1 problema').click();
      await problems.getByText('Aviso:').waitFor();
      await problems.getByText(/O shell vira o processo 1/).waitFor();
      await problems.getByText('JSON arguments recommended').waitFor();
      await page.locator('.cm-lintRange-warning').first().hover();
      await page
        .locator('.cm-tooltip-lint')
        .getByText(/O shell vira o processo 1/)
        .waitFor();
      await page.mouse.move(5, 5);
      await problems.getByRole('button', { name: 'linha 5' }).click();
      await page.keyboard.press('Shift+End');
      // Typed over, Chromium itself tries a style attribute first, and the policy refuses it.
      await page.keyboard.press('Delete');
      await page.keyboard.type('ENTRYPOINT ["/app"]');
      await problems.getByText('Nenhum problema').waitFor();
      expect(await page.locator('.cm-lintRange').count()).toBe(0);
    },
    { lang: 'pt-BR' },
  );

  shown('says in English where a mistake is, and what to do', async ({ page }) => {
    await toEnd(page);
    await page.keyboard.type('CPY a b');
    await page.locator('.ed-problems summary').click();
    const problem = page.locator('.ed-problem', { hasText: 'line 6' });
    await problem.getByText(/A line begins with an instruction/).waitFor();
    await problem.getByText(/unknown instruction: CPY/).waitFor();
  });

  shown('knows what .dockerignore keeps out', async ({ page }) => {
    await toEnd(page);
    await page.keyboard.type('COPY dist /dist');
    await page.locator('.ed-problems').getByText('2 problems').waitFor();
  });

  shown('is completed: instructions, flags, stages, images', async ({ page, disk, state }) => {
    const list = page.locator('.cm-tooltip-autocomplete');
    const choose = async (typed: string, label: string): Promise<void> => {
      await page.keyboard.type(typed);
      await list.getByRole('option', { name: label }).first().click();
    };
    await toEnd(page);
    await choose('COP', 'COPY');
    await choose(' --fr', '--from=');
    await choose('bu', 'build');
    await page.keyboard.type(' /a /a\n');
    await choose('FRO', 'FROM');
    await choose(' gcr', 'gcr.io/distroless/static-debian13');
    await page.keyboard.press('Control+s');
    await state('Saved');
    expect(await disk('Dockerfile')).toMatch(
      /COPY --from=build \/a \/a\nFROM gcr\.io\/distroless\/static-debian13$/,
    );
  });

  shown('is in colour', async ({ page }) => {
    const colours = await page.evaluate<string[]>(
      `[...document.querySelector('.ed-code').shadowRoot.querySelectorAll('.cm-line:first-child span')]
        .map((span) => getComputedStyle(span).color)`,
    );
    expect(new Set(colours).size).toBeGreaterThan(1);
  });
});

describe('both ways', () => {
  shown('what is written elsewhere comes into a clean file', async ({ text, outside, state }) => {
    await outside('Dockerfile', 'FROM scratch\n');
    await expect.poll(text).toBe('FROM scratch\n');
    await state('Saved');
  });

  shown('a new file appears in the tree', async ({ outside, row }) => {
    await outside('app/new.py', 'print(1)\n');
    await row('new.py').waitFor();
  });

  shown('with unsaved edits it is a conflict, and mine can stay', async (panel) => {
    const { page, disk, state, outside } = panel;
    await page.evaluate('trouble.writes = true');
    await toEnd(page);
    await page.keyboard.type('# mine');
    await outside('Dockerfile', 'FROM theirs\n');
    await page.getByText('Both versions are kept').waitFor();
    await state('In conflict');
    await page.evaluate('trouble.writes = false');
    await page.keyboard.press('Control+s');
    expect(await disk('Dockerfile')).toBe('FROM theirs\n');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.locator('.ed-compare').getByText('theirs').waitFor();
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await state('Saved');
    expect(await disk('Dockerfile')).toMatch(/# mine$/);
    expect(await page.locator('.ed-conflict').isVisible()).toBe(false);
  });

  shown('or theirs, and undo brings mine back', async (panel) => {
    const { page, disk, state, text, outside } = panel;
    await page.evaluate('trouble.writes = true');
    await toEnd(page);
    await page.keyboard.type('# mine');
    await outside('Dockerfile', 'FROM theirs\n');
    await page.evaluate('trouble.writes = false');
    await page.getByRole('button', { name: 'Take the other' }).click();
    await expect.poll(text).toBe('FROM theirs\n');
    await page.keyboard.press('Control+z');
    await expect.poll(text).toContain('# mine');
    await page.keyboard.press('Control+s');
    await state('Saved');
    expect(await disk('Dockerfile')).toMatch(/# mine$/);
  });

  shown('a file that was deleted elsewhere can be written again', async (panel) => {
    const { page, disk, state, outside } = panel;
    await outside('Dockerfile', undefined);
    await page.getByText('was deleted outside the editor').waitFor();
    await page.getByRole('button', { name: 'Write it again' }).click();
    await state('Saved');
    expect(await disk('Dockerfile')).toContain('FROM golang');
  });
});

describe('files', () => {
  shown('are made, renamed and deleted by keyboard', async ({ page, log, row }) => {
    await page.getByRole('button', { name: 'New file' }).click();
    await page.keyboard.type('app/main.go');
    await page.keyboard.press('Enter');
    await page.getByText('There is something of that name already.').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('docs/notes.txt');
    await page.keyboard.press('Enter');
    await row('notes.txt').waitFor();
    await page.getByLabel('Content of docs/notes.txt').waitFor();
    await row('notes.txt').focus();
    await page.keyboard.press('F2');
    await page.keyboard.type('plan');
    await page.keyboard.press('Enter');
    await row('plan.txt').waitFor();
    await page.getByLabel('Content of docs/plan.txt').waitFor();
    await row('plan.txt').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog', { name: 'Delete docs/plan.txt?' }).waitFor();
    await page.keyboard.press('Escape');
    await row('plan.txt').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('docs/plan.txt was deleted.').waitFor();
    expect(await log()).toEqual([
      ...['write docs/notes.txt', 'rename docs/notes.txt docs/plan.txt', 'remove docs/plan.txt'],
    ]);
  });

  shown('are walked through with arrows', async ({ page, row }) => {
    await row('app').focus();
    const current = () => page.evaluate<string>('document.activeElement.dataset.path');
    await page.keyboard.press('ArrowDown');
    expect(await current()).toBe('app/main.go');
    await page.keyboard.press('ArrowLeft');
    expect(await current()).toBe('app');
    await page.keyboard.press('ArrowLeft');
    expect(await row('main.go').count()).toBe(0);
    expect(await row('app').getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('End');
    expect(await current()).toBe('README.md');
    await page.keyboard.press('l');
    expect(await current()).toBe('logo.png');
    await page.keyboard.press('Enter');
    await page.getByText('This file is not text (4 bytes)').waitFor();
  });

  shown(
    'that belong to the exercise cannot be changed, and say so',
    async ({ page, text, row }) => {
      await row('README.md, read only').click();
      await expect.poll(text).toBe('Read only.\n');
      await page.locator('.ed-mark', { hasText: 'read only' }).waitFor();
      await toEnd(page);
      await page.keyboard.type('x');
      expect(await text()).toBe('Read only.\n');
    },
  );

  shown('are uploaded by drop, beside what is there', async ({ page, disk, log, row }) => {
    await row('main.go').waitFor();
    await page.evaluate(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['package other'], 'main.go'));
      const target = document.querySelector('[data-path="app"]');
      const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
      target.dispatchEvent(new DragEvent('dragover', options));
      target.dispatchEvent(new DragEvent('drop', options));
    })()`);
    await row('main (2).go').waitFor();
    await page.getByText('1 file uploaded.').waitFor();
    expect(await log()).toEqual(['write app/main (2).go']);
    expect(await disk('app/main.go')).toContain('func main');
  });

  shown('are downloaded as a zip', async ({ page }) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download everything (.zip)' }).click();
    expect((await download).suggestedFilename()).toBe('workspace.zip');
  });

  shown('are opened at a line', async ({ page }) => {
    await page.evaluate("panel.open('app/main.go', 4)");
    await page.getByLabel('Content of app/main.go').waitFor();
    await expect.poll(() => page.locator('.cm-activeLine').innerText()).toContain('println');
  });
});

describe('the look', () => {
  for (const theme of ['light', 'dark'] as const) {
    shown(
      `axe finds nothing in the ${theme} theme`,
      async ({ page, outside }) => {
        await page.locator('.ed-problems').getByText('1 problema').click();
        expect(await axe(page)).toEqual([]);
        await toEnd(page);
        await page.keyboard.type('# minha');
        await outside('Dockerfile', 'FROM theirs\n');
        await page.getByRole('button', { name: 'Comparar' }).click();
        await page.locator('.ed-compare').getByText('theirs').waitFor();
        await page.getByRole('button', { name: 'Novo arquivo' }).click();
        expect(await axe(page)).toEqual([]);
      },
      { theme, lang: 'pt-BR' },
    );
  }

  shown(
    'keeps the tree a click away on a phone',
    async ({ page, row }) => {
      expect(await row('README.md').isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Files', exact: true }).click();
      await row('README.md').waitFor();
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      expect(wide).toBe(360);
    },
    { viewport: { width: 360, height: 640 } },
  );

  shown(
    'shows a diff of two texts',
    async ({ page }) => {
      await page.locator('.cm-deletedChunk').getByText('debian').waitFor();
      await page.locator('.cm-changedLine').getByText('scratch').waitFor();
      expect(await axe(page)).toEqual([]);
    },
    { query: 'diff' },
  );
});

test('terminal and editor are small enough', LIMIT, async () => {
  const { first, later } = await weigh(['src/terminal/index.ts', 'src/editor/index.ts']);
  expect(first).toBeLessThan(BUDGET);
  // WebGL, the diff and languages, each when it is needed.
  expect(later).toBeLessThan(90_000);
});
