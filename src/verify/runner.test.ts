import { describe, expect, it } from 'vitest';
import { file } from '../testing/entries.ts';
import { portImage } from '../testing/port-image.ts';
import { scriptedEngine, type Script } from '../testing/verify-engine.ts';
import type { Check, CheckContext, CheckResult, Verdict } from './check.ts';
import { EngineTrouble } from './engine.ts';
import { withFiles } from './folder.ts';
import { verify, type VerifyOptions } from './runner.ts';
import { fail, pass, skip } from './verdicts.ts';
import { verbatim, words } from './words.ts';

const DOCKERFILE = 'FROM scratch\nCOPY a /\nUSER 65532\n';

function check(
  id: string,
  run: (context: CheckContext) => Verdict | Promise<Verdict>,
  needs?: readonly string[],
): Check {
  return { id, title: verbatim(id), ...(needs && { needs }), run: async (c) => run(c) };
}

const passes = (id: string, needs?: readonly string[]): Check => check(id, () => pass(), needs);
const fails = (id: string, needs?: readonly string[]): Check =>
  check(id, () => fail({ expected: verbatim('yes'), found: verbatim('no') }), needs);

async function run(
  checks: readonly Check[],
  options: Partial<VerifyOptions> & { readonly script?: Script } = {},
) {
  const { script, ...rest } = options;
  return verify(
    { checks },
    {
      engine: scriptedEngine(script ?? { build: () => anImage() }),
      folder: withFiles(new Map(), { Dockerfile: DOCKERFILE, a: '1' }),
      nonce: { word: 'caju' },
      ...rest,
    },
  );
}

const anImage = () =>
  portImage({
    rows: [{ by: 'COPY a / # buildkit', entries: [file('a', '1')] }, { by: 'USER 65532' }],
  });

const statuses = (checks: readonly CheckResult[]): readonly string[] =>
  checks.map(({ id, status }) => `${id} ${status}`);

describe('a verification', () => {
  it('runs the checks in order and tells each as it ends', async () => {
    const told: string[] = [];
    const report = await run([passes('a'), fails('b'), passes('c')], {
      onStart: ({ id }) => told.push(`${id}?`),
      onResult: ({ id }) => told.push(id),
    });
    expect(statuses(report.checks)).toEqual(['a pass', 'b fail', 'c pass']);
    expect(told).toEqual(['a?', 'a', 'b?', 'b', 'c?', 'c']);
    expect(report.status).toBe('fail');
  });

  it.each([
    ['pass', [passes('a'), passes('b')]],
    ['pass', [passes('a'), check('b', () => skip(verbatim('not here')))]],
    ['fail', [passes('a'), fails('b')]],
    ['broken', [fails('a'), check('b', () => Promise.reject(new Error('bug')))]],
  ] as const)('comes to %s', async (status, checks) => {
    expect((await run(checks)).status).toBe(status);
  });

  it('gives checks the nonce, the folder and the engine', async () => {
    let seen: CheckContext | undefined;
    await run([check('a', (context) => ((seen = context), pass()))]);
    expect(seen?.nonce['word']).toBe('caju');
    expect(seen?.folder.has('Dockerfile')).toBe(true);
    expect(seen?.engine.kind).toBe('docker');
  });

  it('skips what needs a check that did not pass, and says which', async () => {
    const report = await run([
      fails('a'),
      passes('b', ['a']),
      passes('c', ['b']),
      passes('d'),
      passes('e', ['d']),
    ]);
    expect(statuses(report.checks)).toEqual(['a fail', 'b skip', 'c skip', 'd pass', 'e pass']);
    expect(report.checks[1]?.found).toEqual(words('depende de «a»', 'depends on “a”'));
  });

  it('of one check runs what it needs, and no more', async () => {
    const checks = [passes('a'), passes('b'), passes('c', ['a']), passes('d', ['c'])];
    expect(statuses((await run(checks, { only: ['d'] })).checks)).toEqual([
      ...['a pass', 'c pass', 'd pass'],
    ]);
    await expect(run(checks, { only: ['nothing'] })).rejects.toThrow(RangeError);
  });

  it.each([
    ['a need that comes later', [passes('a', ['b']), passes('b')], 'a needs b'],
    ['two of one name', [passes('a'), passes('a')], 'two checks a'],
  ] as const)('refuses a verifier with %s', async (_, checks, message) => {
    await expect(run(checks)).rejects.toThrow(message);
  });
});

