import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hostWorkspace } from '../../cli/workspace/host-workspace.ts';
import { hasMachine, newMachine, NO_MACHINE, pantryEngine } from '../../testing/machine.ts';
import { runDocker } from '../../testing/session.ts';
import { stopAllContainers } from '../containers/shutdown.ts';
import type { Engine } from '../engine.ts';
import { entriesOfTar } from '../layer/from-tar.ts';
import { contentOf } from '../layer/content.ts';

// Every way into a container that has no shell, for real, in the order in which lessons 11 and 12
// teach them: from what needs nothing of it to what changes it.
const PYTHON = 'gcr.io/distroless/python3-debian13';
const NONROOT = `${PYTHON}:nonroot`;

/** Says that it is up, and serves /tmp to itself alone. */
const SERVER = [
  'import http.server as h, os',
  "open('/tmp/nonce', 'w').write('secret\\n')",
  "os.chdir('/tmp')",
  "server = h.HTTPServer(('127.0.0.1', 5000), h.SimpleHTTPRequestHandler)",
  "print('up', flush=True)",
  'server.serve_forever()',
].join('; ');

const SLEEPER = "open('/tmp/nonce', 'w').write('secret\\n'); import time; time.sleep(10000)";

describe.skipIf(!hasMachine)(
  `debugging without a shell (${hasMachine ? 'found' : NO_MACHINE})`,
  { timeout: 180_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'semdistro-debugging-'));
    const machine = newMachine({ workspace: folder });
    const engine: Engine = { ...pantryEngine(), processHost: machine.host };
    const say = (...args: readonly string[]) =>
      runDocker(engine, args, {
        cwd: folder,
        session: { workspace: hostWorkspace(folder, folder) },
      });

    /** What it prints, when it succeeds without a complaint. */
    async function docker(...args: readonly string[]): Promise<string> {
      const { code, text, stderr } = await say(...args);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
      return text;
    }

    const busybox = (...args: readonly string[]) => say('run', '--rm', ...args);

    beforeAll(async () => {
      for (const image of ['busybox', NONROOT, `${PYTHON}:debug`]) {
        expect(await say('pull', '-q', image)).toMatchObject({ code: 0 });
      }
      await docker('run', '-d', '--name', 'app', NONROOT, '-c', SERVER);
      await docker('run', '-d', '--name', 'rooted', '-u', '0', NONROOT, '-c', SLEEPER);
      await vi.waitFor(
        async () => {
          expect(await docker('logs', 'app')).toBe('up\n');
          expect(await docker('diff', 'rooted')).toContain('A /tmp/nonce\n');
        },
        { timeout: 120_000, interval: 200 },
      );
    }, 300_000);

    afterAll(async () => {
      await stopAllContainers(engine);
      await machine.close();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    describe('from outside, with nothing of the image', () => {
      test('inspect, top, stats and diff answer', async () => {
        const state = '{{.State.Status}} {{.Config.User}} {{.State.Running}}';
        expect(await docker('inspect', '-f', state, 'app')).toBe('running 65532 true\n');
        expect(await docker('top', 'app', '-o', 'pid,uid,args')).toMatch(
          /^PID +UID +COMMAND\n\d+ +65532 +\/usr\/bin\/python3\.13 -c import http/,
        );
        expect(await docker('stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}}', 'app')).toBe(
          'app 1\n',
        );
        expect(await docker('diff', 'app')).toBe('C /tmp\nA /tmp/nonce\n');
      });

      test('cp brings files out, through links when asked to', async () => {
        await docker('cp', '-q', 'app:/tmp/nonce', 'nonce');
        expect(readFileSync(join(folder, 'nonce'), 'utf8')).toBe('secret\n');
        const { stdout } = await say('cp', '-L', 'app:/etc/os-release', '-');
        const [entry] = await entriesOfTar(contentOf(stdout));
        expect(entry).toMatchObject({ type: 'file', path: 'os-release' });
      });

      test('export proves that there is no shell', async () => {
        const { stdout } = await say('export', 'app');
        const paths = new Set((await entriesOfTar(contentOf(stdout))).map(({ path }) => path));
        expect(paths.has('tmp/nonce')).toBe(true);
        expect(
          ['bin/sh', 'usr/bin/sh', 'bin/bash', 'busybox/sh'].filter((p) => paths.has(p)),
        ).toEqual([]);
      });
    });

    describe('inside, with what is there', () => {
      test('there is no shell to run', async () => {
        const { code, text, stderr } = await say('exec', 'app', 'sh');
        expect({ code, said: text + stderr }).toEqual({
          code: expect.toBeOneOf([126, 127]) as number,
          said: expect.stringContaining('exec: "sh": executable file not found in $PATH') as string,
        });
      });

      test.each([
        [['/usr/bin/python3', '-c', "import os; print(os.listdir('/tmp'))"], "['nonce']\n"],
        [['getent', 'hosts', 'localhost'], /^(::1|127\.0\.0\.1) +localhost/],
        [['/lib/ld-linux.so.2', '--list', '/usr/bin/python3.13'], /libc\.so\.6 => /],
      ])('exec %j answers', async (argv, expected) => {
        const out = await docker('exec', 'app', ...argv);
        if (typeof expected === 'string') expect(out).toBe(expected);
        else expect(out).toMatch(expected);
      });
    });

    describe('another image', () => {
      test(':debug has a shell, which is not /bin/sh', async () => {
        const run = ['run', '--rm', '--entrypoint', 'sh', `${PYTHON}:debug`];
        expect(await docker(...run, '-c', 'which sh; id -u')).toBe('/busybox/sh\n0\n');
        const { code, stderr } = await say(
          ...['run', '--rm', '--entrypoint', '/bin/sh', `${PYTHON}:debug`],
        );
        expect({ code, stderr }).toEqual({
          code: 127,
          stderr: expect.stringContaining('stat /bin/sh: no such file or directory') as string,
        });
      });

      test('a busybox of its own sees nothing of the target', async () => {
        const { text } = await busybox(
          ...['busybox', 'sh', '-c', 'ls /tmp/nonce 2>&1; ps | grep -c "[p]ython"; true'],
        );
        expect(text).toBe('ls: /tmp/nonce: No such file or directory\n0\n');
      });
    });

    describe('a sidecar', () => {
      test('in its network sees what it serves to itself alone', async () => {
        const script =
          'wget -qO- http://127.0.0.1:5000/nonce; netstat -ltn | grep -c 127.0.0.1:5000';
        const { text } = await busybox('--network', 'container:app', 'busybox', 'sh', '-c', script);
        expect(text).toBe('secret\n1\n');
      });

      test('in its PID namespace sees its processes, and has files of its own', async () => {
        const script =
          'ps | grep -v grep | grep -c "^ *1 .*python3.13"; kill -0 1 && echo reached; ls /tmp';
        const { text } = await busybox(
          ...['--pid', 'container:app', '--network', 'container:app', 'busybox'],
          ...['sh', '-c', script],
        );
        expect(text).toBe('1\nreached\n');
      });

      test('cannot publish ports that are another’s', async () => {
        const { code, stderr } = await busybox(
          ...['--network', 'container:app', '-p', '80:80', 'busybox', 'true'],
        );
        expect({ code, stderr }).toEqual({
          code: 125,
          stderr: expect.stringContaining(
            'conflicting options: port publishing and the container type network mode',
          ) as string,
        });
      });

      test('of nobody is refused', async () => {
        const { code, stderr } = await busybox('--pid', 'container:nope', 'busybox', 'true');
        expect({ code, stderr }).toEqual({
          code: 125,
          stderr: expect.stringContaining('No such container: nope') as string,
        });
      });

      test('goes with its target', async () => {
        await docker('run', '-d', '--name', 'short', 'busybox', 'sleep', '1000');
        await docker(
          'run',
          '-d',
          '--name',
          'beside',
          '--pid',
          'container:short',
          'busybox',
          'sleep',
          '1000',
        );
        await docker('kill', 'short');
        expect(await docker('wait', 'beside')).toBe('137\n');
        await docker('rm', 'short', 'beside');
      });
    });

    describe('/proc/1/root', () => {
      const DENIED = 'Permission denied';
      test.each([
        ['root', 'rooted', [], 'secret\n'],
        ['nonroot', 'app', [], DENIED],
        ['nonroot', 'app', ['--user', '65532'], DENIED],
        ['nonroot', 'app', ['--user', '65532:65532'], 'secret\n'],
        ['nonroot', 'app', ['--cap-add', 'SYS_PTRACE'], 'secret\n'],
      ])('of a target of %s (%s), with %j', async (_, target, options, expected) => {
        const look = async (path: string): Promise<string> => {
          const { text, stderr } = await busybox(
            ...['--pid', `container:${target}`, ...options, 'busybox', 'cat', path],
          );
          return text + stderr;
        };
        const [file, environment] = [
          await look('/proc/1/root/tmp/nonce'),
          await look('/proc/1/environ'),
        ];
        if (expected === DENIED) {
          expect(file).toBe(`cat: can't open '/proc/1/root/tmp/nonce': ${DENIED}\n`);
          expect(environment).toBe(`cat: can't open '/proc/1/environ': ${DENIED}\n`);
        } else {
          expect(file).toBe(expected);
          expect(environment).toContain('PATH=');
        }
      });

      test('is the target’s root to chroot into', async () => {
        const { text, stderr } = await busybox(
          ...['--pid', 'container:app', '--cap-add', 'SYS_PTRACE', 'busybox'],
          ...['chroot', '/proc/1/root', '/usr/bin/python3', '--version'],
        );
        expect(text + stderr).toMatch(/^Python 3\.13\.\d+\n$/);
      });

      test('takes a shell from beside it, and keeps the link to it', async () => {
        const script =
          'ln -sf /proc/$$/root/bin /proc/1/root/tmp/.bb; export PATH=$PATH:/tmp/.bb; exec chroot /proc/1/root sh -c "$0"';
        const { text, stderr } = await busybox(
          ...['--pid', 'container:app', '--network', 'container:app', '--cap-add', 'SYS_PTRACE'],
          ...[
            'busybox',
            'sh',
            '-c',
            script,
            'cat /tmp/nonce; ls -a /tmp; wget -qO- 127.0.0.1:5000/nonce',
          ],
        );
        expect(text + stderr).toBe('secret\n.\n..\n.bb\nnonce\nsecret\n');
        expect(await docker('diff', 'app')).toContain('A /tmp/.bb\n');
      });

      test('is there for the machine itself, and the target’s network with its own tools', async () => {
        const pid = (await docker('inspect', '-f', '{{.State.Pid}}', 'app')).trim();
        let said = '';
        const script = `cat /proc/${pid}/root/tmp/nonce; nsenter -t ${pid} -n ss -Hltn 'sport = :5000' | tr -s ' ' | cut -d' ' -f4
          nsenter -t ${pid} -m ls 2>&1`;
        const { exit } = await machine.shell(
          { argv: ['/bin/bash', '-c', script], env: ['PATH=/usr/sbin:/usr/bin'], cwd: '/' },
          { output: (_, bytes) => void (said += new TextDecoder().decode(bytes)) },
        );
        await exit;
        expect(said).toMatch(/^secret\n127\.0\.0\.1:5000\nnsenter: failed to execute ls: /);
      });
    });

    describe('a busybox', () => {
      beforeAll(async () => {
        mkdirSync(join(folder, 'bb'));
        await docker('create', '--name', 'donor', 'busybox');
        await docker('cp', '-q', '-L', 'donor:/bin/busybox', 'bb/busybox');
        await docker('rm', 'donor');
        symlinkSync('busybox', join(folder, 'bb/sh'));
        expect(existsSync(join(folder, 'bb/sh'))).toBe(true);
      });

      test('is mounted beside the exact image', async () => {
        const { text, stderr } = await busybox(
          ...['-v', './bb:/dbg:ro', '--entrypoint', '/dbg/sh', NONROOT],
          ...['-c', 'id -u; /dbg/busybox ls /tmp; /dbg/busybox touch /dbg/x'],
        );
        expect(text + stderr).toBe('65532\ntouch: /dbg/x: Read-only file system\n');
      });

      test('is put into the container that runs, which shows', async () => {
        await docker('cp', '-q', 'bb/busybox', 'app:/busybox');
        expect(
          await docker(
            'exec',
            'app',
            '/busybox',
            'sh',
            '-c',
            'busybox id -u; read x </tmp/nonce; echo $x',
          ),
        ).toBe('65532\nsecret\n');
        expect(await docker('diff', 'app')).toContain('A /busybox\n');
      });

      test('does not get into one that is read-only', async () => {
        await docker('run', '-d', '--name', 'fixed', '--read-only', 'busybox', 'sleep', '1000');
        const { code, stderr } = await say('cp', '-q', 'bb/busybox', 'fixed:/busybox');
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: 'Error response from daemon: container rootfs is marked read-only\n',
        });
        await docker('rm', '-f', 'fixed');
      });
    });
  },
);
