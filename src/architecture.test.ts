import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './setup/paths.mjs';
import { describeViolation, isTestCode, violations } from './testing/architecture.ts';
import { hostGlobals } from './testing/globals.ts';
import { importsOf, readImportGraph } from './testing/import-graph.ts';

describe('the sources', () => {
  const graph = readImportGraph(repository);

  it('are all there', () => {
    expect(graph.get('src/cli/main.ts')).toContain('src/cli/command-line.ts');
    expect(graph.get('src/engine/engine.ts')).toContain('src/engine/store/port.ts');
  });

  it('import along the arrows of ARCHITECTURE.md only', () => {
    expect(violations(graph).map(describeViolation).join('\n\n')).toBe('');
  });

  it('in src/engine use nothing that only a browser or only Node has, no clock and no dice', () => {
    const files = [...graph.keys()].filter(
      (file) => file.startsWith('src/engine/') && !isTestCode(file),
    );
    const uses = files.flatMap((file) =>
      hostGlobals(readFileSync(join(repository, file), 'utf8')).map((use) => `${file}:${use}`),
    );
    expect(uses).toEqual([]);
  });
});

describe('reading imports', () => {
  it.each([
    ["import { a } from './b.ts';", 'src/engine/b.ts'],
    ["import type { A } from '../cli/b.ts';", 'src/cli/b.ts'],
    ["import './b.ts';", 'src/engine/b.ts'],
    ["export * from './b.ts';", 'src/engine/b.ts'],
    ["export { a } from './b.ts';", 'src/engine/b.ts'],
    ["export type { A } from './b.ts';", 'src/engine/b.ts'],
    ["const b = await import('./b.ts');", 'src/engine/b.ts'],
    ["let b: import('./b.ts').B;", 'src/engine/b.ts'],
    ["import fs from 'fs';", 'node:fs'],
    ["import { x } from 'node:fs/promises';", 'node:fs/promises'],
    ["import { x } from '@noble/hashes/sha2.js';", '@noble/hashes'],
    ["import { x } from 'zod/v4';", 'zod'],
    ["import { x } from 'astro:content';", 'astro:content'],
  ])('%s', (text, target) => {
    expect(importsOf('src/engine/a.ts', text)).toEqual([target]);
  });

  it.each([["// import './b.ts'"], ["const text = 'import x from y';"], ['imports("./b.ts");']])(
    'not %s',
    (text) => {
      expect(importsOf('src/engine/a.ts', text)).toEqual([]);
    },
  );
});

