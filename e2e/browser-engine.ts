import type { Browser } from 'playwright-core';
import type { OciPlatform } from '../src/engine/oci/image.ts';
import type { Message, Outcome } from './messages.ts';
import type { WireEntry } from './wire-entry.ts';

/** An engine in a worker of a page of its own, with an empty store. */
export interface BrowserEngine {
  run(args: readonly string[], stdin?: string): Promise<Outcome>;
  putFolder(path: string, entries: readonly WireEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens the page at `url` (as `servePantry` has it) and an engine in it. */
export async function openBrowserEngine(
  browser: Browser,
  url: string,
  platform: OciPlatform,
): Promise<BrowserEngine> {
  const page = await browser.newPage();
  const ask = async <T>(message: Message): Promise<T> =>
    page.evaluate<T>(`ask(${JSON.stringify(message)})`);
  await page.goto(url);
  await ask({ kind: 'open', pantry: `${url}pantry/`, platform });
  return {
    run: (args, stdin = '') => ask<Outcome>({ kind: 'run', args, stdin }),
    putFolder: (path, entries) => ask({ kind: 'folder', path, entries }),
    close: () => page.close(),
  };
}
