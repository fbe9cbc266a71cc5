import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { cacheFolder, pantryFolder } from '../src/cli/engine-home.ts';
import { machineFolder } from '../src/pantry/machine/record.ts';
import { bundle } from '../src/testing/bundle.ts';
import type { MachineAnswers, MachineMessage, Started } from './machine-messages.ts';
import { type MachineServer, serveMachine } from './machine-server.ts';

const HTML = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';

/** Serves what the set-up made, and a page with the machine's worker. */
export async function openMachineSite(): Promise<MachineServer> {
  const [page, worker] = await Promise.all([
    bundle(join(import.meta.dirname, 'machine-page.ts')),
    bundle(join(import.meta.dirname, 'machine-worker.ts')),
  ]);
  return serveMachine({
    pages: { '/': HTML, '/page.js': page, '/machine-worker.js': worker },
    folders: {
      pantry: pantryFolder(process.env),
      machine: machineFolder(cacheFolder(process.env)),
      v86: dirname(createRequire(import.meta.url).resolve('v86/build/v86.wasm')),
    },
  });
}

/** A machine in the worker of a page of its own. */
export interface BrowserMachine {
  readonly started: Started;
  readonly page: Page;
  /** Everything that page and worker wrote to the console. */
  readonly said: readonly string[];
  ask<Kind extends Exclude<MachineMessage['kind'], 'start'>>(
    message: Extract<MachineMessage, { kind: Kind }>,
  ): Promise<MachineAnswers[Kind]>;
  close(): Promise<void>;
}

/** `store` names what pages of a context share. */
export async function openBrowserMachine(
  context: BrowserContext,
  server: MachineServer,
  store = 'semdistro',
): Promise<BrowserMachine> {
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', ({ message }) => said.push(message));
  const ask = async <T>(message: MachineMessage): Promise<T> =>
    page.evaluate<T>(`ask(${JSON.stringify(message)})`);
  await page.goto(server.url);
  const started = await ask<Started>({
    kind: 'start',
    ...{ pantry: `${server.url}pantry/`, machine: `${server.url}machine/` },
    ...{ wasm: `${server.url}v86/v86.wasm`, store },
  });
  return { started, page, said, ask, close: () => page.close() };
}
