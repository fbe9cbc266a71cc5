import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import { axe, openPanelPage, type PanelPage, type PanelPageOptions } from './panel-page.ts';
import { openPanelSite, type PanelSite } from './panel-site.ts';

/** The terminal's panel with shells that pretend: src/terminal/testing-page.ts. */
const program = findChromium();
const LIMIT = { timeout: 60_000 };

let site: PanelSite;
let browser: Browser;

beforeAll(async () => {
  if (program === undefined) return;
  [site, browser] = await Promise.all([
    openPanelSite('src/terminal/testing-page.ts'),
    launchChromium(program),
  ]);
}, 120_000);

afterAll(async () => {
  if (program === undefined) return;
  await browser.close();
  await site.close();
}, 60_000);

interface Log {
  readonly typed: readonly string[];
  readonly sizes: readonly string[];
  readonly closed: number;
}

interface Shown extends PanelPage {
  readonly log: () => Promise<Log>;
  /** What the terminal that is shown shows. */
  readonly screen: () => Promise<string>;
  readonly shows: (text: string | RegExp) => Promise<void>;
  readonly typed: (shell: number) => Promise<string>;
  /** The middle of a text on the screen. */
  readonly place: (text: string) => Promise<{ x: number; y: number }>;
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
    const log = () => page.evaluate<Log>('({ ...log, exits: undefined })');
    const screen = () => page.locator('.term-screen:not([hidden]) .xterm-rows').innerText();
    const shows = async (text: string | RegExp): Promise<void> => {
      await expect.poll(screen, { timeout: 20_000 }).toMatch(text);
    };
    const typed = async (shell: number) => (await log()).typed[shell] ?? '';
    if (options.before?.includes('WEBGL') !== true) {
      await shows('$');
      await page.locator('.xterm-screen').first().click();
    }
    await work({ ...opened, log, screen, shows, typed, place: (text) => placeOf(page, text) });
    expect(opened.said).toEqual([]);
    await opened.close();
  });
}

/** By the range of its characters: rows are made of spans that no locator can point into. */
async function placeOf(page: Page, text: string): Promise<{ x: number; y: number }> {
  return page.evaluate<{ x: number; y: number }>(`(() => {
    const rows = document.querySelector('.term-screen:not([hidden]) .xterm-rows');
    const walker = document.createTreeWalker(rows, NodeFilter.SHOW_TEXT);
    const text = ${JSON.stringify(text)};
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(text);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + text.length);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }
    throw new Error('not on the screen: ' + text);
  })()`);
}

const WINDOWS = { before: "Object.defineProperty(navigator, 'platform', { value: 'Win32' })" };

