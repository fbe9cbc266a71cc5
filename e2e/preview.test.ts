import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestServer } from '../src/testing/preview-servers.ts';
import { httpServer } from '../src/testing/preview-servers.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import { previewApp } from './preview-app.ts';
import { BASE, giveTcp, openPreviewSite, type PreviewSite } from './preview-site.ts';

/**
 * Pages of servers beside the terminal: panel, service worker, the worker's part and our script in the
 * page as they are, around a workbench that only pretends; the servers are Node's.
 */
const program = findChromium();

describe.skipIf(program === undefined)(`pages of containers (${NO_CHROMIUM})`, () => {
  let browser: Browser;
  let site: PreviewSite;
  let app: TestServer;
  let other: TestServer;
  let context: BrowserContext;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    [site, browser, app, other] = await Promise.all([
      openPreviewSite(),
      launchChromium(program ?? ''),
      previewApp(),
      httpServer((_, response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<title>Outra</title><h1>Outra porta</h1>');
      }),
    ]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await Promise.all([site.close(), app.close(), other.close()]);
  }, 60_000);

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await giveTcp(context);
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', ({ message }) => faults.push(message));
    await page.goto(site.url);
    await tab().click();
  }, 60_000);

  afterEach(async () => {
    await context.close();
    expect(faults.splice(0)).toEqual([]);
  });

  /** On a computer that has much else to do. */
  const soon = <T>(what: () => T | Promise<T>, timeout = 10_000) => expect.poll(what, { timeout });
  const tab = () => page.locator('.wb-tabs').getByRole('tab', { name: /Página/ });
  const button = (name: string) => page.locator('.wb-page').getByRole('button', { name });
  const address = () => page.getByLabel('Endereço dentro da máquina');
  const said = () => page.locator('.wb-page-said');

  async function publish(...servers: readonly (readonly [TestServer, string])[]): Promise<void> {
    const ports = servers.map(([{ port }, container]) => ({
      ...{ port, container, inside: '80/tcp', open: true },
    }));
    await page.evaluate(`bench.preview.publish(${JSON.stringify(ports)})`);
  }

  /** The document that is shown. */
  async function shown(): Promise<Frame> {
    const handle = await page.locator('.wb-page-frame:not([hidden]) iframe').elementHandle();
    const frame = await handle.contentFrame();
    if (!frame) throw new Error('no page is shown');
    return frame;
  }

  async function open(path = '/', server = app): Promise<Frame> {
    await address().fill(`localhost:${server.port}${path}`);
    await address().press('Enter');
    await page.locator('.wb-pages[data-state=open]').waitFor();
    const frame = await shown();
    await frame.waitForLoadState();
    return frame;
  }
  const at = (path: string): string => `localhost:${app.port}${path}`;
  const h1 = async (text: string): Promise<void> => {
    await soon(async () => (await shown()).locator('h1').textContent()).toBe(text);
  };

  test('open with all that is in them, follow links and forms, and keep cookies', async () => {
    expect(await page.locator('.wb-page .wb-empty').textContent()).toContain('-p 8080:80');
    await publish([app, 'loja']);
    await soon(() => tab().textContent()).toContain('1 porta aberta');
    await button(`${app.port} · loja`).click();
    await h1('Visita 1');
    let frame = await shown();
    expect(await frame.locator('#ran').textContent()).toBe(`sim ${BASE}preview/${app.port}/`);
    expect(await frame.evaluate('getComputedStyle(document.querySelector("h1")).color')).toBe(
      'rgb(1, 2, 3)',
    );
    expect(await frame.evaluate('document.querySelector("#logo").naturalWidth')).toBe(40);
    expect(await address().inputValue()).toBe(at('/'));

    await frame.locator('#about').click();
    await h1(`About http://${at('/')}`);
    expect(await address().inputValue()).toBe(at('/about?x=1#end'));
    await (await shown()).locator('a').click();
    await h1('Visita 2');

    frame = await shown();
    await frame.locator('input[name=note]').fill('açaí & cia');
    await frame.locator('button').click();
    await h1('Visita 3');
    expect(await (await shown()).locator('li').textContent()).toBe('açaí & cia');

    await button('Recarregar').click();
    await h1('Visita 4');
    await (await shown()).locator('#blank').click();
    await soon(() => address().inputValue()).toBe(at('/about'));

    await page.locator('.wb-requests > summary').press('Enter');
    await page.locator('.wb-requests[open]').waitFor();
    const log = page.locator('.wb-log tbody');
    await soon(() => log.textContent()).toContain(`POST :${app.port}/notes303`);
    expect(await log.locator('tr[data-by=part]').first().textContent()).toContain('/static/');
    // Nothing of it went to the host of the site.
    expect(site.asked.filter((path) => path.includes('preview/'))).toEqual([]);
  }, 60_000);

  test('have scripts that fetch, stream and send, as on any server', async () => {
    await publish([app, 'loja']);
    const frame = await open('/');
    const run = (code: string): Promise<unknown> => frame.evaluate(`(async () => ${code})()`);
    expect(await run(`(await (await fetch('/whoami')).json())`)).toEqual({
      ...{ host: at(''), cookie: 'visits=1; secret=s' },
    });
    expect(await run('document.cookie')).toBe('visits=1');
    await run(`void (document.cookie = 'theme=dark; path=/')`);
    await soon(() => run(`(await (await fetch('whoami')).json()).cookie`)).toContain('theme=dark');

    const big = `{
      const sent = new Uint8Array(4 * 1024 * 1024).map((_, at) => at % 251);
      const answer = await fetch(location.origin + '/echo', { method: 'PUT', body: sent });
      const got = new Uint8Array(await answer.arrayBuffer());
      return [answer.headers.get('x-method'), got.length, got.every((byte, at) => byte === sent[at])];
    }`;
    expect(await run(big)).toEqual(['PUT', 4 * 1024 * 1024, true]);
    expect(
      await run(`{ const answer = await fetch('/echo', { method: 'HEAD' });
      return [answer.status, (await answer.text()).length]; }`),
    ).toEqual([200, 0]);

    expect(
      await run(`new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('POST', '/echo');
      request.onload = () => resolve([request.status, request.responseText, request.readyState]);
      request.send('olá');
    })`),
    ).toEqual([200, 'olá', 4]);

    expect(
      await run(`new Promise((resolve) => {
      const seen = [];
      const source = new EventSource('/events?key=a');
      source.onmessage = ({ data }) => { seen.push(data); void fetch('/go-on?key=a'); };
      source.addEventListener('named', ({ data, lastEventId }) => {
        source.close();
        resolve([...seen, data, lastEventId]);
      });
    })`),
    ).toEqual(['first ', 'second', '1']);

    expect(
      await run(`new Promise((resolve) => {
      const picture = new Image();
      picture.onload = () => resolve([picture.naturalWidth, picture.src]);
      picture.src = '/static/logo.svg';
    })`),
    ).toEqual([40, expect.stringMatching(/^http/)]);
    expect(
      await run(`new Promise((resolve) => {
      document.body.insertAdjacentHTML('beforeend', '<img id=late src="/static/logo.svg">');
      const late = document.querySelector('#late');
      late.onload = () => resolve(late.naturalWidth);
    })`),
    ).toBe(40);

    // Where a script goes by itself, as if the server were at the root.
    await run(`void (location.href = '/about?by=script')`);
    await soon(() => address().inputValue()).toBe(at('/about?by=script'));
    await h1('About ');
  }, 60_000);

  test('of two ports are open at once', async () => {
    await publish([app, 'loja'], [other, 'outra']);
    await button(`${app.port} · loja`).click();
    await h1('Visita 1');
    await button(`${other.port} · outra`).click();
    await h1('Outra porta');
    await button(`${app.port} · loja`).click();
    await h1('Visita 1');
    expect(await page.locator('.wb-page-frame iframe').count()).toBe(2);
  }, 60_000);

  test('reach nothing of the workshop', async () => {
    await page.evaluate(`localStorage.setItem('kept', 'yes'); document.cookie = 'ours=1'`);
    await publish([app, 'loja']);
    const frame = await open('/blank');
    const tries = {
      ours: `localStorage.getItem('kept') ?? 'nothing'`,
      frame: `frame.contentWindow.localStorage.getItem('kept')`,
      cookie: `Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').get.call(document)`,
      parent: `parent.document.title`,
      top: `top.location.href`,
      navigateTop: `(top.location = '/oficina/x', 'went')`,
      caches: `await caches.keys()`,
      opfs: `await navigator.storage.getDirectory()`,
      locks: `await navigator.locks.query()`,
      indexedDB: `await new Promise((resolve, reject) => {
        const open = indexedDB.open('semdistro');
        open.onsuccess = () => resolve('opened');
        open.onerror = () => reject(open.error);
      })`,
      serviceWorker: `await navigator.serviceWorker.register('/oficina/preview-worker.js')`,
      worker: `String(new Worker('/oficina/preview-worker.js'))`,
      broadcast: `await new Promise((resolve, reject) => {
        const channel = new BroadcastChannel('semdistro workbench');
        channel.onmessage = () => resolve('heard');
        setTimeout(() => reject(new Error('SecurityError: nobody')), 500);
      })`,
      native: `await inWorker("await fetch('" + location.origin + "/oficina/')")`,
      nativeDatabase: `await inWorker("indexedDB.open('semdistro')")`,
      nativeCaches: `await inWorker("await caches.keys()")`,
      nativeScript: `await inWorker("importScripts('" + location.origin + "/oficina/testing-page.js')")`,
      script: `await new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.onload = () => resolve('loaded');
        script.onerror = () => reject(new Error('NotAllowed'));
        script.setAttributeNS(null, 'src', location.origin + '/oficina/testing-page.js');
        document.body.append(script);
      })`,
    };
    const found: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(tries)) {
      found[name] = await frame.evaluate(`(async () => {
        // A worker of the page's own has what our script did not touch.
        const inWorker = (code) => new Promise((resolve, reject) => {
          const text = '(async () => { try { postMessage("did " + (' + code + ')) } ' +
            'catch (error) { postMessage("refused: " + error) } })()';
          const worker = new Worker(URL.createObjectURL(new Blob([text])));
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = () => reject(new Error('NotAllowed'));
        });
        const frame = document.body.appendChild(document.createElement('iframe'));
        try {
          return await (async () => ${code})();
        } catch (error) {
          return 'refused: ' + error;
        } finally {
          frame.remove();
        }
      })()`);
    }
    const { ours, ...others } = found;
    expect(ours).toBe('nothing');
    expect(context.pages()).toHaveLength(1);
    for (const [name, result] of Object.entries(others)) {
      expect(result, name).toMatch(
        /^refused: .*(?:SecurityError|NotAllowed|Failed to fetch|NetworkError|not permitted|is not defined)/,
      );
    }
    expect(await frame.evaluate('self.origin')).toBe('null');
    // Its own server has a page `/oficina/`, if any: the site's is not to be had.
    expect(await frame.evaluate(`fetch('/oficina/').then((a) => a.text())`)).toContain(
      'the application has no such page',
    );
    expect(page.url()).toBe(site.url);
    expect(await page.evaluate(`localStorage.length + document.cookie`)).toBe('1ours=1');
  }, 60_000);

  test('that loop, allocate or ask without end are stopped, and the rest goes on', async () => {
    const hostile = await httpServer(({ url }, response) => {
      response.setHeader('content-type', 'text/html');
      const scripts: Readonly<Record<string, string>> = {
        '/loop': 'setTimeout(() => { for (;;); }, 300)',
        '/memory':
          'const all = []; setTimeout(() => { for (;;) all.push(new Array(1e6).fill(all.length)); }, 300)',
        '/flood':
          'setInterval(() => { for (let i = 0; i < 500; i++) fetch("/x").catch(() => 0); }, 10)',
      };
      const script = scripts[url ?? ''];
      if (script === undefined) return;
      response.end(`<title>H</title><h1>H</h1><script>${script}</script>`);
    });
    try {
      await publish([hostile, 'hostil']);
      const alive = async (): Promise<void> => {
        const began = performance.now();
        await page.evaluate('1 + 1');
        expect(performance.now() - began).toBeLessThan(2000);
      };
      await open('/loop', hostile);
      await soon(() => said().textContent(), 20_000).toContain('não responde');
      await alive();
      await button('Parar a página').click();
      expect(await page.locator('.wb-page-frame iframe').count()).toBe(0);
      await alive();
      await open('/memory', hostile);
      await page.waitForTimeout(1500);
      await alive();
      await button('Parar a página').click();
      await open('/flood', hostile);
      await soon(() => page.locator('.wb-requests > summary').textContent()).toMatch(/\(6\d\)/);
      await alive();
      expect(hostile.open()).toBeLessThanOrEqual(12);
      await button('Parar a página').click();
      await soon(() => hostile.open()).toBe(0);
      await alive();
    } finally {
      await hostile.close();
    }
  }, 90_000);

  test('come back after a reload, or it says how', async () => {
    await publish([app, 'loja']);
    await open('/about?x=1');
    // As with Ctrl+Shift+R, which leaves service workers out.
    const devtools = await context.newCDPSession(page);
    await Promise.all([
      page.waitForEvent('load'),
      devtools.send('Page.reload', { ignoreCache: true }),
    ]);
    await tab().click();
    await page.getByText(`${at('/about?x=1')} estava aberta`).waitFor();
    const ended = { port: app.port, container: 'loja', inside: '80/tcp', open: false };
    await page.evaluate(`bench.preview.publish([${JSON.stringify(ended)}])`);
    await button('docker start loja').click();
    await soon(() => page.evaluate<string>('bench.log.join()')).toContain('docker start loja');
    await tab().click();
    await publish([app, 'loja']);
    await h1('About ');
    expect(await address().inputValue()).toBe(at('/about?x=1'));
  }, 60_000);

  test('say what is the matter where there is none, and what leads outside', async () => {
    await publish([app, 'loja']);
    let frame = await open('/');
    await frame.locator('#outside').click();
    await soon(() => said().textContent()).toContain('https://example.org/x');
    await address().fill('example.org');
    await address().press('Enter');
    await soon(() => said().textContent()).toContain('localhost:PORTA');
    const closed = await httpServer(() => undefined);
    await closed.close();
    frame = await open('/', closed);
    expect(await frame.locator('h1').textContent()).toBe(`Ninguém atende na porta ${closed.port}`);
  }, 60_000);

  test('are answered for nobody else, and the service worker is in no page’s way', async () => {
    await publish([app, 'loja']);
    await open('/');
    expect(
      await page.evaluate(
        'navigator.serviceWorker.getRegistrations().then((all) => all.map(({ scope }) => scope))',
      ),
    ).toEqual([`${site.url}preview/`]);
    expect(await page.evaluate('navigator.serviceWorker.controller')).toBe(null);
    const alone = await context.newPage();
    await alone.goto(`${site.url}preview/${app.port}/`);
    expect(await alone.title()).toMatch(/workbench|bancada/);
    expect(await alone.evaluate('self.origin')).toBe('null');
  }, 60_000);
});
