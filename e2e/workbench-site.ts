import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { cacheFolder, pantryFolder } from '../src/cli/engine-home.ts';
import { labModules } from '../src/curriculum/lab-modules.ts';
import { machineFolder } from '../src/pantry/machine/record.ts';
import { type MachineServer, serveMachine } from './machine-server.ts';

const REPOSITORY = join(import.meta.dirname, '..');
const HTML = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';

/** A page with the workbench and nothing around it: `open()` makes it, and what it tells is gathered. */
const PAGE = `
import { openWorkbench } from '${REPOSITORY}/src/workbench/client.ts';

const urls = { pantry: '/pantry/', machine: '/machine/', wasm: '/v86/v86.wasm' };
const workbench = openWorkbench({ urls, lang: 'pt-BR' });
const states = [];
const changes = [];
const watchers = new Set();
const happened = () => watchers.forEach((look) => look());
workbench.onState((state) => { states.push(state); happened(); });
workbench.onChange((change) => { changes.push(change); happened(); });

/** Resolves when it is so, looked at whenever something happened; the page may evaluate no text. */
function until(isSo, milliseconds) {
  return new Promise((resolve, reject) => {
    const over = (then) => { watchers.delete(look); clearTimeout(late); then(); };
    const look = () => isSo() && over(resolve);
    const late = setTimeout(() => over(() => reject(new Error('too late'))), milliseconds);
    watchers.add(look);
    look();
  });
}

/** A terminal whose output is text so far. */
async function terminal() {
  const decoder = new TextDecoder();
  const one = { text: '', code: undefined };
  const session = await workbench.openTerminal({
    columns: 100,
    rows: 30,
    onOutput(bytes) {
      one.text += decoder.decode(bytes, { stream: true });
      happened();
    },
    onExit(code) {
      one.code = code;
      happened();
    },
  });
  return Object.assign(one, { session });
}

/** What something rejects with, as plain data. */
async function failure(promise) {
  try {
    await promise;
    return undefined;
  } catch ({ code, message, hint }) {
    return { code, message, hint };
  }
}

Object.assign(globalThis, { workbench, states, changes, terminals: [], terminal, failure, until });
`;

/** Serves what the set-up made, and a page with the workbench, as the site's bundler makes it. */
export async function openWorkbenchSite(): Promise<MachineServer> {
  const folder = await mkdtemp(join(tmpdir(), 'semdistro-workbench-'));
  try {
    await build({
      root: REPOSITORY,
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      plugins: [
        {
          name: 'page',
          resolveId: (id) => (id === 'page' ? id : undefined),
          load: (id) => (id === 'page' ? PAGE : undefined),
        },
      ],
      worker: { format: 'es', plugins: () => [labModules()] },
      build: {
        outDir: folder,
        emptyOutDir: true,
        assetsInlineLimit: 0,
        rolldownOptions: { input: { page: 'page' }, output: { entryFileNames: '[name].js' } },
      },
    });
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const pages: Record<string, string | Uint8Array> = { '/': HTML };
    for (const file of files) {
      if (!file.isFile()) continue;
      const path = join(file.parentPath, file.name);
      pages[path.slice(folder.length)] = await readFile(path);
    }
    return await serveMachine({
      pages,
      folders: {
        pantry: pantryFolder(process.env),
        machine: machineFolder(cacheFolder(process.env)),
        v86: dirname(createRequire(import.meta.url).resolve('v86/build/v86.wasm')),
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A tab with the workbench's page. */
export interface WorkbenchTab {
  readonly page: Page;
  /** Everything that page and worker wrote to the console. */
  readonly said: readonly string[];
  /** Evaluates an expression in which `workbench`, `states`, `changes`, `terminals`, `terminal` and `failure` are known. */
  run<T>(expression: string): Promise<T>;
  /** Resolves when the expression is true. */
  until(expression: string, milliseconds?: number): Promise<void>;
  /** Opens one more terminal, and waits for its prompt. */
  openTerminal(): Promise<void>;
  /** Types into the last terminal, and resolves with what it shows when that has the text after what was there. */
  type(text: string, expected: string): Promise<string>;
}

/** How long something may take on a computer that has much else to do. */
const PATIENCE = 60_000;

export async function openTab(
  context: BrowserContext,
  server: MachineServer,
): Promise<WorkbenchTab> {
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', ({ message }) => said.push(message));
  await page.goto(server.url);
  const tab: WorkbenchTab = {
    page,
    said,
    run: <T>(expression: string) => page.evaluate<T>(`(async () => ${expression})()`),
    until: (expression, milliseconds = PATIENCE) =>
      tab.run(`until(() => ${expression}, ${milliseconds})`),
    async openTerminal() {
      await tab.run('terminal().then((one) => void terminals.push(one))');
      await tab.until(`terminals.at(-1).text.includes('# ')`);
    },
    async type(text, expected) {
      const from = await tab.run<number>('terminals.at(-1).text.length');
      await tab.run(`terminals.at(-1).session.write(${JSON.stringify(text)})`);
      const wanted = JSON.stringify(expected);
      await tab
        .until(`terminals.at(-1).text.slice(${from}).includes(${wanted})`)
        .catch(async (error: unknown) => {
          const shown = await tab.run<string>('terminals.at(-1).text');
          throw new Error(`${expected} is not shown: ${shown}`, { cause: error });
        });
      return tab.run<string>(`terminals.at(-1).text.slice(${from})`);
    },
  };
  return tab;
}
