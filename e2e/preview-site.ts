import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext } from 'playwright-core';
import type { Duplex } from '../src/engine/process/host.ts';
import { repository } from '../src/setup/paths.mjs';
import { contentSecurityPolicy } from '../src/site-build/csp.ts';
import { previewScript } from '../src/site-build/preview-scripts.ts';
import { dialTcp } from '../src/testing/tcp-dial.ts';

/** The workbench's panels around one that only pretends, as a static host below a base serves them. */
export interface PreviewSite {
  /** With a slash at its end: `http://localhost:1234/oficina/`. */
  readonly url: string;
  /** What was asked of the host: paths. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export const BASE = '/oficina/';

const PAGE =
  '<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>Bancada</title>' +
  '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">' +
  '<link rel="stylesheet" href="tokens.css"><link rel="stylesheet" href="testing-page.css"></head>' +
  '<body><main><h1>Bancada</h1><div id="panel"></div></main>' +
  '<script type="module" src="testing-page.js"></script></body></html>';

export async function openPreviewSite(): Promise<PreviewSite> {
  const { outputFiles } = await build({
    entryPoints: [join(repository, 'src/workbench/ui/testing-page.ts')],
    ...{ bundle: true, splitting: true, write: false, format: 'esm', platform: 'browser' },
    ...{ target: 'es2024', outdir: '/', logLevel: 'silent' },
  });
  const files = new Map<string, readonly [string, string | Uint8Array]>();
  for (const { path, contents } of outputFiles) {
    const name = path.split('/').at(-1) ?? '';
    files.set(name, [name.endsWith('.css') ? 'text/css' : 'text/javascript', contents]);
  }
  for (const name of ['preview-worker.js', 'preview-page.js'] as const) {
    files.set(name, ['text/javascript', await previewScript(name)]);
  }
  files.set('tokens.css', [
    'text/css',
    await readFile(join(repository, 'src/styles/tokens.css'), 'utf8'),
  ]);
  files.set('', ['text/html; charset=utf-8', PAGE]);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    asked.push(pathname);
    const found = pathname.startsWith(BASE) ? files.get(pathname.slice(BASE.length)) : undefined;
    response.writeHead(found ? 200 : 404, {
      'content-type': found?.[0] ?? 'text/html',
      'content-security-policy': contentSecurityPolicy('header'),
      'x-content-type-options': 'nosniff',
    });
    response.end(
      found?.[1] ?? '<!doctype html><title>404</title><h1>No such page of the site</h1>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://localhost:${address.port}${BASE}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Gives pages connections to servers of this computer: see `testing-preview.ts`. */
export async function giveTcp(context: BrowserContext): Promise<void> {
  const open = new Map<number, Duplex & { readonly pieces: AsyncIterator<Uint8Array> }>();
  let last = 0;
  await context.exposeFunction('tcpOpen', async (port: number) => {
    try {
      const connection = await dialTcp(port);
      const id = ++last;
      const pieces = connection.readable[Symbol.asyncIterator]();
      open.set(id, { ...connection, pieces });
      return id;
    } catch {
      return null;
    }
  });
  await context.exposeFunction('tcpWrite', (id: number, bytes: string) =>
    open.get(id)?.write(Buffer.from(bytes, 'base64')),
  );
  await context.exposeFunction('tcpRead', async (id: number) => {
    try {
      const next = await open.get(id)?.pieces.next();
      return next === undefined || next.done === true
        ? null
        : Buffer.from(next.value).toString('base64');
    } catch {
      return null;
    }
  });
  await context.exposeFunction('tcpClose', (id: number) => {
    open.get(id)?.close();
    open.delete(id);
  });
}
