import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineStep } from './machine.mjs';
import { packagesInstalled } from './packages.mjs';
import { pantryStep } from './pantry.mjs';
import { pinnedNode, repository } from './paths.mjs';

/** A repository with the real set-up, one package in its lock file, and a stand-in for npm. */
let root: string;
let calls: string;

const lock = (version: string): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { node: version } },
      'node_modules/node': { version, integrity: 'sha512-x' },
      'node_modules/other-system': { version: '1.0.0', optional: true },
    },
  });

/** The script that stands for npm; what it does when called is given as shell. */
function fakeNpm(body: string): void {
  const file = join(root, 'fake', 'npm');
  writeFileSync(file, `#!/bin/sh\necho "$@" >> ${calls}\n${body}\n`);
  chmodSync(file, 0o755);
}

/** What a successful `npm ci` leaves: the hidden lock file, written last, and a Node that answers. */
const success = `
mkdir -p node_modules/node/bin
printf '#!/bin/sh\\necho v24.0.0\\n' > node_modules/node/bin/node
chmod +x node_modules/node/bin/node
cp package-lock.json node_modules/.package-lock.json`;

const isRoot = process.getuid?.() === 0;
const needsRoot = 'mounting a filesystem for a test needs root';

/** What runs a command with a mount that nobody else sees and that goes with it. */
const mounted = (mount: string): readonly string[] => [
  ...['unshare', '-m', 'sh', '-c', `${mount}; exec "$@"`, 'sh'],
];

const environment = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: `${join(root, 'fake')}${delimiter}${process.env['PATH'] ?? ''}`,
  HOME: root,
  LANG: 'C',
  ...extra,
});

