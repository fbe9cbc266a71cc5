import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasMachine, NO_MACHINE } from '../src/testing/machine.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import type { MachineServer } from './machine-server.ts';
import { type BrowserMachine, openBrowserMachine, openMachineSite } from './machine-site.ts';

/**
 * The machine as a page has it: in a module worker, without a server that does more than serve
 * files, without headers for shared memory, under a content security policy.
 */
const program = findChromium();
const reason = !hasMachine ? NO_MACHINE : program === undefined ? NO_CHROMIUM : undefined;

let server: MachineServer;
let browser: Browser;
let machine: BrowserMachine;

beforeAll(async () => {
  if (reason !== undefined || program === undefined) return;
  [server, browser] = await Promise.all([openMachineSite(), launchChromium(program)]);
  machine = await openBrowserMachine(await browser.newContext(), server);
}, 120_000);

afterAll(async () => {
  if (reason !== undefined) return;
  await browser.close();
  await server.close();
}, 60_000);

describe('the machine in a worker of a browser', () => {
  test('starts without shared memory, and leaves no global behind', ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    expect(machine.started).toMatchObject({ isolated: false, globals: [] });
  });

  test('fetches no more than it reads', ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const total = [...server.sent.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(total).toBeLessThan(12_000_000);
  });

  test('runs scripts', { timeout: 60_000 }, async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const script = 'uname -s; echo $((6*7)) | tee /tmp/a; cat /tmp/a >&2; exit 7';
    const { code, output } = await machine.ask({ kind: 'sh', script });
    expect(code).toBe(7);
    expect(output.split('\n').sort()).toEqual(['', '42', '42', 'Linux']);
  });

  test(
    'has a shell on a terminal that answers what is typed',
    { timeout: 60_000 },
    async ({ skip }) => {
      if (reason !== undefined) return skip(reason);
      const { code, output } = await machine.ask({
        kind: 'type',
        argv: ['/bin/bash', '--norc', '-i'],
        // `exec`: bash that is interrupted just before it forks does not end, here or elsewhere.
        typed: [
          { after: '# ', text: 'stty size\r' },
          { after: '24 80', text: 'sh -c "echo st\'\'arted; exec sleep 99"\r' },
          { after: 'started', text: '\u0003' },
          { after: '# ', text: 'echo $((6*7))\r' },
          { after: '42', text: 'exit 3\r' },
        ],
      });
      expect({ code, output }).toMatchObject({
        code: 3,
        output: expect.stringContaining('^C') as string,
      });
    },
  );

  test('runs containers', { timeout: 120_000 }, async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const image = 'gcr.io/distroless/static-debian13:debug';
    const script = ['-c', 'id -u; cat /etc/os-release | head -1; echo problem >&2; exit 9'];
    const args = ['run', '--rm', '--pull=missing', '-u', '65532', image, ...script];
    const { code, stdout, stderr } = await machine.ask({ kind: 'docker', args });
    expect(stdout).toBe('65532\nPRETTY_NAME="Distroless"\n');
    expect(stderr).toContain('problem\n');
    expect(code).toBe(9);
  });

  test('runs the steps of a build', { timeout: 120_000 }, async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const stdin = 'FROM busybox\nRUN echo built >/made && ls -l /made\n';
    const build = ['build', '--progress=plain', '-t', 'made', '-'];
    const built = await machine.ask({ kind: 'docker', args: build, stdin });
    expect(built.stderr).toMatch(/-rw-r--r-- +1 root +root +6 .* \/made/);
    expect(built.code).toBe(0);
    const ran = await machine.ask({
      kind: 'docker',
      args: ['run', '--rm', 'made', 'cat', '/made'],
    });
    expect(ran).toMatchObject({ code: 0, stdout: 'built\n' });
  });

  test(
    'loses nothing that was reported done when the tab is closed, and fetches nothing twice',
    { timeout: 120_000 },
    async ({ skip }) => {
      if (reason !== undefined) return skip(reason);
      const [context] = browser.contexts();
      if (!context) throw new Error('the browser has no context');
      const page = await openBrowserMachine(context, server, 'closed');
      const say = (...args: readonly string[]) => page.ask({ kind: 'docker', args });
      const started = await say(
        ...['run', '-d', '--name', 'kept', 'busybox'],
        ...['sh', '-c', 'echo kept >/file; sleep 1000'],
      );
      expect(started).toMatchObject({ code: 0 });
      await expect
        .poll(async () => (await say('exec', 'kept', 'cat', '/file')).stdout, { timeout: 30_000 })
        .toBe('kept\n');
      expect(await say('commit', 'kept', 'kept')).toMatchObject({ code: 0 });
      await page.close();

      server.forget();
      const again = await openBrowserMachine(context, server, 'closed');
      const ask = async (...args: readonly string[]) =>
        (await again.ask({ kind: 'docker', args })).stdout;
      expect(await ask('ps', '-a', '--format', '{{.Names}} {{.Status}}')).toMatch(
        /^kept Exited \(137\)/,
      );
      expect(await ask('run', '--rm', 'kept', 'cat', '/file')).toBe('kept\n');
      const large = [...server.sent].filter(([path]) => /blobs|state\.zst/.test(path));
      expect(large.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThan(1_000_000);
      await again.close();
    },
  );

  test('has nothing to complain about', ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    expect(machine.said).toEqual([]);
  });

  test('stops, and a page can start another', { timeout: 120_000 }, async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await machine.ask({ kind: 'stop' });
    await expect(machine.ask({ kind: 'sh', script: 'true' })).rejects.toThrow('was closed');
    await machine.close();
    const [context] = browser.contexts();
    if (!context) throw new Error('the browser has no context');
    const next = await openBrowserMachine(context, server);
    expect(await next.ask({ kind: 'sh', script: 'echo again' })).toMatchObject({
      output: 'again\n',
    });
    await next.close();
  });
});
