import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFolderStore } from '../src/cli/folder-store.ts';
import { hostFiles } from '../src/cli/host-files.ts';
import { nodePlatform } from '../src/cli/node-platform.ts';
import type { Engine } from '../src/engine/engine.ts';
import { listCases, prepareCase } from '../src/testing/differential/cases.ts';
import { amd64Engine, BASES } from '../src/testing/differential/engine.ts';
import { type BrowserEngine, openBrowserEngine } from './browser-engine.ts';
import { findChromium, NO_CHROMIUM } from './chromium.ts';
import { fixed } from './fixed.ts';
import type { Outcome } from './messages.ts';
import { runCommand } from './run-command.ts';
import { openSite, type Site } from './site.ts';
import { toWire } from './wire-entry.ts';

/**
 * The same commands to an engine in a browser's worker (plain TypeScript, in memory, images by HTTP)
 * and to one in Node (its own hashing and compression, a folder, images from disk). The clocks stand
 * still, so all that is said and made must be the same.
 */
const program = findChromium();
let site: Site;
let inBrowser: BrowserEngine;
let inNode: Engine;
let folder: string;

beforeAll(async () => {
  if (program === undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'semdistro-e2e-'));
  const platform = { ...nodePlatform(), ...fixed() };
  const store = await openFolderStore(join(folder, 'store'), platform);
  inNode = { ...(await amd64Engine(store)), platform };
  site = await openSite(program);
  inBrowser = await openBrowserEngine(site.browser, site.server.url, inNode.defaultPlatform);
}, 600_000);

afterAll(async () => {
  if (program === undefined) return;
  await site.close();
  rmSync(folder, { recursive: true });
}, 60_000);

/** Those that start no process: the machine has its own tests. */
function casesOf(kind: 'builds' | 'errors'): readonly string[] {
  return listCases(kind).filter((name) => !name.startsWith('run-'));
}

interface Both {
  readonly browser: Outcome;
  readonly node: Outcome;
}

async function both(args: readonly string[], stdin = ''): Promise<Both> {
  const [browser, node] = await Promise.all([
    inBrowser.run(args, stdin),
    runCommand(inNode, hostFiles(folder), args, stdin),
  ]);
  return { browser, node };
}

/** Runs it in both and expects the same of both: that it succeeds, and what it says. */
async function same(args: readonly string[], stdin = ''): Promise<Outcome> {
  const { browser, node } = await both(args, stdin);
  expect(browser, args.join(' ')).toEqual(node);
  expect(node.code, node.stderr).toBe(0);
  return node;
}

/** What a build shows of its steps may come in another order; what it makes may not differ. */
function result({ code, stdout, stdoutDigest }: Outcome): Omit<Outcome, 'stderr' | 'stdoutSize'> {
  return { code, stdout, stdoutDigest };
}

describe('the engine is the same in a worker of a browser and in Node', () => {
  test.for(BASES)('pull %s', async (base, { skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    await same(['pull', base]);
    await same(['inspect', base]);
    await same(['history', '--no-trunc', base]);
    expect((await same(['save', base])).stdoutSize).toBeGreaterThan(100_000);
  });

  test.for(casesOf('builds'))('build %s', { timeout: 60_000 }, async (name, { skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    const { folder: context, args, remove } = prepareCase('builds', name);
    try {
      const { tree } = await hostFiles(context).context('.');
      await inBrowser.putFolder(context, await toWire(tree));
      const tag = `case:${name}`;
      const { browser, node } = await both([
        'build',
        '--progress=plain',
        '-t',
        tag,
        ...args,
        context,
      ]);
      expect(browser.code, browser.stderr).toBe(0);
      expect(result(browser)).toEqual(result(node));

      expect((await same(['build', '-q', '-t', tag, ...args, context])).stdout).toMatch(/^sha256:/);
      await same(['inspect', tag]);
      await same(['history', '--no-trunc', '--format', '{{json .}}', tag]);
      expect((await same(['save', tag])).stdoutSize).toBeGreaterThan(0);
    } finally {
      remove();
    }
  });

  test.for(casesOf('errors'))('refuse %s', async (name, { skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    const { folder: context, args, remove } = prepareCase('errors', name);
    try {
      const { tree } = await hostFiles(context).context('.');
      await inBrowser.putFolder(context, await toWire(tree));
      const { browser, node } = await both(['build', '--progress=plain', ...args, context]);
      expect(browser).toEqual(node);
      expect(node.code).toBe(1);
    } finally {
      remove();
    }
  });

  test('everything else that is said of images', async ({ skip }) => {
    if (program === undefined) return skip(NO_CHROMIUM);
    const [base] = BASES;
    const dockerfile = `FROM ${base}\nCOPY <<one /one\ntext\none\nLABEL a=b\n`;
    await same(['build', '-q', '-t', 'other:1', '-'], dockerfile);
    expect((await same(['images'])).stdout).toContain('other');
    await same(['images', '-a', '--no-trunc', '--digests', '--format', 'json']);
    await same(['image', 'ls', '--filter', 'label=a=b', '-q']);
    await same(['inspect', '--format', '{{json .RootFS}} {{.Size}}', 'other:1']);
    await same(['tag', 'other:1', 'other:2']);
    await same(['system', 'df', '-v']);
    await same(['manifest', 'inspect', base]);
    const archive = join(folder, 'other.tar');
    await same(['save', '-o', archive, 'other:1', 'other:2']);
    await same(['rmi', 'other:1', 'other:2']);
    expect((await both(['inspect', 'other:1'])).browser.code).toBe(1);
    await same(['load', '-i', archive]);
    await same(['history', 'other:2']);
    await same(['image', 'prune', '-a', '-f']);
    expect((await same(['images', '-q'])).stdout).toBe('');
  });
});
