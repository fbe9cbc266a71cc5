import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { env } from 'node:process';
import { pinnedNode, repository } from '../setup/paths.mjs';
import { DIST } from '../site-tests/dist.ts';
import type { Goal, Measurement } from './row.ts';

const STARTS = 3;
const PATIENCE = 10 * 60 * 1000;

const atMost = (limit: number): Goal => ({ of: 'value', is: '<=', limit });

/** Once: it takes long, and what follows is measured on what it made. */
export async function* buildTimes(): AsyncGenerator<Measurement> {
  const began = performance.now();
  await built();
  const runs = [performance.now() - began];
  yield { ...{ id: 'site.build', name: 'npm run build', unit: 'ms', runs }, goal: atMost(60_000) };
}

async function built(): Promise<void> {
  const child = spawn(pinnedNode(), [join(repository, 'src/setup/site/build.ts')], {
    ...{ cwd: repository, env: { ...env, ASTRO_TELEMETRY_DISABLED: '1' } },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`the site is not built: ${said}`);
}

/** From `npm start` in a checkout that is ready to the last byte of the home page. */
export async function* secondStart(root = repository): AsyncGenerator<Measurement> {
  const runs: number[] = [];
  // The first may have something to do; it is not counted.
  for (let run = 0; run <= STARTS; run++) {
    const ms = await startOnce(root);
    if (run > 0) runs.push(ms);
  }
  const name = 'npm start again, to the first page';
  yield { ...{ id: 'site.start-again', name, unit: 'ms', runs }, goal: atMost(3_000) };
}

async function startOnce(root: string): Promise<number> {
  const began = performance.now();
  // A group of its own, so that all of it can be ended.
  const npm = spawn('npm', ['start'], {
    ...{ cwd: root, env: { ...env, PORT: '0' }, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        const found = addressIn(said);
        if (found !== undefined) resolve(found);
      };
      npm.stdout.on('data', hear);
      npm.stderr.on('data', hear);
      npm.on('error', reject);
      npm.on('close', () => {
        reject(new Error(`npm start ended: ${said}`));
      });
      AbortSignal.timeout(PATIENCE).addEventListener('abort', () => {
        reject(new Error(`npm start serves nothing: ${said}`));
      });
    });
    await (await fetch(address)).arrayBuffer();
    return performance.now() - began;
  } finally {
    await ended(npm.pid, new Promise((resolve) => npm.once('close', resolve)));
  }
}

async function ended(pid: number | undefined, closed: Promise<unknown>): Promise<void> {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGINT');
  } catch {
    // It has ended by itself, and its `close` was heard.
    return;
  }
  await closed;
}

/** Where `npm start` says that the site is. */
export function addressIn(said: string): string | undefined {
  return /http:\/\/localhost:\d+\/\S*(?=\s)/.exec(said)?.[0];
}

/** Bytes on the disk of a static host, by what they are for. */
export async function* sizesOfDist(): AsyncGenerator<Measurement> {
  const sizes = new Map<Part, number>(PARTS.map((part) => [part, 0]));
  const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const part = partOf(relative(DIST, path).replaceAll('\\', '/'));
    sizes.set(part, (sizes.get(part) ?? 0) + (await stat(path)).size);
  }
  for (const [part, size] of sizes) {
    yield { id: `site.dist-${part}`, name: `dist/: ${part}`, unit: 'B', runs: [size] };
  }
}

const PARTS = [
  'pages',
  'code',
  'fonts',
  'pictures',
  'search',
  'machine',
  'pantry',
  'other',
] as const;
type Part = (typeof PARTS)[number];

/** Of a path below dist/. */
export function partOf(path: string): Part {
  const folder = /^(pantry|machine|pagefind)\//.exec(path)?.[1];
  if (folder === 'pagefind') return 'search';
  if (folder === 'pantry' || folder === 'machine') return folder;
  if (/\.html$/.test(path)) return 'pages';
  if (/\.(?:js|css|wasm)$/.test(path)) return 'code';
  if (/\.woff2$/.test(path)) return 'fonts';
  if (/\.(?:svg|png|ico)$/.test(path)) return 'pictures';
  return 'other';
}