describe('keys', () => {
  shown('go to the shell, and what it prints is seen', async ({ page, shows, typed }) => {
    await page.keyboard.type('echo "ção" | wc');
    await shows('$ echo "ção" | wc');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Control+c');
    await shows('^C');
    expect(await typed(0)).toBe('echo "ção" | wc\u0001\t\u001b[A\u0003');
  });

  shown('Esc, then Tab leaves the terminal either way, and the page says so', async (panel) => {
    const { page, typed } = panel;
    const focused = () =>
      page.evaluate<string>('document.activeElement.id || document.activeElement.className');
    await page.getByText('To leave the terminal: Esc, then Tab.').waitFor();
    const input = page.locator('.xterm-helper-textarea');
    const describedBy = await input.getAttribute('aria-describedby');
    expect(await page.locator(`#${describedBy ?? ''}`).innerText()).toContain('Esc, then Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('xterm');
    await page.keyboard.press('Escape');
    await page.keyboard.press('x');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('xterm');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('after');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toContain('term-tool');
    expect(await typed(0)).toBe('\t\u001bx\t\u001b\u001b');
  });

  shown(
    'those that phones lack are under the screen',
    async ({ page, typed }) => {
      await page.getByRole('button', { name: 'Ctrl+C' }).tap();
      await page.getByRole('button', { name: '↑' }).tap();
      expect(await typed(0)).toBe('\u0003\u001b[A');
    },
    { hasTouch: true, isMobile: true, viewport: { width: 360, height: 640 } },
  );
});

describe('copy and paste', () => {
  shown('by keyboard: Ctrl+Shift+C and Ctrl+Shift+V, and Ctrl+C interrupts', async (panel) => {
    const { page, shows, typed, place, clipboard } = panel;
    await page.keyboard.type('word');
    await shows('word');
    const { x, y } = await place('word');
    await page.mouse.dblclick(x, y);
    await page.keyboard.press('Control+Shift+C');
    await page.getByText('Copied.').waitFor();
    expect(await clipboard()).toBe('word');
    await page.keyboard.press('Control+Shift+V');
    await shows('wordword');
    await page.mouse.dblclick(x, y);
    await page.keyboard.press('Control+c');
    await shows('^C');
    await page.keyboard.press('Shift+Insert');
    await shows(/\$ word\s*$/m);
    expect(await typed(0)).toBe('wordword\u0003word');
  });

  shown(
    'on Windows, Ctrl+C copies what is selected and interrupts else; Ctrl+V pastes',
    async (panel) => {
      const { page, shows, typed, place, clipboard } = panel;
      await page.getByText('Copy: Ctrl+C · Paste: Ctrl+V').waitFor();
      await page.keyboard.type('word');
      await shows('word');
      const { x, y } = await place('word');
      await page.mouse.dblclick(x, y);
      await page.keyboard.press('Control+c');
      await page.getByText('Copied.').waitFor();
      expect(await clipboard()).toBe('word');
      await page.keyboard.press('Control+v');
      await shows('wordword');
      await page.keyboard.press('Control+c');
      await shows('^C');
      expect(await typed(0)).toBe('wordword\u0003');
    },
    WINDOWS,
  );

  shown('by mouse: the browser’s own menu finds the selection under the pointer', async (panel) => {
    const { page, shows, place } = panel;
    await page.keyboard.type('word');
    await shows('word');
    const { x, y } = await place('word');
    await page.mouse.dblclick(x, y);
    await page.mouse.click(x, y, { button: 'right' });
    const under = await page.evaluate<string>(`(() => {
      const input = document.elementFromPoint(${x}, ${y});
      return input.value.slice(input.selectionStart, input.selectionEnd);
    })()`);
    expect(under).toBe('word');
  });

  shown('by buttons: all of it, and back', async ({ page, shows, clipboard }) => {
    await page.keyboard.type('word\r');
    await shows(/word\s+\$/);
    await page.getByRole('button', { name: 'Copy the selection, or everything' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await clipboard()).toMatch(/^\$ word\n\$$/);
    await page.evaluate("navigator.clipboard.writeText('pasted')");
    await page.getByRole('button', { name: 'Paste' }).click();
    await shows('$ pasted');
  });

  shown(
    'where the browser refuses, it copies all the same, and says how to paste',
    async (panel) => {
      const { page, shows, place } = panel;
      await page.keyboard.type('word');
      await shows('word');
      const { x, y } = await place('word');
      await page.mouse.dblclick(x, y);
      await page.keyboard.press('Control+Shift+C');
      await page.getByText('Copied.').waitFor();
      await page.getByRole('button', { name: 'Paste' }).click();
      await page.getByText(/does not let this button paste.*Ctrl\+Shift\+V/).waitFor();
      await page.keyboard.press('Control+Shift+V');
      await shows('wordword');
    },
    { before: "Object.defineProperty(navigator, 'clipboard', { value: undefined })" },
  );
});

describe('tabs', () => {
  shown('up to four, each with a shell of its own', async ({ page, log, shows, typed }) => {
    const more = page.getByRole('button', { name: 'Open another terminal' });
    for (const count of [2, 3, 4]) {
      await more.click();
      await expect.poll(() => page.getByRole('tab').count()).toBe(count);
    }
    await more.click({ force: true });
    await page.getByRole('status').filter({ hasText: 'Four terminals is the limit' }).waitFor();
    await shows('$');
    await page.locator('.term-screen:not([hidden]) .xterm-screen').click();
    await page.keyboard.type('fourth');
    await page.getByRole('tab', { name: 'Terminal 2' }).click();
    await page.locator('.term-screen:not([hidden]) .xterm-screen').click();
    await page.keyboard.type('second');
    expect(await Promise.all([typed(1), typed(3)])).toEqual(['second', 'fourth']);
    expect((await log()).closed).toBe(0);
  });

  shown('are chosen with arrows, Home and End, and closed with Delete', async (panel) => {
    const { page, log } = panel;
    await page.getByRole('button', { name: 'Open another terminal' }).click();
    await page.getByRole('button', { name: 'Open another terminal' }).click();
    const chosen = () => page.getByRole('tab', { selected: true }).getAttribute('aria-label');
    await page.getByRole('tab', { name: 'Terminal 3' }).focus();
    const steps = { ArrowRight: 1, ArrowLeft: 3, Home: 1, End: 3 };
    for (const [key, number] of Object.entries(steps)) {
      await page.keyboard.press(key);
      expect(await chosen(), key).toBe(`Terminal ${number}`);
    }
    await page.keyboard.press('Delete');
    expect(await chosen()).toBe('Terminal 2');
    expect(await page.getByRole('tab').count()).toBe(2);
    expect((await log()).closed).toBe(1);
    await page.getByRole('button', { name: 'Close terminal 2' }).click();
    expect(await page.getByRole('tab').count()).toBe(1);
    expect(await page.getByRole('button', { name: /Close terminal/ }).count()).toBe(0);
  });
});

describe('the size', () => {
  shown('is the shell’s, also of one that was hidden meanwhile', async ({ page, log }) => {
    const before = (await log()).sizes;
    await page.getByRole('button', { name: 'Open another terminal' }).click();
    await page.setViewportSize({ width: 600, height: 500 });
    const [columns = 0, rows = 0] = before[0]?.split('x').map(Number) ?? [];
    await expect.poll(async () => (await log()).sizes[1]).not.toBe(before[0]);
    expect((await log()).sizes[0]).toBe(before[0]);
    await page.getByRole('tab', { name: 'Terminal 1' }).click();
    await expect.poll(async () => (await log()).sizes[0]).not.toBe(before[0]);
    const { sizes } = await log();
    const [fewer = 0, lower = 0] = sizes[0]?.split('x').map(Number) ?? [];
    expect(sizes[0]).toBe(sizes[1]);
    expect(fewer).toBeLessThan(columns);
    expect(lower).toBeLessThan(rows);
  });

  shown(
    'shows 40 columns on a phone',
    async ({ log }) => {
      const [columns = 0] = (await log()).sizes[0]?.split('x').map(Number) ?? [];
      expect(columns).toBeGreaterThanOrEqual(40);
    },
    { viewport: { width: 360, height: 640 } },
  );
});

describe('what was printed', () => {
  shown('is kept for 5,000 lines', async ({ page, shows, clipboard }) => {
    await page.keyboard.type('many\r');
    await shows('line 6000');
    await page.getByRole('button', { name: 'Copy the selection, or everything' }).click();
    await page.getByText('Copied.').waitFor();
    const lines = (await clipboard()).split('\n');
    expect(lines.length).toBeGreaterThan(5000);
    expect(lines).toContain('line 1100');
    expect(lines).not.toContain('line 500');
  });

  shown('is found with Ctrl+Shift+F, and Esc goes back', async ({ page, shows, typed }) => {
    await page.keyboard.type('colours\r');
    await shows('colour 15');
    await page.keyboard.press('Control+Shift+F');
    const input = page.getByRole('searchbox', { name: 'Find in the terminal' });
    await input.waitFor();
    await page.keyboard.type('colour 1');
    await page.getByText(/\d of 7/).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('nowhere');
    await page.getByText('Nothing found').waitFor();
    await page.keyboard.press('Escape');
    expect(await input.isVisible()).toBe(false);
    await page.keyboard.type('ls');
    expect(await typed(0)).toBe('colours\rls');
  });

  shown('has links: outside in a new tab, inside the machine with a word', async (panel) => {
    const { page, shows, place } = panel;
    await page.evaluate('window.opened = []; window.open = (...all) => void opened.push(all)');
    await page.keyboard.type('links\r');
    await shows('localhost:8080');
    const follow = async (text: string): Promise<void> => {
      const { x, y } = await place(text);
      await page.mouse.move(x - 5, y);
      await page.mouse.click(x, y);
    };
    // xterm finds what is a link some time after the pointer came there.
    const inside = page.getByText(/localhost:8080 is an address inside the machine/);
    await expect
      .poll(async () => {
        await follow('http://localhost:8080');
        return inside.isVisible();
      })
      .toBe(true);
    await expect
      .poll(async () => {
        await follow('https://example.com/docs');
        return page.evaluate<number>('opened.length');
      })
      .toBeGreaterThan(0);
    const call = ['https://example.com/docs', '_blank', 'noopener,noreferrer'];
    expect(await page.evaluate('opened[0]')).toEqual(call);
  });

  shown('is read aloud when asked to', async ({ page, shows }) => {
    await page.keyboard.type('colours\r');
    await shows('colour 15');
    const button = page.getByRole('button', { name: 'Screen-reader mode' });
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await expect
      .poll(() => page.locator('.xterm-accessibility-tree').innerText())
      .toContain('colour 15');
    await page.keyboard.type('links\r');
    await expect
      .poll(() => page.locator('.xterm-accessibility .live-region').textContent())
      .not.toBe('');
  });
});

describe('a shell', () => {
  shown('that ends says so, and Enter starts another', async ({ page, log, shows }) => {
    await page.keyboard.type('exit\r');
    await shows('has ended (code 0)');
    await page.keyboard.type('x');
    expect((await log()).typed).toHaveLength(1);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await log()).typed.length).toBe(2);
    await page.keyboard.type('again');
    await shows('$ again');
  });

  shown('is given commands, on a line of their own', async ({ page, typed }) => {
    expect(await page.evaluate("panel.run('docker ps')")).toBe(true);
    expect(await typed(0)).toBe('docker ps\r');
    await page.keyboard.type('half');
    await page.evaluate("panel.run('docker images\\n')");
    expect(await typed(0)).toBe('docker ps\rhalf\u0015docker images\r');
  });

  shown('is left alone by commands while vi has its screen', async ({ page, shows, typed }) => {
    await page.keyboard.type('vi\r');
    await shows(/^vi/);
    expect(await page.evaluate("panel.run('docker ps')")).toBe(true);
    expect(await Promise.all([typed(0), typed(1)])).toEqual(['vi\r', 'docker ps\r']);
    expect(await page.getByRole('tab', { selected: true }).getAttribute('aria-label')).toBe(
      'Terminal 2',
    );
  });

  shown('ends with the panel', async ({ page, log }) => {
    await page.getByRole('button', { name: 'Open another terminal' }).click();
    await page.evaluate('panel.dispose()');
    expect((await log()).closed).toBe(2);
    expect(await page.locator('#panel').innerHTML()).toBe('');
  });
});

