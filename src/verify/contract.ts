import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../engine/bytes.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { describeContainers } from './contract-containers.ts';
import { describeLimits } from './contract-limits.ts';
import { describeLive, type LearnersDocker } from './contract-live.ts';
import { EngineTrouble, type BuildOutcome, type Engine, type Image } from './engine.ts';
import { withFiles, type Folder } from './folder.ts';

/** What the engine must have, under these names. */
const BUSYBOX = 'busybox:1.37';
const STATIC = 'gcr.io/distroless/static-debian13';

/** The built-in engine emulates a processor. */
const SLOW = 240_000;

export interface EngineSuite {
  /** The engine, open for the whole suite. */
  readonly engine: () => Engine;
  /** Builds from files; rejects when it does not build. */
  readonly image: (files: Readonly<Record<string, string>>) => Promise<Image>;
}

/**
 * What every adapter of the port `Engine` must do. `open` gives a new one each time; engines that it
 * opens may be there at the same time and share their images. The suite closes what it opens. `learner`
 * is the same engine's `docker`, as somebody types it.
 */
export function describeEngine(
  name: string,
  open: () => Promise<Engine>,
  learner: LearnersDocker,
): void {
  describe(name, { timeout: SLOW }, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open();
    }, SLOW);
    afterAll(async () => {
      await engine.close();
    }, SLOW);
    const suite: EngineSuite = {
      engine: () => engine,
      image: async (files) => imageOf(await engine.build({ context: folder(files) })),
    };
    describeBuilds(suite);
    describeImages(suite);
    describeContainers(suite);
    describeLimits(suite);
    describeLive(suite, learner);
    describeClosing(open);
  });
}

