import { describe, expect, test } from 'vitest';
import { buildFiles, testEngine } from '../../testing/build.ts';
import { file } from '../../testing/entries.ts';
import { type FakeProcess, fakeHost } from '../../testing/process-host.ts';
import type { Engine } from '../engine.ts';
import type { ContainerSpec, WritableTree } from '../process/host.ts';
import { runDocker } from '../../testing/session.ts';

/** The directory a process has at /c, as names. */
async function namesIn(tree: WritableTree): Promise<readonly string[]> {
  return (await tree.view()).list('');
}

function cacheOf({ mounts }: ContainerSpec): WritableTree {
  const mount = mounts.find(({ target }) => target === '/c');
  if (mount?.kind !== 'writable') throw new Error('nothing that can be written to at /c');
  return mount.tree;
}

/** A process that notes what is in /c and puts a file of the name it was given there. */
function leaving(seen: (readonly string[])[]): (spec: ContainerSpec) => FakeProcess {
  return (spec) => ({
    work: async () => {
      const tree = cacheOf(spec);
      seen.push(await namesIn(tree));
      await tree.apply([file(spec.process.argv.at(-1) ?? '', 'x')]);
      return 0;
    },
  });
}

const run = (name: string, options = ''): string =>
  `RUN --mount=type=cache,target=/c${options} ["x", "${name}"]\n`;

async function build(engine: Engine, ...lines: readonly string[]): Promise<void> {
  await buildFiles(engine, `FROM scratch\n${lines.join('')}`, {}, { noCache: true });
}

describe('a cache directory', () => {
  test('is kept from step to step and from build to build', async () => {
    const seen: (readonly string[])[] = [];
    const engine = testEngine(fakeHost(leaving(seen)).host);
    await build(engine, run('one'), run('two'));
    await build(engine, run('three'));
    expect(seen).toEqual([[], ['one'], ['one', 'two']]);
  });

  test('is kept for another engine on the same store', async () => {
    const seen: (readonly string[])[] = [];
    const engine = testEngine(fakeHost(leaving(seen)).host);
    await build(engine, run('one'));
    await build({ ...engine }, run('two'));
    expect(seen).toEqual([[], ['one']]);
  });

  test('survives many builds as few layers', async () => {
    const seen: (readonly string[])[] = [];
    const engine = testEngine(fakeHost(leaving(seen)).host);
    for (let i = 10; i < 35; i++) await build(engine, run(`f${i}`));
    expect(seen.at(-1)).toHaveLength(24);
    for await (const key of engine.store.records.keys('cache')) {
      const record = await engine.store.records.get('cache', key);
      const text = JSON.stringify(record);
      expect(text.split('sha256:').length - 1, text).toBeLessThanOrEqual(9);
    }
  });

  test('is known by its ID', async () => {
    const seen: (readonly string[])[] = [];
    const engine = testEngine(fakeHost(leaving(seen)).host);
    await build(engine, run('a', ',id=one'), run('b', ',id=two'), run('c', ',id=one'));
    expect(seen).toEqual([[], [], ['a']]);
  });

  test('is forgotten by docker builder prune', async () => {
    const seen: (readonly string[])[] = [];
    const engine = testEngine(fakeHost(leaving(seen)).host);
    await build(engine, run('a'));
    expect((await runDocker(engine, ['builder', 'prune', '-f'])).code).toBe(0);
    await build(engine, run('b'));
    expect(seen).toEqual([[], []]);
  });

  test('is saved also when the process fails', async () => {
    const seen: (readonly string[])[] = [];
    let code = 1;
    const engine = testEngine(
      fakeHost((spec) => ({
        work: async () => {
          await leaving(seen)(spec).work?.(spec, {
            stdout: () => undefined,
            stderr: () => undefined,
          });
          return code;
        },
      })).host,
    );
    await expect(build(engine, run('a'))).rejects.toMatchObject({ code: 'process-failed' });
    code = 0;
    await build(engine, run('b'));
    expect(seen).toEqual([[], ['a']]);
  });

  test('begins with the files it is taken from, and leaves those alone', async () => {
    const seen: (readonly string[])[] = [];
    const engine = testEngine(fakeHost(leaving(seen)).host);
    const stage = 'FROM scratch AS seed\nCOPY d /d\nFROM scratch\n';
    const lines = stage + run('new', ',from=seed,source=/d') + run('newer', ',from=seed,source=/d');
    const { tree } = await buildFiles(engine, `${lines}COPY --from=seed / /\n`, { 'd/old': 'o' });
    expect(seen).toEqual([['old'], ['new', 'old']]);
    expect((await tree()).list('d')).toEqual(['old']);
  });
});

describe('two steps at the same time', () => {
  const stages = (options: string): string =>
    `FROM scratch AS a\n${run('a', options)}FROM scratch AS b\n${run('b', options)}` +
    'FROM scratch\nCOPY --from=a / /\nCOPY --from=b / /\n';
  const atOnce = async (options: string): Promise<{ most: number; trees: number }> => {
    let running = 0;
    let most = 0;
    const trees = new Set<WritableTree>();
    const { host } = fakeHost((spec) => ({
      work: async () => {
        trees.add(cacheOf(spec));
        running++;
        most = Math.max(most, running);
        // Long enough for the other one to come, if it may.
        for (let turn = 0; turn < 5000; turn++) await Promise.resolve();
        running--;
        return 0;
      },
    }));
    await buildFiles(testEngine(host), stages(options));
    return { most, trees: trees.size };
  };

  test.for([
    ['shared', { most: 2, trees: 1 }],
    ['locked', { most: 1, trees: 2 }],
    ['private', { most: 2, trees: 2 }],
  ] as const)('%s', async ([sharing, expected]) => {
    expect(await atOnce(`,sharing=${sharing}`)).toEqual(expected);
  });
});
