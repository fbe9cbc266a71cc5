import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { nodePlatform } from '../src/cli/node-platform.ts';
import { buildPantry } from '../src/pantry/build.ts';
import { repository } from '../src/setup/paths.mjs';
import { type BrowserEngine, openBrowserEngine } from './browser-engine.ts';
import { findChromium, NO_CHROMIUM } from './chromium.ts';
import type { Request } from './pantry-server.ts';
import { openSite, type Site } from './site.ts';

/** Images in a browser come by HTTP, as little of them as will do; and the network may fail. */
const BASE = 'gcr.io/distroless/base-debian13:latest';
const program = findChromium();
let site: Site;
let engine: BrowserEngine;

beforeAll(async () => {
  if (program === undefined) return;
  await buildPantry({
    cacheDir: join(repository, '.cache'),
    platform: nodePlatform(),
    architectures: ['386'],
    images: [BASE],
  });
  site = await openSite(program);
}, 600_000);

beforeEach(async () => {
  if (program === undefined) return;
  site.server.forget();
  engine = await freshEngine();
  return () => engine.close();
});

afterAll(async () => {
  if (program !== undefined) await site.close();
}, 60_000);

function freshEngine(): Promise<BrowserEngine> {
  return openBrowserEngine(site.browser, site.server.url, { os: 'linux', architecture: '386' });
}

const bytesOf = (requests: readonly Request[]): number =>
  requests.reduce((sum, { start, end }) => sum + end - start, 0);
/** What is fetched whole anyway is smaller than this. */
const isLarge = ({ size }: Request): boolean => size > 1024 * 1024;

/** How much of the large layers was fetched, all of it by ranges; 1 is every byte once. */
function shareOfLarge(): number {
  const large = site.server.requests.filter(isLarge);
  const sizes = new Map(large.map(({ path, size }) => [path, size]));
  expect(sizes.size).toBeGreaterThan(1);
  expect(large.filter(({ ranged }) => !ranged)).toEqual([]);
  return bytesOf(large) / [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

describe('what a build in a browser fetches', () => {
  const copyOneFile = `FROM ${BASE}\nCOPY <<text /file\nHello.\ntext\n`;

  test('of large layers is their tables of contents, when a file is added', async ({ skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    const built = await engine.run(['build', '-q', '-'], copyOneFile);
    expect(built.code, built.stderr).toBe(0);
    expect(shareOfLarge()).toBeLessThan(0.1);
  });

  test('of large layers is one file more, when one is copied out of them', async ({ skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    const library = '/usr/lib/i386-linux-gnu/libm.so.6';
    const copyOut = `FROM scratch\nCOPY --from=${BASE} ${library} /\n`;
    const built = await engine.run(['build', '-q', '-'], copyOut);
    expect(built.code, built.stderr).toBe(0);
    expect(shareOfLarge()).toBeLessThan(0.2);
  });

  test('is nothing, when it has it already', async ({ skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    const first = await engine.run(['build', '-q', '-'], copyOneFile);
    expect(site.server.requests.length).toBeGreaterThan(0);
    site.server.forget();
    expect(await engine.run(['build', '-q', '-'], copyOneFile)).toEqual(first);
    expect(site.server.requests.length).toBe(0);
  });
});

describe('a network that fails', () => {
  const build = ['build', '-q', '-'];
  const dockerfile = `FROM ${BASE}\nCOPY <<text /file\nHello.\ntext\n`;
  const isDocument = ({ path, size }: Request): boolean => path !== 'index.json' && size < 20_000;

  test.for<[what: string, args: readonly string[], at: (request: Request) => boolean]>([
    ['the list of images, in a pull', ['pull', BASE], ({ path }) => path === 'index.json'],
    ['a manifest, in a pull', ['pull', BASE], isDocument],
    ['a small layer, in a build', build, (request) => !isLarge(request) && !isDocument(request)],
    ['a table of contents, in a build', build, (request) => isLarge(request) && request.start > 0],
    ['a large layer, in a save', ['save', BASE], (request) => isLarge(request) && !request.ranged],
  ])('in the middle of %s', { timeout: 60_000 }, async ([, args, at], { skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    if (args[0] === 'save') expect((await engine.run(['pull', BASE])).code).toBe(0);
    site.server.breakOff(at);
    const broken = await engine.run(args, dockerfile);
    expect(broken.stderr).toMatch(/http:\S+: the transfer broke off/);
    expect(broken.stderr).toContain('run the command again');
    expect(broken.code).toBe(1);

    const again = await engine.run(args, dockerfile);
    const undisturbed = await freshEngine();
    if (args[0] === 'save') await undisturbed.run(['pull', BASE]);
    expect(again.code, again.stderr).toBe(0);
    expect(again).toEqual(await undisturbed.run(args, dockerfile));
    await undisturbed.close();
  });

  test('altogether, and comes back', async ({ skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    site.server.silence(true);
    const silent = await engine.run(['pull', BASE]);
    expect(silent.stderr).toMatch(/http:\S+: no answer/);
    expect(silent.code).toBe(1);
    site.server.silence(false);
    expect((await engine.run(['pull', BASE])).code).toBe(0);
  });
});