function setUp(extra: NodeJS.ProcessEnv = {}, inside: readonly string[] = []) {
  const script = join(root, 'src', 'setup', 'setup.mjs');
  const [program, ...args] = [...inside, process.execPath, script, '--no-images'];
  return spawnSync(program, args, { encoding: 'utf8', env: environment(extra) });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-'));
  calls = join(root, 'fake', 'calls');
  mkdirSync(join(root, 'fake'));
  cpSync(join(repository, 'src', 'setup'), join(root, 'src', 'setup'), { recursive: true });
  const dependencies = { node: '24.0.0' };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  writeFileSync(join(root, 'package-lock.json'), lock('24.0.0'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('the set-up of a bare checkout', () => {
  it('installs the packages once and is silent when all is done', () => {
    fakeNpm(success);
    expect(setUp()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(calls, 'utf8')).toMatch(/^ci /);
    expect(setUp()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('installs again when the lock file changed', () => {
    fakeNpm(success);
    setUp();
    writeFileSync(join(root, 'package-lock.json'), lock('24.0.1'));
    expect(packagesInstalled(root)).toBe(false);
  });

  it('installs again after an npm that was cut off', () => {
    fakeNpm('mkdir -p node_modules/node; exit 1');
    expect(setUp().status).toBe(1);
    fakeNpm(success);
    expect(setUp().status).toBe(0);
  });

  it('runs the install script of the pinned Node where npm did not', () => {
    fakeNpm(`${success}
rm node_modules/node/bin/node
cat > node_modules/node/installArchSpecificPackage.js <<'END'
require('fs').writeFileSync('bin/node', '#!/bin/sh\\necho v24.0.0\\n', { mode: 0o755 });
END`);
    expect(setUp()).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(pinnedNode(root))).toBe(true);
    expect(existsSync(join(root, 'node_modules', '.bin', 'node'))).toBe(true);
  });

  it('fails when npm says it is done and nothing is there', () => {
    fakeNpm('echo all fine');
    const { status, stderr } = setUp();
    expect(status).toBe(1);
    expect(stderr).toContain('all fine');
  });
});

describe('one clear message', () => {
  const first = 'Installing the packages of package-lock.json: failed.\n';

  it('without network, from the real npm', () => {
    const real = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' };
    const { status, stderr } = setUp({ ...real, npm_config_cache: join(root, 'cache') });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        /^.*failed\.\nThere seems to be no network: .*goes on where it stopped\.\n$/s,
      ) as string,
    });
  }, 60_000);

  it('on a full disk (a tiny tmpfs)', ({ skip }) => {
    skip(!isRoot, needsRoot);
    fakeNpm('head -c 1000000 /dev/zero > node_modules/x');
    const { status, stderr } = setUp(
      {},
      mounted(`mkdir ${root}/node_modules; mount -t tmpfs -o size=64k x ${root}/node_modules`),
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^.*failed\.\nThe disk is full\. .*\n$/);
  });

  it('where it may not write, with the path', () => {
    fakeNpm(`echo "npm error code EACCES"; echo "npm error path ${root}/node_modules"; exit 243`);
    const { status, stderr } = setUp();
    expect(status).toBe(1);
    expect(stderr).toBe(
      `${first}No permission to write ${root}/node_modules. Give your user that folder, or clone the repository where you may write, and run the same command again.\n`,
    );
  });

  it('on a read-only filesystem', ({ skip }) => {
    skip(!isRoot, needsRoot);
    calls = '/dev/null';
    fakeNpm('mkdir node_modules');
    const readOnly = `mount --bind ${root} ${root} && mount -o remount,bind,ro ${root}`;
    const { status, stderr } = setUp({}, mounted(readOnly));
    expect(status).toBe(1);
    expect(stderr).toContain(`${first}No permission to write `);
  });

  it('in Brazilian Portuguese for those who read it', () => {
    fakeNpm('echo "npm error code ENOSPC"; exit 1');
    expect(setUp({ LANG: 'pt_BR.UTF-8' }).stderr).toContain('O disco está cheio.');
    expect(setUp({ LANG: 'pt_BR.UTF-8', LC_ALL: 'C' }).stderr).toContain('The disk is full.');
  });

  it('of an unknown trouble: what the program said', () => {
    fakeNpm('echo "the moon is in the wrong place"; exit 1');
    expect(setUp().stderr).toContain(`${first}the moon is in the wrong place\n`);
  });
});

describe('the command before the set-up', () => {
  it.each([
    ['C', /is not set up yet\. Run `npm start` in .*setup-/],
    ['pt_BR.UTF-8', /ainda não está preparado\. Rode `npm start` em .*setup-/],
  ])('says what to do (%s)', (LANG, message) => {
    cpSync(join(repository, 'src', 'cli', 'bin.mjs'), join(root, 'src', 'cli', 'bin.mjs'));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'src', 'cli', 'bin.mjs'), 'docker', 'images'],
      { encoding: 'utf8', env: environment({ LANG }) },
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('an interruption', () => {
  it('ends the step with the signal, says how to go on, and the next run does', async () => {
    fakeNpm(`touch ${root}/started; exec sleep 60`);
    const script = join(root, 'src', 'setup', 'setup.mjs');
    const child = spawn(process.execPath, [script, '--no-images'], { env: environment() });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await expect.poll(() => existsSync(join(root, 'started')), { timeout: 10_000 }).toBe(true);
    child.kill('SIGTERM');
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(143);
    expect(said).toContain('Interrupted. Run the same command again');
    fakeNpm(success);
    expect(setUp().status).toBe(0);
  });
});

describe('the base images', () => {
  const pantryCalls = (): string => readFileSync(join(root, 'built'), 'utf8');

  beforeEach(() => {
    mkdirSync(join(root, 'src', 'pantry'), { recursive: true });
    writeFileSync(join(root, 'src', 'pantry', 'recipe.yaml'), 'a');
    mkdirSync(join(root, 'node_modules', 'node', 'bin'), { recursive: true });
    writeFileSync(
      pinnedNode(root),
      `#!/bin/sh\necho "$@" >> ${root}/built\nmkdir -p ${root}/.cache/pantry\nexit $CODE\n`,
      { mode: 0o755 },
    );
  });

  it('are built for the machine of the page, once for the same recipes', async () => {
    const step = pantryStep(root, { ...process.env, CODE: '0' });
    expect(await step.isDone()).toBe(false);
    await step.work();
    expect(pantryCalls()).toContain('main.ts pantry build --platform linux/386\n');
    expect(await step.isDone()).toBe(true);
    writeFileSync(join(root, 'src', 'pantry', 'recipe.yaml'), 'b');
    expect(await step.isDone()).toBe(false);
  });

  it('are built again when their folder is gone, or when building failed', async () => {
    const step = pantryStep(root, { ...process.env, CODE: '0' });
    await step.work();
    rmSync(join(root, '.cache', 'pantry'), { recursive: true });
    expect(await step.isDone()).toBe(false);
    const failing = pantryStep(root, { ...process.env, CODE: '3' });
    rmSync(join(root, '.cache'), { recursive: true });
    expect(await failing.work()).toMatchObject({ code: 3 });
    expect(await failing.isDone()).toBe(false);
  });
});

describe('the machine', () => {
  const record = (): string => join(root, '.cache', 'machine', 'machine.json');

  beforeEach(() => {
    mkdirSync(join(root, 'src', 'machine', 'guest'), { recursive: true });
    writeFileSync(join(root, 'src', 'machine', 'guest', 'agent.c'), 'a');
    mkdirSync(join(root, 'node_modules', 'node', 'bin'), { recursive: true });
    const folder = join(root, '.cache', 'machine');
    writeFileSync(
      pinnedNode(root),
      `#!/bin/sh\necho "$@" >> ${root}/built\nmkdir -p ${folder}\nprintf abc > ${folder}/0.state.zst\necho '{"snapshot":"0.state.zst","size":3}' > ${folder}/machine.json\nexit $CODE\n`,
      { mode: 0o755 },
    );
  });

  it('is booted once for the same sources', async () => {
    const step = machineStep(root, { ...process.env, CODE: '0' });
    expect(await step.isDone()).toBe(false);
    await step.work();
    expect(readFileSync(join(root, 'built'), 'utf8')).toContain('main.ts machine build\n');
    expect(await step.isDone()).toBe(true);
    writeFileSync(join(root, 'src', 'machine', 'guest', 'agent.c'), 'b');
    expect(await step.isDone()).toBe(false);
  });

  it.each([
    [
      'its record is gone',
      () => {
        rmSync(record());
      },
    ],
    [
      'its snapshot is cut off',
      () => {
        writeFileSync(join(root, '.cache', 'machine', '0.state.zst'), 'ab');
      },
    ],
  ])('is booted again when %s', async (_, harm) => {
    const step = machineStep(root, { ...process.env, CODE: '0' });
    await step.work();
    expect(await step.isDone()).toBe(true);
    harm();
    expect(await step.isDone()).toBe(false);
  });

  it('is not done when booting failed', async () => {
    const failing = machineStep(root, { ...process.env, CODE: '3' });
    expect(await failing.work()).toMatchObject({ code: 3 });
    expect(await failing.isDone()).toBe(false);
  });
});
