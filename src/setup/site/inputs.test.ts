import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { siteInputs, siteIsBuilt, STAMP } from './inputs.mjs';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'semdistro-inputs-'));
  await put('src/pages/index.astro', 'home');
  await put(`dist/${STAMP}`, siteInputs(root));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
}

it('a site is of what is there', () => {
  expect(siteIsBuilt(root)).toBe(true);
});

it.each([
  ...['src/pages/index.astro', 'content/lessons/01-a/pt-br.mdx', 'labs/a/lab.yaml'],
  'src/setup/site/build.ts',
])('and stale after a change of %s', async (path) => {
  await put(path, 'other');
  expect(siteIsBuilt(root)).toBe(false);
});

it.each(['src/pages/a.test.ts', 'src/cli/main.ts', 'src/setup/start.mjs', 'README.md'])(
  'but not after one of %s',
  async (path) => {
    await put(path, 'other');
    expect(siteIsBuilt(root)).toBe(true);
  },
);