describe('an arrow', () => {
  it.each([
    ['engine → engine', 'src/engine/a.ts', 'src/engine/oci/b.ts'],
    ['engine → a package on its list', 'src/engine/a.ts', 'fflate'],
    ['pantry → engine', 'src/pantry/a.ts', 'src/engine/b.ts'],
    ['pantry → node', 'src/pantry/a.ts', 'node:fs'],
    ['pantry → any package', 'src/pantry/a.ts', 'yaml'],
    ['cli → engine', 'src/cli/a.ts', 'src/engine/b.ts'],
    ['cli → pantry', 'src/cli/a.ts', 'src/pantry/b.ts'],
    ['cli → package.json', 'src/cli/a.ts', 'package.json'],
    ['bench → cli', 'src/bench/a.ts', 'src/cli/b.ts'],
    ['bench → test code', 'src/bench/a.ts', 'src/testing/b.ts'],
    ['setup → node', 'src/setup/a.mjs', 'node:fs'],
    ['machine → a port of the engine', 'src/machine/a.ts', 'src/engine/process/host.ts'],
    ['verify → what a layer is', 'src/verify/a.ts', 'src/engine/layer/b.ts'],
    ['labs → checks', 'src/labs/a.ts', 'src/verify/check.ts'],
    ['adapters → engine', 'src/adapters/embedded/a.ts', 'src/engine/b.ts'],
    ['the docker adapter → node', 'src/adapters/docker/a.ts', 'node:http'],
    ['shell → engine and machine', 'src/shell/a.ts', 'src/machine/b.ts'],
    ['cli → shell', 'src/cli/a.ts', 'src/shell/b.ts'],
    ['workbench → engine', 'src/workbench/a.ts', 'src/engine/b.ts'],
    ['curriculum/content.ts → astro:content', 'src/curriculum/content.ts', 'astro:content'],
    ['curriculum → node', 'src/curriculum/a.ts', 'node:fs'],
    ['curriculum → pantry', 'src/curriculum/a.ts', 'src/pantry/b.ts'],
    ['pages → curriculum', 'src/pages/a.astro', 'src/curriculum/b.ts'],
    ['pages → node', 'src/pages/a.ts', 'node:fs'],
    ['workbench → what is known of a lab', 'src/workbench/a.ts', 'src/curriculum/lab-data.ts'],
    ['terminal → dom', 'src/terminal/a.ts', 'src/dom/b.ts'],
    ['terminal → xterm', 'src/terminal/a.ts', '@xterm/xterm'],
    ['a test → anything', 'src/engine/a.test.ts', 'src/cli/b.ts'],
    ['a test → a test oracle', 'src/engine/a.test.ts', 'dockerfile-ast'],
    ['a contract suite → vitest', 'src/engine/store/contract.ts', 'vitest'],
  ])('is allowed: %s', (_, file, target) => {
    expect(violations(new Map([[file, [target]]]))).toEqual([]);
  });

  const offNode = 'imports nothing of Node';
  it.each([
    ['engine → node', 'src/engine/a.ts', 'node:fs', offNode],
    ['engine → cli', 'src/engine/a.ts', 'src/cli/b.ts', 'nothing imports src/cli'],
    ['engine → pantry', 'src/engine/a.ts', 'src/pantry/b.ts', 'src/engine imports no other part'],
    ['engine → another package', 'src/engine/a.ts', 'zod', 'imports no package but'],
    ['engine → a test oracle', 'src/engine/a.ts', 'dockerfile-ast', 'imports no package but'],
    ['engine → vitest', 'src/engine/a.ts', 'vitest', 'imports no package but'],
    ['engine → test code', 'src/engine/a.ts', 'src/testing/b.ts', 'only tests and src/bench'],
    ['pantry → cli', 'src/pantry/a.ts', 'src/cli/b.ts', 'nothing imports src/cli'],
    ['setup → engine', 'src/setup/a.ts', 'src/engine/b.ts', 'src/setup imports only'],
    ['machine → the rest of the engine', 'src/machine/a.ts', 'src/engine/build/b.ts', 'only'],
    ['machine → node', 'src/machine/a.ts', 'node:fs', offNode],
    [
      'verify → an adapter',
      'src/verify/a.ts',
      'src/adapters/docker/b.ts',
      'src/verify imports only',
    ],
    [
      'verify → the rest of the engine',
      'src/verify/a.ts',
      'src/engine/b.ts',
      'src/verify imports only',
    ],
    ['labs → node', 'src/labs/a.ts', 'node:fs', offNode],
    ['labs → an adapter', 'src/labs/a.ts', 'src/adapters/embedded/b.ts', 'src/labs imports only'],
    ['the embedded adapter → node', 'src/adapters/embedded/a.ts', 'node:fs', offNode],
    ['shell → node', 'src/shell/a.ts', 'node:fs', offNode],
    ['workbench → node', 'src/workbench/a.ts', 'node:fs', offNode],
    ['pages → pantry', 'src/pages/a.astro', 'src/pantry/b.ts', 'the site imports nothing that'],
    ['lessons → astro:content', 'src/pages/a.ts', 'astro:content', 'only src/curriculum/content'],
    [
      'curriculum → workbench',
      'src/curriculum/a.ts',
      'src/workbench/b.ts',
      'src/curriculum imports',
    ],
    ['workbench → curriculum', 'src/workbench/a.ts', 'src/curriculum/b.ts', 'a browser runs'],
    ['dom → workbench', 'src/dom/a.ts', 'src/workbench/b.ts', 'the site imports no other part'],
    ['dom → a package', 'src/dom/a.ts', 'zod', 'the site imports no package but'],
    ['i18n → curriculum', 'src/i18n/a.ts', 'src/curriculum/b.ts', 'src/i18n imports only'],
    ['workbench → xterm', 'src/workbench/a.ts', '@xterm/xterm', 'only src/terminal'],
  ])('is refused: %s', (_, file, target, why) => {
    const found = violations(new Map([[file, [target]]]));
    expect(found).toMatchObject([{ file, target }]);
    expect(found[0]?.why).toContain(why);
  });

  it('that is refused comes with the way in, the shortest one from an entry', () => {
    const found = violations(
      new Map([
        ['src/cli/main.ts', ['src/cli/long.ts', 'src/engine/build.ts']],
        ['src/cli/long.ts', ['src/engine/deep.ts']],
        ['src/engine/build.ts', ['src/engine/deep.ts']],
        ['src/engine/deep.ts', ['src/engine/bad.ts']],
        ['src/engine/bad.ts', ['node:fs']],
        ['src/engine/bad.test.ts', ['src/engine/bad.ts']],
      ]),
    );
    expect(found.map(describeViolation)).toEqual([
      [
        "src/engine runs in a browser and imports nothing of Node's",
        '  src/cli/main.ts',
        '    src/cli/long.ts',
        '      src/engine/deep.ts',
        '        src/engine/bad.ts',
        '          node:fs',
      ].join('\n'),
    ]);
  });
});

