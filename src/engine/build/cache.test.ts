import { describe, expect, test } from 'vitest';
import { buildFiles, type Files, testEngine } from '../../testing/build.ts';
import { file } from '../../testing/entries.ts';
import { fakeHost } from '../../testing/process-host.ts';
import type { BuildRequest } from './request.ts';

const BASE = 'FROM scratch\nCOPY a /\nCOPY b /\n';
const FILES: Files = { a: '1', b: '2', c: '3' };

interface Again {
  readonly what: string;
  readonly dockerfile?: string;
  readonly files?: Files;
  readonly request?: Partial<BuildRequest>;
  /** Steps of the second build that are not from the cache. */
  readonly runs: readonly string[];
}

describe('a second build runs again only what changed', () => {
  test.for<Again>([
    { what: 'nothing', runs: [] },
    { what: 'the time of a file', files: { ...FILES, a: file('a', '1', { mtime: 99 }) }, runs: [] },
    { what: 'a file nobody copies', files: { ...FILES, c: 'new' }, runs: [] },
    { what: 'content', files: { ...FILES, b: 'new' }, runs: ['[2/2] COPY b /'] },
    {
      what: 'content early on, and all that follows',
      files: { ...FILES, a: 'new' },
      runs: ['[1/2] COPY a /', '[2/2] COPY b /'],
    },
    {
      what: 'the mode of a file',
      files: { ...FILES, b: file('b', '2', { mode: 0o755 }) },
      runs: ['[2/2] COPY b /'],
    },
    {
      what: 'ENV, which COPY does not see',
      dockerfile: `FROM scratch\nENV X=1\n${BASE.slice(13)}`,
      runs: [],
    },
    {
      what: 'the variable in a COPY',
      dockerfile: 'FROM scratch\nARG TO=/\nCOPY a /\nCOPY b $TO\n',
      request: { args: { TO: '/else' } },
      runs: ['[2/2] COPY b /else'],
    },
    {
      what: '--no-cache',
      request: { noCache: true },
      runs: ['[1/2] COPY a /', '[2/2] COPY b /'],
    },
  ])('$what', async ({ dockerfile = BASE, files = FILES, request = {}, runs }) => {
    const engine = testEngine();
    await buildFiles(engine, BASE, FILES);
    const again = await buildFiles(engine, dockerfile, files, request);
    expect(again.ran.filter((title) => title.includes('COPY'))).toEqual(runs);
  });
});

test('the same build twice is the same image, also when it comes from the cache', async () => {
  const engine = testEngine();
  const first = await buildFiles(engine, BASE, FILES);
  const second = await buildFiles(engine, BASE, FILES);
  expect(second.cached).toEqual(['[1/2] COPY a /', '[2/2] COPY b /']);
  expect(second.id).toBe(first.id);
});

test('a stage that is built anew to the same files leaves what copies from it in the cache', async () => {
  const engine = testEngine();
  const lines = (junk: string): string =>
    `FROM scratch AS one\nCOPY ${junk} /junk\nCOPY a /out/a\nFROM scratch\nCOPY --from=one /out /\n`;
  await buildFiles(engine, lines('b'), FILES);
  const again = await buildFiles(engine, lines('c'), FILES);
  expect(again.ran).toContain('[one 1/2] COPY c /junk');
  expect(again.cached).toEqual(['[stage-1 1/1] COPY --from=one /out /']);
});

test('--link does not care what is below', async () => {
  const engine = testEngine();
  await buildFiles(engine, 'FROM scratch\nCOPY a /\nCOPY --link b /\n', FILES);
  const again = await buildFiles(engine, 'FROM scratch\nCOPY c /\nCOPY --link b /\n', FILES);
  expect(again.cached).toEqual(['[2/2] COPY --link b /']);
});

test('--no-cache-filter names the stages that run again', async () => {
  const engine = testEngine();
  const lines =
    'FROM scratch AS one\nCOPY a /\nFROM scratch AS two\nCOPY b /\nCOPY --from=one /a /\n';
  await buildFiles(engine, lines, FILES);
  const again = await buildFiles(engine, lines, FILES, { noCacheFilter: ['two'] });
  expect(again.cached).toEqual(['[one 1/1] COPY a /']);
});

test('a layer that is gone is made again', async () => {
  const engine = testEngine();
  const first = await buildFiles(engine, BASE, FILES);
  const [layer] = first.manifest.layers;
  if (layer) await engine.store.blobs.delete(layer.digest);
  const again = await buildFiles(engine, BASE, FILES);
  expect(again.cached).toEqual(['[2/2] COPY b /']);
  expect(again.config.rootfs).toEqual(first.config.rootfs);
});

test('a stage no image has the layers of is remembered, and its files are made again when wanted', async () => {
  const engine = testEngine();
  const lines = (to: string): string =>
    `FROM scratch AS one\nCOPY a /x\nFROM scratch\nCOPY --from=one /x ${to}\n`;
  const first = await buildFiles(engine, lines('/y'), FILES);
  let stored = 0;
  for await (const { size } of engine.store.blobs.list()) if (size > 0) stored++;
  // Config, manifest and the one layer of the image.
  expect(stored).toBe(3);
  const again = await buildFiles(engine, lines('/z'), FILES);
  expect(again.cached).toEqual(['[one 1/1] COPY a /x']);
  expect((await again.tree()).get('z')?.entry.size).toBe(1);
  expect(again.config.rootfs).not.toEqual(first.config.rootfs);

  // Asked for by itself, the stage needs its layer.
  const target = await buildFiles(engine, lines('/y'), FILES, { target: 'one' });
  expect(target.cached).toEqual([]);
  expect((await target.tree()).get('x')?.entry.size).toBe(1);
  const twice = await buildFiles(engine, lines('/y'), FILES, { target: 'one' });
  expect(twice.cached).toEqual(['[one 1/1] COPY a /x']);
  expect(twice.id).toBe(target.id);
});

test('a record that makes no sense is no record', async () => {
  const engine = testEngine();
  await buildFiles(engine, BASE, FILES);
  for await (const key of engine.store.records.keys('cache')) {
    await engine.store.records.update('cache', key, () => ({ created: 7, digest: 'sha256:no' }));
  }
  expect((await buildFiles(engine, BASE, FILES)).cached).toEqual([]);
});

describe('RUN runs again when what it sees changed', () => {
  const lines = 'FROM scratch\nARG EARLY=1\nRUN one\nARG LATE=1\nRUN two\n';
  test.for<readonly [string, Partial<BuildRequest>, readonly string[]]>([
    ['nothing', {}, []],
    ['an ARG, from where it is declared', { args: { LATE: '2' } }, ['[2/2] RUN two']],
    ['an early ARG', { args: { EARLY: '2' } }, ['[1/2] RUN one', '[2/2] RUN two']],
    ['an ARG nobody declared', { args: { OTHER: '2' } }, []],
    ['a proxy', { args: { HTTP_PROXY: 'http://p' } }, []],
    ['a secret', { secrets: new Map([['s', new Uint8Array([1])]]) }, []],
  ])('%s', async ([, request, runs]) => {
    const engine = testEngine(fakeHost().host);
    await buildFiles(engine, lines);
    const again = await buildFiles(engine, lines, {}, request);
    expect(again.ran.filter((title) => title.includes('RUN'))).toEqual(runs);
  });
});