describe('what is not the learner’s fault', () => {
  const trouble = new EngineTrouble('no-space', words('sem espaço', 'no space'), {
    advice: words('apague', 'delete'),
  });

  it('is broken: trouble of the engine, with its words and advice', async () => {
    const report = await run([check('a', ({ built }) => built().then(() => pass()))], {
      script: { build: () => Promise.reject(trouble) },
    });
    expect(report).toMatchObject({
      status: 'broken',
      checks: [{ status: 'broken', found: trouble.words, advice: trouble.advice }],
    });
  });

  it('is broken: a mistake in the check', async () => {
    const report = await run([
      check('a', () => {
        throw new TypeError('x is undefined');
      }),
      passes('b', ['a']),
    ]);
    expect(statuses(report.checks)).toEqual(['a broken', 'b skip']);
    expect(report.checks[0]?.found?.en).toContain('x is undefined');
    expect(report.checks[0]?.found?.en).toContain('not to blame');
  });

  it('is broken: a check that takes too long, whose signal is aborted', async () => {
    let signal: AbortSignal | undefined;
    const report = await run(
      [check('a', (c) => ((signal = c.signal), new Promise(() => undefined))), passes('b')],
      { timeout: 5 },
    );
    expect(statuses(report.checks)).toEqual(['a broken', 'b pass']);
    expect(signal?.aborted).toBe(true);
  });

  it('ends all when it is interrupted', async () => {
    const stop = new AbortController();
    const running = run(
      [check('a', () => (stop.abort(), new Promise(() => undefined))), passes('b')],
      { signal: stop.signal },
    );
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
    await expect(run([passes('a')], { signal: stop.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });
});

describe('built', () => {
  it('builds once for the same request, whoever asks', async () => {
    const engine = scriptedEngine({ build: () => anImage() });
    const build = async (options: Parameters<CheckContext['built']>[0]): Promise<Check> =>
      check(crypto.randomUUID(), async ({ built }) => {
        await built(options);
        return pass();
      });
    await run(
      await Promise.all([
        ...[build(undefined), build({}), build({ dockerfile: 'Dockerfile' }), build({ args: {} })],
        ...[build({ target: 'x' }), build({ args: { A: '1', B: '2' } })],
        ...[build({ args: { B: '2', A: '1' } }), build({ plant: { a: '2' } })],
      ]),
      { engine },
    );
    expect(engine.builds).toHaveLength(4);
  });

  it('is of the folder, a subfolder of it, with planted files', async () => {
    const engine = scriptedEngine({ build: () => anImage() });
    await run(
      [
        check('a', async ({ built }) => {
          await built({ context: 'sub', dockerfile: 'Other', plant: { secret: 'x' } });
          return pass();
        }),
      ],
      {
        engine,
        folder: withFiles(new Map(), { 'sub/Other': 'FROM scratch\n', 'sub/x/y': '1', z: '1' }),
      },
    );
    const [request] = engine.builds;
    expect([...(request?.context.keys() ?? [])].sort()).toEqual(['Other', 'secret', 'x/y']);
    expect(request?.dockerfile).toBe('Other');
  });

  it('that fails fails the check with what the engine said and the line', async () => {
    const report = await run(
      [
        check('builds', async ({ built }) => {
          await built({ context: 'sub', target: 'x', args: { A: '1' } });
          return pass();
        }),
      ],
      {
        script: {
          build: () => ({ ok: false, message: 'exit code: 1', log: 'a\nwhy\n', line: 7 }),
        },
      },
    );
    expect(report.status).toBe('fail');
    expect(report.checks[0]).toMatchObject({
      status: 'fail',
      expected: { en: '`docker build --target x --build-arg A=1 sub` builds the image' },
      found: verbatim('a\nwhy\nexit code: 1'),
      where: { source: { file: 'sub/Dockerfile', line: 7 } },
    });
  });
});

describe('the place of a failure', () => {
  it('has the line of the Dockerfile that made the layer', async () => {
    const report = await run([
      check('a', async ({ built }) => {
        const diffId = (await built()).config.rootfs.diff_ids[0] ?? '';
        const layer = { index: 0, diffId, createdBy: 'COPY a / # buildkit' };
        return fail({ expected: verbatim(''), found: verbatim(''), where: { layer } });
      }),
    ]);
    expect(report.checks[0]?.where).toMatchObject({
      layer: { index: 0 },
      source: { file: 'Dockerfile', line: 2 },
    });
  });

  it('has the line of an instruction that a check names', async () => {
    const report = await run([
      check('a', async ({ built }) => {
        await built();
        const where = { instruction: 'USER' };
        return fail({ expected: verbatim(''), found: verbatim(''), where });
      }),
    ]);
    expect(report.checks[0]?.where).toEqual({ source: { file: 'Dockerfile', line: 3 } });
  });
});