describe("a host's globals", () => {
  it.each([
    ['const a = Buffer.from(x);', ['1: Buffer']],
    ['const a = 1;\nif (process.env.X) {}', ['2: process']],
    ['const t = Date.now();', ['1: Date.now']],
    ['const t = new Date();', ['1: new Date()']],
    ['const r = Math.random();', ['1: Math.random']],
    ['f(window);', ['1: window']],
  ])('are found in %s', (text, found) => {
    expect(hostGlobals(text)).toEqual(found);
  });

  it.each([
    ['// Buffer'],
    ["const a = 'process';"],
    ['const t = new Date(0);'],
    ['host.process(x);'],
    ['interface A { readonly process: string }'],
    ['const a = { document: 1 };'],
    ['const window = 1; f(window);'],
    ['f((document) => document.x);'],
  ])('are not found in %s', (text) => {
    expect(hostGlobals(text)).toEqual([]);
  });
});

describe('a file in git', () => {
  /** Hosts that apt and npm are configured with here. */
  function registryHosts(): readonly string[] {
    const sites = say('apt-get', ['indextargets', '--format', '$(SITE)']).split('\n');
    const registry = say('npm', ['config', 'get', 'registry']).trim();
    const hosts = [...sites, registry].map(
      (text) => /^\w+:\/\/(?:[^/@]*@)?([^/:]+)/.exec(text)?.[1],
    );
    return [...new Set(hosts.filter((host) => host !== undefined))];
  }

  function say(program: string, args: readonly string[]): string {
    // A program that is not there has nothing to say: a machine without apt has no mirror.
    const { error, stdout } = spawnSync(program, args, { encoding: 'utf8' });
    return error === undefined ? stdout : '';
  }

  /** Files as git has them, not as they are on disk. */
  function filesNaming(word: string): readonly string[] {
    const listed = say('git', ['-C', repository, 'grep', '--cached', '-lF', '-e', word]);
    return listed.split('\n').filter((file) => file !== '');
  }

  it("names no registry's host and no folder of the machine it was written on", ({ skip }) => {
    const inside = spawnSync('git', ['rev-parse', '--git-dir'], { cwd: repository });
    skip(inside.status !== 0, 'not a git checkout: there is no list of files to look at');
    expect(filesNaming('"semdistro"')).toContain('package.json');
    const words = [...registryHosts(), repository];
    expect(words.flatMap((word) => filesNaming(word).map((file) => `${file}: ${word}`))).toEqual(
      [],
    );
  });
});
