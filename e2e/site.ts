import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { repository } from '../src/setup/paths.mjs';
import { pantryHome } from '../src/pantry/pantry-home.ts';
import { bundle } from '../src/testing/bundle.ts';
import { launchChromium } from './chromium.ts';
import { type PantryServer, servePantry } from './pantry-server.ts';

/** A browser, and the server of the page it opens. */
export interface Site {
  readonly browser: Browser;
  readonly server: PantryServer;
  close(): Promise<void>;
}

/** `program` is a Chromium; the pantry is the repository's. */
export async function openSite(program: string): Promise<Site> {
  const [page, worker, browser] = await Promise.all([
    readFile(join(import.meta.dirname, 'engine-page.html')),
    bundle(join(import.meta.dirname, 'engine-worker.ts')),
    launchChromium(program),
  ]);
  const { layout } = pantryHome(join(repository, '.cache'));
  const server = await servePantry({ layout, page, worker });
  return {
    browser,
    server,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
