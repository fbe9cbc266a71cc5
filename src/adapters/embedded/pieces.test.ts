import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/errors.ts';
import { containerEngine, mortalStore } from '../../testing/container-engine.ts';
import { shown } from '../../testing/trees.ts';
import { emptyEngine } from '../../testing/images.ts';
import { EngineTrouble, type Engine, type Image } from '../../verify/engine.ts';
import { withFiles } from '../../verify/folder.ts';
import { contextTree } from './context.ts';
import { embeddedEngine } from './engine.ts';
import { listens, parseAnswer } from './http.ts';
import { output } from './output.ts';
import { troubleOf, untroubled } from './trouble.ts';

describe('a folder as a context', () => {
  it('has its directories, and what can be executed', () => {
    const folder = withFiles(new Map(), { 'a/b/c': '1', d: '22' });
    const tree = contextTree(
      new Map([...folder, ['run', { bytes: new Uint8Array(3), executable: true }]]),
    );
    expect(shown(tree)).toBe('a/ a/b/ a/b/c d run');
    expect(tree.get('d')?.entry).toMatchObject({ mode: 0o644, size: 2, uid: 0 });
    expect(tree.get('run')?.entry.mode).toBe(0o755);
    // Zip files, which wheels are, know no time before 1980.
    expect(tree.get('d')?.entry.mtime).toBeGreaterThan(315_532_800);
  });
});

describe('what curl prints', () => {
  it.each([
    [
      'HTTP/1.1 200 OK\r\nA-B: c: d\r\n\r\nbody\r\n\r\nmore',
      200,
      { 'a-b': 'c: d' },
      'body\r\n\r\nmore',
    ],
    ['HTTP/1.0 404 Not Found\r\n\r\n', 404, {}, ''],
    ['HTTP/1.1 500\r\nA:\r\n\r\nx', 500, { a: '' }, 'x'],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nA: b\r\n\r\nx', 201, { a: 'b' }, 'x'],
  ])('is an answer: %j', (text, status, headers, body) => {
    expect(parseAnswer(text)).toEqual({ status, headers, body });
  });

  it('is none when it is no HTTP', () => {
    expect(parseAnswer('hello')).toBeUndefined();
    expect(parseAnswer('')).toBeUndefined();
  });
});

describe('who listens', () => {
  const row = (address: string, state = '0A'): string =>
    `  sl  local_address rem_address   st\n   0: ${address} 00000000:0000 ${state} 00000000:00000000\n`;

  it.each([
    ['everywhere', '00000000:1F90'],
    ['everywhere, both versions of IP', `${'0'.repeat(32)}:1F90`],
    ['on an address that others reach', '0200A8C0:1F90'],
  ])('%s is heard', (_, address) => {
    expect(listens(row(address), 8080)).toBe(true);
  });

  it.each([
    ['on 127.0.0.1', row('0100007F:1F90')],
    ['on ::1', row('00000000000000000000000001000000:1F90')],
    ['on 127.0.0.1 as a socket of IPv6', row('0000000000000000FFFF00000100007F:1F90')],
    ['on another port', row('00000000:1F91')],
    ['no more, being connected', row('00000000:1F90', '01')],
    ['nowhere', ''],
  ])('%s is not', (_, table) => {
    expect(listens(table, 8080)).toBe(false);
  });
});

describe('a stream', () => {
  it('is kept to its first MiB', () => {
    const stream = output();
    const chunk = new Uint8Array(300_000).fill(97);
    for (let i = 0; i < 10; i++) stream.add(chunk);
    expect(stream.text()).toHaveLength(1024 * 1024);
    const short = output();
    short.add(new TextEncoder().encode('çaju').subarray(0, 1));
    short.add(new TextEncoder().encode('çaju').subarray(1));
    expect(short.text()).toBe('çaju');
  });
});

