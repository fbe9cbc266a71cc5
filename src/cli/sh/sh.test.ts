import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMachine, NO_MACHINE } from '../../testing/machine.ts';

/** As in src/machine/containers: an emulated machine on a busy computer. */
const PATIENCE = 180_000;

const bin = join(import.meta.dirname, '..', 'bin.mjs');
const root = await mkdtemp(join(tmpdir(), 'semdistro-sh-'));
const folder = join(root, 'work');
const env = { ...process.env, SEMDISTRO_HOME: join(root, 'home') };

beforeAll(async () => {
  await mkdir(folder);
  await writeFile(join(root, 'secret'), 'outside\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function semdistro(
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
  } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: options.cwd ?? folder,
      env: { ...env, ...options.env },
    });
    const text = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, ...text });
    });
    child.stdin.end(options.input ?? '');
  });
}

describe('wrong input is answered with a line that says what to do', () => {
  it.each([
    ['an option there is not', ['--nope'], 2, 'unknown option: --nope'],
    ['--dir without a folder', ['--dir'], 2, '--dir needs a folder'],
    ['-c without a script', ['-c'], 2, '-c needs a script'],
    ['a folder that is missing', ['--dir', 'gone'], 2, '--dir gone: no such file or directory'],
    ['a folder that is a file', ['--dir=../secret'], 2, '--dir ../secret: not a directory'],
    ['a script that is missing', ['gone.sh'], 127, 'gone.sh: no such file or directory'],
    ['a script that is a folder', ['.'], 126, '.: is a directory'],
  ])('%s', async (_, args, code, message) => {
    const ended = await semdistro(['sh', ...args]);
    expect(ended).toMatchObject({ out: '' });
    expect(ended.err.split('\n')[0]).toBe(`semdistro sh: ${message}`);
    expect(ended.code).toBe(code);
  });

  it('no machine yet', async () => {
    const none = { SEMDISTRO_CACHE: join(root, 'none') };
    expect(await semdistro(['sh', '-c', 'true'], { env: none })).toEqual({
      code: 125,
      out: '',
      err:
        'semdistro sh: the machine that runs processes was not made yet\n' +
        'Make it with `npm start`, or `semdistro machine build`.\n',
    });
  });

  it('and --help explains', async () => {
    expect(await semdistro(['sh', '--help'])).toMatchObject({ code: 0, err: '' });
  });
});

describe.skipIf(!hasMachine)(`semdistro sh (${NO_MACHINE})`, { timeout: PATIENCE }, () => {
  it('runs a script with its streams apart, its arguments, and its exit code', async () => {
    const script = 'pwd; cat; echo "$0 $1"; echo err >&2; exit 5';
    expect(await semdistro(['sh', '-c', script, 'zero', '-x'], { input: 'in\n' })).toEqual({
      ...{ code: 5, err: 'err\n' },
      out: '/workspace\nin\nzero -x\n',
    });
  });

  it('runs a script from a file, wherever it is', async () => {
    await writeFile(join(root, 'script.sh'), 'echo "$1"; test -t 0 || echo no terminal\n');
    const ended = await semdistro(['sh', '--dir', folder, join(root, 'script.sh'), 'argument']);
    expect(ended).toEqual({ code: 0, err: '', out: 'argument\nno terminal\n' });
    await writeFile(join(folder, 'named.sh'), 'echo "$0"\n');
    expect(await semdistro(['sh', 'named.sh'])).toEqual({ code: 0, err: '', out: 'named.sh\n' });
  });

  it('reads commands from its input', async () => {
    const ended = await semdistro(['sh'], { input: 'echo one\nexit 3\n' });
    expect(ended).toMatchObject({ code: 3, out: 'one\n' });
  });

  it('has the folder live at /workspace, and nothing else of the host', async () => {
    await writeFile(join(folder, 'from-host'), 'host\n');
    await symlink(join(root, 'secret'), join(folder, 'out'));
    await symlink('..', join(folder, 'up'));
    const script = `cat from-host; echo guest >from-guest; chmod 600 from-guest
      cat out up/secret 2>&1; ls up | grep -c semdistro; mkdir -p d/e; mv from-guest d/e/moved; ln -s d/e link; cat link/moved`;
    const { out, code } = await semdistro(['sh', '-c', script]);
    expect([code, ...out.split('\n')]).toEqual([
      ...[0, 'host'],
      `cat: out: No such file or directory`,
      `cat: up/secret: No such file or directory`,
      ...['0', 'guest', ''],
    ]);
    expect(await readFile(join(folder, 'd/e/moved'), 'utf8')).toBe('guest\n');
    expect(await readFile(join(root, 'secret'), 'utf8')).toBe('outside\n');
  });

  it('bridges docker: files of the workspace and of the guest, pipes, exit codes', async () => {
    await writeFile(
      join(folder, 'Dockerfile'),
      'FROM busybox\nRUN echo built >/made\nCOPY data /\n',
    );
    await writeFile(join(folder, 'data'), 'data\n');
    await chmod(join(folder, 'data'), 0o644);
    const script = `set -e
      docker build -q -t app . >/dev/null
      docker run --rm -v ./:/w app cat /made /data /w/data
      mkdir /tmp/elsewhere && cd /tmp/elsewhere && printf 'FROM app\\nCOPY x /\\n' >Dockerfile && echo x >x
      docker build -q . >/dev/null && docker run --rm -i app cat </workspace/data | tr a-z A-Z
      docker save app -o /tmp/app.tar && tar -tf /tmp/app.tar | grep -c manifest.json
      set +e; docker run --rm app sh -c 'exit 9'; echo $?
      docker run --rm app nope 2>/dev/null; echo $?; docker run --rm -it app true 2>&1; echo $?`;
    const { out } = await semdistro(['sh', '-c', script]);
    expect(out.split('\n')).toEqual([
      ...['built', 'data', 'data', 'DATA', '1', '9', '127'],
      'the input device is not a TTY',
      ...['1', ''],
    ]);
  });

  it('keeps images for the next one; two at a time are safe, a container is its shell’s', async () => {
    const first = semdistro(['sh', '-c', 'docker run -d --name mine busybox sleep 1000; read x'], {
      input: '',
    });
    const other = semdistro(['sh', '-c', 'docker run --rm busybox echo other']);
    expect(await first).toMatchObject({ code: 1 });
    expect(await other).toMatchObject({ code: 0, out: 'other\n' });
    const after = await semdistro(['docker', 'ps', '-a', '--format', '{{.Names}} {{.State}}']);
    expect(after).toMatchObject({ code: 0, out: 'mine exited\n' });
  });
});

describe.skipIf(!hasMachine)(`semdistro docker (${NO_MACHINE})`, { timeout: PATIENCE }, () => {
  it('runs one container with the host’s folder, and its exit code is the command’s', async () => {
    const script = 'cat /w/data; echo hi >/w/written; exit 6';
    const args = ['docker', 'run', '--rm', '-v', './:/w', 'busybox', 'sh', '-c', script];
    expect(await semdistro(args)).toMatchObject({ code: 6, out: 'data\n' });
    expect(await readFile(join(folder, 'written'), 'utf8')).toBe('hi\n');
  });

  it('needs no machine where no process is wanted', async () => {
    const none = { SEMDISTRO_CACHE: join(root, 'none') };
    expect(await semdistro(['docker', 'ps'], { env: none })).toMatchObject({ code: 0 });
    expect(
      await semdistro(['docker', 'run', '--rm', 'busybox', 'true'], { env: none }),
    ).toMatchObject({
      code: 125,
    });
  });
});
