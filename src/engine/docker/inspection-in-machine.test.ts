import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasMachine, NO_MACHINE, pantryEngine, testMachine } from '../../testing/machine.ts';
import { runDocker } from '../../testing/session.ts';
import type { Engine } from '../engine.ts';

// What is seen of a container and moved in and out of it while it really runs.
describe.skipIf(!hasMachine)(
  `looking into the machine (${hasMachine ? 'found' : NO_MACHINE})`,
  { timeout: 120_000 },
  () => {
    let engine: Engine;
    let cwd: string;

    async function docker(...args: readonly string[]): Promise<string> {
      const { code, text, stderr } = await runDocker(engine, args, { cwd });
      expect(code, `docker ${args.join(' ')}: ${stderr}`).toBe(0);
      return text;
    }

    beforeAll(async () => {
      engine = { ...pantryEngine(), processHost: testMachine().host };
      cwd = mkdtempSync(join(tmpdir(), 'semdistro-machine-'));
      await docker('pull', '-q', 'busybox');
      const script =
        'echo out; echo err >&2; echo x > /etc/new; rm /bin/wget; while :; do sleep 1; done';
      await docker(
        'run',
        '-d',
        '--name',
        'web',
        '-m',
        '32m',
        '-v',
        'data:/data',
        'busybox',
        'sh',
        '-c',
        script,
      );
      await docker(
        'exec',
        'web',
        'sh',
        '-c',
        'until [ -e /etc/new ] && [ ! -e /bin/wget ]; do sleep 1; done',
      );
    }, 120_000);

    afterAll(async () => {
      await runDocker(engine, ['rm', '-f', 'web']);
      rmSync(cwd, { recursive: true });
    });

    test('top shows its processes', async () => {
      const lines = (await docker('top', 'web', '-o', 'pid,ppid,user,args')).trim().split('\n');
      expect(lines[1]).toMatch(/^\d+ +\d+ +root +sh -c echo out/);
      expect(lines[2]).toMatch(/^\d+ +\d+ +root +sleep 1$/);
      const pid = await docker('inspect', '-f', '{{.State.Pid}}', 'web');
      expect(lines[1]?.split(/ +/)[0]).toBe(pid.trim());
    });

    test('stats shows its memory and its limit', async () => {
      expect(
        await docker('stats', '--no-stream', '--format', '{{.MemUsage}} {{.PIDs}}', 'web'),
      ).toMatch(/^[\d.]+[KM]iB \/ 32MiB \d\n$/);
    });

    test('diff shows what it changed', async () => {
      expect((await docker('diff', 'web')).split('\n')).toEqual(
        expect.arrayContaining(['C /bin', 'D /bin/wget', 'A /data', 'C /etc', 'A /etc/new']),
      );
    });

    test('logs keeps its two streams apart', async () => {
      const { text, stderr } = await runDocker(engine, ['logs', 'web']);
      expect([text, stderr]).toEqual(['out\n', 'err\n']);
    });

    test.each(['/srv-file', '/data/file'])(
      'cp puts %s where its processes see it, and takes it out',
      async (path) => {
        writeFileSync(join(cwd, 'in'), `for ${path}\n`);
        await docker('cp', 'in', `web:${path}`);
        expect(await docker('exec', 'web', 'cat', path)).toBe(`for ${path}\n`);
        await docker('exec', 'web', 'sh', '-c', `echo more >> ${path}`);
        await docker('cp', `web:${path}`, 'out');
        expect(readFileSync(join(cwd, 'out'), 'utf8')).toBe(`for ${path}\nmore\n`);
      },
    );

    test('commit makes an image of it, without its volumes', async () => {
      await docker('commit', 'web', 'web:changed');
      expect(
        await docker(
          'run',
          '--rm',
          'web:changed',
          'sh',
          '-c',
          'cat /etc/new; ls /data; ls /bin/wget || echo gone',
        ),
      ).toBe('x\ngone\n');
    });

    test('what it left in a volume is there for the next one', async () => {
      await docker('exec', 'web', 'sh', '-c', 'echo kept > /data/kept');
      await docker('kill', 'web');
      expect(await docker('ps', '-a', '--format', '{{.Names}} {{.State}}')).toBe('web exited\n');
      expect(await docker('run', '--rm', '-v', 'data:/data', 'busybox', 'cat', '/data/kept')).toBe(
        'kept\n',
      );
    });
  },
);