/** Files by their paths; those in `bin/` or `cgi-bin/` can be executed. */
export function folder(files: Readonly<Record<string, string>>): Folder {
  const plain = withFiles(new Map(), files);
  return new Map(
    [...plain].map(([path, file]) => [
      path,
      { ...file, executable: /(^|\/)(cgi-)?bin\//.test(path) },
    ]),
  );
}

export function imageOf(outcome: BuildOutcome): Image {
  if (outcome.ok) return outcome.image;
  throw new Error(`${outcome.message}\n${outcome.log}`);
}

export async function textOfEntry(entry: Entry | undefined): Promise<string | undefined> {
  const content = entry?.content;
  return content && new TextDecoder().decode(await collect(content.stream()));
}

function describeBuilds({ engine, image }: EngineSuite): void {
  describe('a build', () => {
    it('makes an image with config, layers and files', async () => {
      const built = await image({
        Dockerfile: `FROM ${BUSYBOX}\nENV GREETING=oi\nCOPY hello.txt bin/ /app/\nUSER 65532\nCMD ["/app/run"]\n`,
        'hello.txt': 'hello\n',
        'bin/run': '#!/bin/sh\n',
      });
      const { config, rootfs } = built.config;
      expect(built.id).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(config.Env).toContain('GREETING=oi');
      expect(config).toMatchObject({ User: '65532', Cmd: ['/app/run'] });
      const layers = await built.layers();
      expect(layers.map(({ diffId }) => diffId)).toEqual(rootfs.diff_ids);
      const [file] = layers.at(-1)?.entries.filter(({ path }) => path === 'app/hello.txt') ?? [];
      expect(await textOfEntry(file)).toBe('hello\n');
      const files = await built.files();
      expect(files.get('app/run')?.entry.mode).toBe(0o755);
      expect(files.resolve('bin/sh')).toBeDefined();
      expect(await built.size()).toBeGreaterThan(100_000);
    });

    it('begins with the layers of its base', async () => {
      const base = await engine().image(STATIC, { pull: true });
      const built = await image({ Dockerfile: `FROM ${STATIC}\nCOPY x /\n`, x: '1' });
      const ids = base?.config.rootfs.diff_ids ?? [];
      expect(ids.length).toBeGreaterThan(1);
      expect(built.config.rootfs.diff_ids.slice(0, -1)).toEqual(ids);
    });

    it('obeys .dockerignore', async () => {
      const built = await image({
        Dockerfile: 'FROM scratch\nCOPY . /\n',
        '.dockerignore': 'secret*\n',
        'secret.txt': 'x',
        'open.txt': 'x',
      });
      const files = await built.files();
      expect(files.get('open.txt')).toBeDefined();
      expect(files.get('secret.txt')).toBeUndefined();
    });

    it('takes another Dockerfile, a stage and arguments', async () => {
      const context = folder({
        'docker/Other': `ARG BASE\nFROM \${BASE} AS one\nARG WORD\nENV WORD=$WORD\nFROM scratch\nCOPY --from=one /bin /bin\n`,
      });
      const built = imageOf(
        await engine().build({
          ...{ context, dockerfile: 'docker/Other', target: 'one' },
          args: { BASE: BUSYBOX, WORD: 'caju' },
        }),
      );
      expect(built.config.config.Env).toContain('WORD=caju');
    });

    it('takes steps from the cache unless it must not', async () => {
      const request = {
        context: folder({
          Dockerfile: `FROM ${BUSYBOX}\nRUN cat /proc/sys/kernel/random/uuid >/id\n`,
        }),
      };
      const id = async (noCache: boolean): Promise<string | undefined> =>
        imageOf(await engine().build({ ...request, noCache })).config.rootfs.diff_ids.at(-1);
      const first = await id(false);
      expect(await id(false)).toBe(first);
      expect(await id(true)).not.toBe(first);
    });

    it('that a step fails says the line, the end of the output, and why', async () => {
      const outcome = await engine().build({
        context: folder({
          Dockerfile: `FROM ${BUSYBOX}\n\nRUN echo the reason >&2; \\\n  exit 3\nCMD ["x"]\n`,
        }),
      });
      expect(outcome).toMatchObject({ ok: false, line: 3 });
      if (outcome.ok) return;
      expect(outcome.log).toContain('the reason');
      expect(outcome.message).toMatch(/3/);
    });

    it.each([
      ['an unknown instruction', `FROM ${BUSYBOX}\nCOPPY . .\n`, 2, 'COPPY'],
      ['a file that is not there', `FROM ${BUSYBOX}\nENV A=b\nCOPY nothing /\n`, 3, 'nothing'],
    ])('fails for %s and says where', async (_, text, line, word) => {
      const outcome = await engine().build({ context: folder({ Dockerfile: text }) });
      expect(outcome).toMatchObject({ ok: false, line });
      expect(outcome.ok ? '' : outcome.message).toContain(word);
    });

    it('without a Dockerfile fails', async () => {
      const outcome = await engine().build({ context: folder({ 'a.txt': 'x' }) });
      expect(outcome.ok).toBe(false);
      expect(outcome.ok ? '' : outcome.message).toContain('Dockerfile');
    });

    it('keeps no more than 16 KiB of the output of what failed, the last of it', async () => {
      const flood = 'i=0; while [ $i -lt 3000 ]; do echo line $i is long enough; i=$((i+1)); done';
      const outcome = await engine().build({
        context: folder({ Dockerfile: `FROM ${BUSYBOX}\nRUN ${flood}; exit 1\n` }),
      });
      expect(outcome.ok).toBe(false);
      if (outcome.ok) return;
      expect(outcome.log.length).toBeLessThanOrEqual(16 * 1024);
      expect(outcome.log).toContain('line 2999');
    });

    it('that takes too long is trouble, not an answer', async () => {
      const request = {
        context: folder({ Dockerfile: `FROM ${BUSYBOX}\nRUN sleep 300\n` }),
        timeout: 5000,
      };
      const trouble = await engine()
        .build(request)
        .catch((error: unknown) => error);
      expect(trouble).toBeInstanceOf(EngineTrouble);
      expect(trouble).toMatchObject({ code: 'timeout' });
    });
  });
}

function describeImages({ engine, image }: EngineSuite): void {
  describe('an image', () => {
    it('is found by name and by ID', async () => {
      const busybox = await engine().image(BUSYBOX, { pull: true });
      expect(busybox?.config.config.Cmd).toEqual(['sh']);
      const built = await image({ Dockerfile: `FROM ${BUSYBOX}\nLABEL a=found\n` });
      const found = await engine().image(built.id);
      expect(found?.id).toBe(built.id);
    });

    it('that is not there is undefined', async () => {
      expect(await engine().image('semdistro-contract/nothing:0')).toBeUndefined();
      expect(await engine().image(`sha256:${'0'.repeat(64)}`)).toBeUndefined();
    });

    it('has the platform that the engine says', async () => {
      const busybox = await engine().image(BUSYBOX, { pull: true });
      const { os, architecture } = busybox?.config ?? {};
      expect(engine().platform).toContain(`${os ?? ''}/${architecture ?? ''}`);
      expect(engine().version).toMatch(/^\d+\.\d+/);
    });
  });
}

function describeClosing(open: () => Promise<Engine>): void {
  describe('closing', () => {
    it('removes what was made and nothing else', async () => {
      const [one, other] = await Promise.all([open(), open()]);
      try {
        const context = folder({
          Dockerfile: `FROM ${BUSYBOX}\nLABEL one=${crypto.randomUUID()}\nCMD ["sleep", "300"]\n`,
        });
        const mine = imageOf(await one.build({ context }));
        const kept = imageOf(
          await other.build({ context: folder({ Dockerfile: `FROM ${BUSYBOX}\nLABEL kept=1\n` }) }),
        );
        const container = await one.run({ image: mine });
        expect(container.started).toBe(true);
        expect((await one.image(mine.id))?.id).toBe(mine.id);
        await one.close();
        expect(await other.image(mine.id)).toBeUndefined();
        expect((await other.image(kept.id))?.id).toBe(kept.id);
        expect(await other.image(BUSYBOX, { pull: true })).toBeDefined();
      } finally {
        await one.close();
        await other.close();
      }
    });
  });
}