describe('trouble', () => {
  it.each([
    ['machine-missing', 'no-engine', 'npm start'],
    ['no-process-host', 'no-engine', '--engine docker'],
    ['store-full', 'no-space', 'system prune'],
    ['machine-crashed', 'engine-failed', 'Verifique de novo'],
    ['machine-damaged', 'engine-failed', 'semdistro machine build'],
    ['store-io', 'engine-failed', 'semdistro doctor'],
    ['blob-missing', 'engine-failed', 'semdistro pantry verify'],
  ])('is %s, as %s, and what to do is said', (code, trouble, advice) => {
    const found = troubleOf(new EngineError(code, 'why'));
    expect(found).toMatchObject({ code: trouble });
    expect(found?.words['pt-BR']).toMatch(/ \(why\)$/);
    expect(found?.advice?.['pt-BR'] ?? '').toContain(advice);
  });

  it.each(['build-failed', 'user-unknown', 'pull-denied', 'container-start'])(
    'is not %s, which a learner can cause',
    async (code) => {
      expect(troubleOf(new EngineError(code, 'why'))).toBeUndefined();
      // Unless nothing of the learner's was asked.
      await expect(untroubled(() => Promise.reject(new EngineError(code, '')))).rejects.toThrow(
        EngineTrouble,
      );
    },
  );

  it('is no bug', async () => {
    expect(troubleOf(new TypeError('bug'))).toBeUndefined();
    await expect(untroubled(() => Promise.reject(new TypeError('bug')))).rejects.toThrow(TypeError);
  });

  it('is a RUN where there is no machine; a COPY needs none', async () => {
    const engine = await embeddedEngine({ engine: emptyEngine() });
    const build = (text: string): ReturnType<Engine['build']> =>
      engine.build({ context: withFiles(new Map(), { Dockerfile: text }) });
    expect(await build('FROM scratch\nCOPY . /\n')).toMatchObject({ ok: true });
    await expect(build('FROM scratch\nRUN x\n')).rejects.toMatchObject({ code: 'no-engine' });
    await engine.close();
    await expect(build('FROM scratch\nCOPY . /\n')).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('what checks leave behind', () => {
  async function made(engine: Engine): Promise<Image> {
    const context = withFiles(new Map(), { Dockerfile: 'FROM box\nCMD ["sleep", "1000"]\n' });
    const outcome = await engine.build({ context });
    if (!outcome.ok) throw new Error(outcome.message);
    const started = await engine.run({ image: outcome.image });
    expect(started).toMatchObject({ started: true });
    return outcome.image;
  }

  it('is nothing, and the rest is as it was', async () => {
    const { engine: own, docker } = await containerEngine();
    await docker('create --name mine box');
    const engine = await embeddedEngine({ engine: own });
    const other = await embeddedEngine({ engine: own });
    await made(engine);
    const kept = await made(other);
    expect((await docker('ps -aq')).text.trim().split('\n')).toHaveLength(3);
    await engine.close();
    await engine.close();
    expect((await docker('ps -aq')).text.trim().split('\n')).toHaveLength(2);
    expect((await other.image(kept.id))?.id).toBe(kept.id);
    await other.close();
    expect((await docker('ps -a --format {{.Names}}')).text).toBe('mine\n');
    expect((await docker('images -aq')).text.trim().split('\n')).toHaveLength(1);
  });

  it('is taken away by the next engine when the process was killed', async () => {
    const { store, killHolders } = mortalStore();
    const killed = await containerEngine(store);
    await made(await embeddedEngine({ engine: killed.engine }));
    const next = await containerEngine(store);
    const alive = await embeddedEngine({ engine: next.engine });
    expect((await next.docker('ps -aq')).text).not.toBe('');
    await alive.close();
    killHolders();
    const after = await embeddedEngine({ engine: next.engine });
    expect((await next.docker('ps -aq')).text).toBe('');
    expect((await next.docker('images -aq')).text.trim().split('\n')).toHaveLength(1);
    await after.close();
  });
});
