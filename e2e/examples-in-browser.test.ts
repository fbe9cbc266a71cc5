import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostFiles } from '../src/cli/host-files.ts';
import { exampleFolder } from '../src/testing/examples.ts';
import { hasMachine, NO_MACHINE } from '../src/testing/machine.ts';
import { findChromium, launchChromium, NO_CHROMIUM } from './chromium.ts';
import type { MachineServer } from './machine-server.ts';
import { type BrowserMachine, openBrowserMachine, openMachineSite } from './machine-site.ts';
import { toWire } from './wire-entry.ts';

/** Examples that the machine runs under Node too, here in a tab. Minutes. */
const program = findChromium();
const reason = !hasMachine ? NO_MACHINE : program === undefined ? NO_CHROMIUM : undefined;
const PATIENCE = 900_000;

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

describe('examples in a tab', { timeout: PATIENCE }, () => {
  test.for([
    { name: 'go-static', why: 'Go on static', run: [], out: 'Hello, Distroless World!\n' },
    {
      name: 'python-flask',
      why: 'Python with Flask on python3',
      run: ['-c', "from app import app; print(app.test_client().get('/').text, end='')"],
      entrypoint: 'python',
      out: 'hello from markupsafe._speedups\n',
    },
  ])('$why', async ({ name, run, entrypoint, out }, { skip }) => {
    if (reason !== undefined) return skip(reason);
    const { tree } = await hostFiles(exampleFolder(name)).context('.');
    await machine.ask({ kind: 'folder', path: `/${name}`, entries: await toWire(tree) });
    const build = ['build', '--progress=plain', '-t', name, `/${name}`];
    const built = await machine.ask({ kind: 'docker', args: build });
    expect(built.code, built.stderr).toBe(0);
    const entry = entrypoint === undefined ? [] : ['--entrypoint', entrypoint];
    const args = ['run', '--rm', ...entry, name, ...run];
    expect(await machine.ask({ kind: 'docker', args })).toMatchObject({ code: 0, stdout: out });
  });

  test('the shell of a debug image answers what is typed', async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    const ended = await machine.ask({
      kind: 'docker-typed',
      // Not `base:debug sh`: its entrypoint is the shell already, and would take `sh` for a script.
      args: ['run', '--rm', '-it', '--entrypoint=sh', 'gcr.io/distroless/base:debug'],
      typed: [
        { after: '# ', text: 'stty size; echo $((6*7))\r' },
        { after: '24 80\r\n42\r\n', text: 'exit 3\r' },
      ],
    });
    expect(ended).toMatchObject({ code: 3 });
  });
});