describe('the look', () => {
  shown('follows the site’s theme', async ({ page, shows }) => {
    await page.keyboard.type('colours\r');
    await shows('colour 1');
    const colour = () =>
      page.evaluate<string>("getComputedStyle(document.querySelector('.xterm-fg-1')).color");
    const light = await colour();
    await page.evaluate("document.documentElement.dataset.theme = 'dark'");
    await expect.poll(colour).not.toBe(light);
  });

  for (const theme of ['light', 'dark'] as const) {
    shown(
      `axe finds nothing in the ${theme} theme`,
      async ({ page, shows }) => {
        await page.keyboard.type('colours\rlinks\r');
        await shows('localhost');
        await page.getByRole('button', { name: 'Abrir outro terminal' }).click();
        await page.getByRole('tab', { name: 'Terminal 1' }).click();
        expect(await axe(page)).toEqual([]);
        await page.keyboard.press('Tab');
        await page.getByRole('button', { name: 'Buscar no terminal' }).click();
        await page.keyboard.type('colour');
        await page.getByText(/de 17/).waitFor();
        await page.getByRole('button', { name: 'Modo leitor de tela' }).click();
        expect(await axe(page)).toEqual([]);
      },
      { theme, lang: 'pt-BR' },
    );
  }

  shown(
    'is drawn by a graphics card where there is one',
    async ({ page, clipboard }) => {
      await page.locator('.xterm-screen canvas').first().waitFor();
      await page.locator('.xterm-screen').click();
      await page.keyboard.type('word\r');
      await page.getByRole('button', { name: 'Copy the selection, or everything' }).click();
      await page.getByText('Copied.').waitFor();
      expect(await clipboard()).toContain('$ word');
    },
    {
      // Chromium without a graphics card draws WebGL by itself, and says so in this parameter alone.
      before: `{
      const WEBGL = WebGL2RenderingContext.prototype;
      const { getParameter } = WEBGL;
      WEBGL.getParameter = function (name) {
        return name === 37446 ? 'A Card' : getParameter.call(this, name);
      };
    }`,
    },
  );
});
