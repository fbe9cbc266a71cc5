import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { repository } from '../src/setup/paths.mjs';

/** A page with one panel of the workbench, as strict about scripts and styles as the site is. */
export interface PanelSite {
  /** `?lang=en` and `?theme=dark` choose. */
  readonly url: string;
  close(): Promise<void>;
}

const CSP = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self' blob:"],
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  html: 'text/html; charset=utf-8',
};

const EXTRA =
  'body { margin: 0; background: var(--paper) } #panel { height: 70vh } h1 { margin: 0; font-size: 1rem; color: var(--ink) }';

/** Bundles `entry`, a file of the repository, and serves it on a page with the site's tokens. */
export async function openPanelSite(entry: string): Promise<PanelSite> {
  const tokens = await readFile(join(repository, 'src/styles/tokens.css'), 'utf8');
  const files = await bundlePanel(entry);
  const name = entry.split('/').at(-1)?.replace(/\.ts$/, '') ?? '';
  const html = (lang: string, theme: string): string =>
    `<!doctype html><html lang="${lang}" data-theme="${theme}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width"><title>Panel</title>' +
    '<link rel="stylesheet" href="/tokens.css">' +
    `<link rel="stylesheet" href="/${name}.css"></head>` +
    '<body><main><h1>Panel</h1><button id="before">before</button><div id="panel"></div>' +
    `<button id="after">after</button></main><script type="module" src="/${name}.js"></script>` +
    '</body></html>';

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    const send = (type: string, body: string | Uint8Array): void => {
      response.writeHead(200, { 'Content-Type': TYPES[type], 'Content-Security-Policy': CSP });
      response.end(body);
    };
    if (pathname === '/') {
      const theme = searchParams.get('theme') === 'dark' ? 'dark' : 'light';
      send('html', html(searchParams.get('lang') === 'en' ? 'en' : 'pt-BR', theme));
    } else if (pathname === '/favicon.ico') response.writeHead(204).end();
    else if (pathname === '/tokens.css') send('css', tokens + EXTRA);
    else {
      const file = files.get(pathname.slice(1));
      if (file) send(pathname.endsWith('.css') ? 'css' : 'js', file);
      else response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Scripts and styles by name; what is imported later is a file of its own. */
async function bundlePanel(entry: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await bundleFiles(entry);
  return new Map(outputFiles.map(({ path, contents }) => [path.split('/').at(-1) ?? '', contents]));
}

function bundleFiles(entry: string) {
  return build({
    entryPoints: [join(repository, entry)],
    ...{ bundle: true, minify: true, splitting: true, write: false, metafile: true },
    ...{ format: 'esm', platform: 'browser', target: 'es2024', outdir: '/', logLevel: 'silent' },
  });
}

/** Bytes of compressed scripts: what is loaded at once, and what only when it is needed. */
export async function weigh(
  entries: readonly string[],
): Promise<{ readonly first: number; readonly later: number }> {
  const sizes = { first: 0, later: 0 };
  for (const entry of entries) {
    const { outputFiles, metafile } = await bundleFiles(entry);
    const bytes = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
    const main = Object.entries(metafile.outputs).find(([, { entryPoint }]) =>
      entryPoint?.endsWith(entry),
    );
    const first = new Set<string>();
    const visit = (path: string): void => {
      if (first.has(path)) return;
      first.add(path);
      for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
        if (kind !== 'dynamic-import') visit(next);
      }
    };
    if (main) visit(main[0]);
    for (const path of Object.keys(metafile.outputs)) {
      if (!path.endsWith('.js')) continue;
      const contents = bytes.get(path) ?? bytes.get(`/${path.replace(/^(?:\.\.\/)+/, '')}`);
      const size = gzipSync(contents ?? '', { level: 9 }).length;
      if (first.has(path)) sizes.first += size;
      else sizes.later += size;
    }
  }
  return sizes;
}
