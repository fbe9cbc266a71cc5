import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasMachine, NO_MACHINE } from '../src/testing/machine.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import type { MachineServer } from './machine-server.ts';
import { openTab, openWorkbenchSite, type WorkbenchTab } from './workbench-site.ts';

/** The workbench as a page has it: engine, machine and checks in its worker, everything kept in the browser. */
const program = findChromium();
const reason = !hasMachine ? NO_MACHINE : program === undefined ? NO_CHROMIUM : undefined;

let server: MachineServer;
let browser: Browser;
let tab: WorkbenchTab;

beforeAll(async () => {
  if (reason !== undefined || program === undefined) return;
  [server, browser] = await Promise.all([openWorkbenchSite(), launchChromium(program)]);
  tab = await openTab(await browser.newContext(), server);
}, 180_000);

afterAll(async () => {
  if (reason !== undefined) return;
  await browser.close();
  await server.close();
}, 60_000);

describe('the workbench', { timeout: 300_000 }, () => {
  test('starts, and says honestly what it does', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.run('workbench.start()');
    const states =
      await tab.run<readonly { kind: string; stage?: string; bytes?: number }[]>('states');
    const stages = states.map(({ kind, stage }) => stage ?? kind);
    expect([...new Set(stages)]).toEqual(['code', 'loading', 'restoring', 'files', 'running']);
    const bytes = states.flatMap((state) => (state.stage === 'loading' ? [state.bytes ?? 0] : []));
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(bytes.at(-1)).toBeGreaterThan(5_000_000);
  });

  test('opens a lab, whose files are the workspace', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const lab = await tab.run<object>(`workbench.openLab('livre')`);
    expect(lab).toMatchObject({ slug: 'livre', passed: false, nonce: {} });
    const files = await tab.run<readonly { path: string }[]>('workbench.files.list()');
    expect(files.map(({ path }) => path)).toContain('Dockerfile');
  });

  test('has a terminal in which docker builds the lab', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.openTerminal();
    await tab.type('pwd; ls\r', 'Dockerfile');
    const shown = await tab.type(
      'docker build -q -t app . && docker images --format "is {{.Repository}}"\r',
      'is app',
    );
    expect(shown).toContain('sha256:');
    await tab.until(`changes.some(({ kind }) => kind === 'images')`);
    const images =
      await tab.run<readonly { names: readonly string[] }[]>('workbench.images.list()');
    expect(images.flatMap(({ names }) => names)).toContain('app:latest');
  });

  test('shows in the page what the terminal changes, and the other way round', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.run('changes.splice(0)');
    await tab.type('echo from-guest >note; echo wr""itten\r', 'written');
    await tab.until(`changes.some(({ paths }) => paths?.includes('note'))`);
    expect(await tab.run(`workbench.files.read('note')`)).toEqual({
      ...{ path: 'note', kind: 'file', size: 11, text: 'from-guest\n' },
    });
    await tab.run(`workbench.files.write('note', 'from-page\\n')`);
    await tab.type('cat note\r', 'from-page');
    await tab.run(`workbench.files.rename('note', 'dir/moved')`);
    await tab.type('cat dir/moved; ls note\r', 'No such file');
    await tab.run(`workbench.files.remove('dir')`);
  });

  test('resizes and ends a shell', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.run('terminals[0].session.resize(120, 40)');
    await tab.type('stty size\r', '40 120');
    await tab.openTerminal();
    await tab.run(`terminals.at(-1).session.write('exit 3\\r')`);
    await tab.until('terminals.at(-1).code === 3');
    await tab.run('void terminals.pop()');
  });

  test('tells which image has which layers, files and packages', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const image = await tab.run<{
      layers: readonly { sharedWith: readonly string[] }[];
      config: object;
      packages: readonly { name: string }[];
      history: readonly { createdBy: string }[];
    }>(`workbench.images.open('app')`);
    expect(image.layers.length).toBeGreaterThan(0);
    expect(image.config).toMatchObject({ Cmd: ['app.py'], WorkingDir: '/app' });
    expect(image.packages.map(({ name }) => name)).toContain('libc6');
    const files = await tab.run<readonly { path: string }[]>(`workbench.images.files('app', '')`);
    expect(files.length).toBeGreaterThan(10);
    const top = image.layers.length - 1;
    const own = await tab.run<readonly object[]>(`workbench.images.files('app', '', ${top})`);
    expect(own.length).toBeGreaterThan(0);
    const diff = await tab.run<object>(`workbench.images.diff('app', 'app')`);
    expect(diff).toMatchObject({ identical: true });
    expect(await tab.run(`failure(workbench.images.open('gone'))`)).toMatchObject({
      code: 'image-unknown',
    });
  });

  test('checks a lab, which fails, and passes when it is right', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const { nonce } = await tab.run<{ nonce: object }>(`workbench.openLab('tabela-medida')`);
    expect(Object.keys(nonce)).toEqual(['usuario']);
    expect(await tab.run(`failure(workbench.solution(false))`)).toMatchObject({
      code: 'not-passed',
    });
    const check = `workbench.check({
      onStart: (id) => told.push('start ' + id),
      onResult: ({ id, status }) => told.push(status + ' ' + id),
    })`;
    await tab.run('void (globalThis.told = [])');
    const failed = await tab.run<Report>(check);
    expect(failed.status).toBe('fail');
    expect(failed.checks[0]).toMatchObject({ id: 'date', status: 'fail' });
    const told = await tab.run<readonly string[]>('told');
    expect(told.slice(0, 2)).toEqual(['start date', 'fail date']);

    await tab.run(`workbench.solution(true).then(async (files) => {
      for (const { path, text } of files) await workbench.files.write(path, text);
    })`);
    const passed = await tab.run<Report>(check);
    expect(passed).toMatchObject({ status: 'pass' });
    // What checks make goes with them, and is not shown.
    const images =
      await tab.run<readonly { names: readonly string[] }[]>('workbench.images.list()');
    expect(images.flatMap(({ names }) => names)).not.toContain(
      expect.stringContaining('semdistro') as string,
    );
    const { labs } = await tab.run<Progress>('workbench.progress.read()');
    expect(labs['tabela-medida']?.state).toBe('passed');
    expect(labs['livre']?.state).toBe('started');
    expect(await tab.run(`failure(workbench.solution(false))`)).toBeUndefined();
  });

  test('stops a check that is not wanted any more', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const failure = await tab.run(`(() => {
      const stop = new AbortController();
      return failure(workbench.check({ signal: stop.signal, onStart: () => stop.abort() }));
    })()`);
    expect(failure).toMatchObject({ code: 'interrupted' });
  });

  test('puts one file back, or all of it with other random values', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const read = (path: string) =>
      tab.run<{ text: string }>(`workbench.files.read('${path}')`).then(({ text }) => text);
    const before = await read('Dockerfile');
    await tab.run(`workbench.files.write('Dockerfile', 'FROM scratch')`);
    await tab.run(`workbench.reset({ kind: 'file', path: 'Dockerfile' })`);
    expect(await read('Dockerfile')).toBe(before);
    expect(await read('tabela.txt')).toMatch(/^data: *\d{4}/m);
    await tab.run(`workbench.reset({ kind: 'lab' })`);
    expect(await read('tabela.txt')).toMatch(/^data:$/m);
    // Still passed: what was once done was done.
    expect(await tab.run(`workbench.openLab('tabela-medida')`)).toMatchObject({ passed: true });
    await tab.type('echo rows $(grep -c ^data:$ tabela.txt)\r', 'rows 1');
  });

  test('keeps files and images over a reload in the middle', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.run(`workbench.openLab('livre')`);
    await tab.type('cd /workspace; mkdir -p deep; echo kept >deep/file; echo ma""de\r', 'made');
    await tab.until(`changes.some(({ paths }) => paths?.includes('deep/file'))`);
    await tab.run(`workbench.files.write('last', 'written')`);
    await tab.page.reload();
    await tab.run('workbench.start()');
    await tab.run(`workbench.openLab('livre')`);
    expect(await tab.run(`workbench.files.read('deep/file')`)).toMatchObject({ text: 'kept\n' });
    expect(await tab.run(`workbench.files.read('last')`)).toMatchObject({ text: 'written' });
    await tab.openTerminal();
    await tab.type(
      'cat deep/file; docker run --rm --entrypoint python3 app -c "print(6*7)"\r',
      '42',
    );
  });

  test('after a crash says so, and starts again with everything that was kept', async ({
    skip,
  }) => {
    if (reason !== undefined) return skip(reason);
    await tab.type('docker run -d --name mine busybox sleep 1000\r', '#');
    await tab.run(`terminals.at(-1).session.write('echo c >/proc/sysrq-trigger\\r')`);
    await tab.until(`workbench.state.kind === 'failed'`);
    expect(await tab.run('workbench.state')).toMatchObject({ error: { code: 'machine-crashed' } });
    await tab.until('terminals.at(-1).code === 137');
    expect(await tab.run('failure(workbench.check())')).toMatchObject({ code: 'not-running' });
    await tab.run('workbench.start()');
    expect(await tab.run('workbench.state')).toMatchObject({ kind: 'running' });
    await tab.openTerminal();
    await tab.type('cat deep/file; docker images -q app | wc -l; docker ps -a\r', 'mine');
  });

  test('is in one tab at a time, and goes where it is taken', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const other = await openTab(tab.page.context(), server);
    expect(await other.run('failure(workbench.start())')).toMatchObject({ code: 'elsewhere' });
    expect(await other.run('workbench.state')).toEqual({ kind: 'elsewhere' });
    expect(await other.run(`failure(workbench.openLab('livre'))`)).toMatchObject({
      code: 'elsewhere',
    });
    await tab.run(`workbench.files.write('from', 'the first tab')`);

    await other.run('workbench.takeOver()');
    expect(await other.run('workbench.state')).toMatchObject({ kind: 'running' });
    await tab.until(`workbench.state.kind === 'elsewhere'`);
    expect(await tab.run(`failure(workbench.files.write('a', 'b'))`)).toMatchObject({
      code: 'elsewhere',
    });
    // The lab that was asked for is open there now, with what the first tab left.
    expect(await other.run(`workbench.files.read('from')`)).toMatchObject({
      text: 'the first tab',
    });

    await tab.run('workbench.takeOver()');
    await other.until(`workbench.state.kind === 'elsewhere'`);
    expect(await tab.run(`workbench.files.read('from')`)).toMatchObject({ text: 'the first tab' });
    await other.page.close();
  });

  test('says when an image is damaged or cannot be had, and goes on when it can', async ({
    skip,
  }) => {
    if (reason !== undefined) return skip(reason);
    const context = tab.page.context();
    const blobs = /\/pantry\/blobs\//;
    await tab.openTerminal();
    const build = `printf 'FROM node:24-trixie-slim\\nCOPY last /\\n' | docker build -q -f - . ; echo co""de $?\r`;
    await context.route(blobs, async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      body.writeUInt8(body.readUInt8(body.length >> 1) ^ 0xff, body.length >> 1);
      await route.fulfill({ response, body });
    });
    expect(await tab.type(build, 'code 1')).toMatch(/does not hold what|damaged on its way/);
    await context.unroute(blobs);
    await context.route(blobs, (route) => route.abort());
    // Nothing of what came damaged is kept: it is asked for again, and cannot be had.
    expect(await tab.type(build, 'code 1')).toContain('no answer');
    await context.unroute(blobs);
    expect(await tab.type(build, 'code 0')).toContain('sha256:');
  });

  test('empties the store, and keeps the files', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.run(`workbench.reset({ kind: 'store' })`);
    expect(await tab.run('workbench.images.list()')).toEqual([]);
    await tab.type('docker ps -aq | wc -l\r', '0');
    expect(await tab.run(`workbench.files.read('last')`)).toMatchObject({ text: 'written' });
  });

  test('restarts the machine', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.run(`workbench.reset({ kind: 'machine' })`);
    expect(await tab.run('workbench.state')).toMatchObject({ kind: 'running' });
    await tab.until('terminals.at(-1).code === 137');
  });

  test('tells which host was looked for', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.openTerminal();
    await tab.type('curl http://example.org; echo en""ded\r', 'ended');
    await tab.until(
      `changes.some(({ kind, name }) => kind === 'lookup' && name === 'example.org')`,
    );
  });

  test('gives everything as a zip file, and its progress as text', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const zip = await tab.run<Record<string, number>>('workbench.files.zip()');
    expect([zip['0'], zip['1']]).toEqual([0x50, 0x4b]);
    const text = await tab.run<string>('workbench.progress.export()');
    const fresh = await openTab(await browser.newContext(), server);
    const progress = await fresh.run<Progress>(
      `workbench.progress.import(${JSON.stringify(text)})`,
    );
    expect(progress.labs['tabela-medida']?.state).toBe('passed');
    await fresh.page.close();
  });

  test('ends, and has nothing to complain about', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await tab.run('workbench.close()');
    expect(await tab.run('workbench.state')).toEqual({ kind: 'off' });
    expect(tab.said.filter((line) => !/net::|Failed to load resource/.test(line))).toEqual([]);
  });
});

interface Report {
  readonly status: string;
  readonly checks: readonly object[];
}

interface Progress {
  readonly labs: Readonly<Record<string, { readonly state: string }>>;
}
