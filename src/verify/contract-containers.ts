import { describe, expect, it } from 'vitest';
import { textOfEntry, type EngineSuite } from './contract.ts';
import type { Container, RunRequest } from './engine.ts';

const BUSYBOX = 'busybox:1.37';

/** A script that serves HTTP and shows what it was asked. */
const ECHO = `#!/bin/sh
echo "Content-Type: text/plain"
echo "X-Method: $REQUEST_METHOD"
echo
echo "query $QUERY_STRING header $HTTP_X_WORD"
[ "$REQUEST_METHOD" = POST ] && cat
exit 0
`;

/** The part of the contract about `run` and what it gives. */
export function describeContainers(suite: EngineSuite): void {
  const { engine, image } = suite;

  async function start(
    request: Partial<RunRequest> & { readonly sh?: string },
  ): Promise<Container> {
    const { sh, ...rest } = request;
    const outcome = await engine().run({
      image: request.image ?? (await image({ Dockerfile: `FROM ${BUSYBOX}\nLABEL for=run\n` })),
      ...(sh !== undefined && { command: ['sh', '-c', sh] }),
      ...rest,
    });
    if (!outcome.started) throw new Error(outcome.message);
    return outcome;
  }

  /** Runs to its end. */
  async function ended(request: Parameters<typeof start>[0]): Promise<{
    readonly code: number | undefined;
    readonly stdout: string;
    readonly stderr: string;
  }> {
    const container = await start(request);
    const code = await container.wait(60_000);
    const logs = await container.logs();
    await container.remove();
    return { code, ...logs };
  }

  describe('a container', () => {
    it('has an exit code and two streams', async () => {
      expect(await ended({ sh: 'echo out; echo err >&2; exit 7' })).toEqual({
        code: 7,
        stdout: 'out\n',
        stderr: 'err\n',
      });
    });

    it('runs what the image says', async () => {
      const built = await image({
        Dockerfile: `FROM ${BUSYBOX}\nENV WORD=caju\nWORKDIR /app\nUSER 65532:65532\nENTRYPOINT ["sh", "-c"]\nCMD ["echo $WORD $PWD $(id -u)"]\n`,
      });
      expect((await ended({ image: built })).stdout).toBe('caju /app 65532\n');
    });

    it('runs what is asked instead', async () => {
      const built = await image({
        Dockerfile: `FROM ${BUSYBOX}\nENTRYPOINT ["echo", "image"]\nCMD ["cmd"]\n`,
      });
      expect((await ended({ image: built })).stdout).toBe('image cmd\n');
      expect((await ended({ image: built, command: ['given'] })).stdout).toBe('image given\n');
      const asked = { image: built, entrypoint: ['echo', 'a b'], command: ['c'] };
      expect((await ended(asked)).stdout).toBe('a b c\n');
      expect((await ended({ image: built, entrypoint: ['id', '-u'], user: '1234' })).stdout).toBe(
        '1234\n',
      );
      const env = { WORD: "a 'b' $c" };
      expect((await ended({ sh: 'echo "$WORD"', env })).stdout).toBe(`${env.WORD}\n`);
    });

    it('has its own root, whatever was changed in another', async () => {
      expect((await ended({ sh: 'echo x >/x; cat /x' })).stdout).toBe('x\n');
      expect((await ended({ sh: 'cat /x' })).code).toBe(1);
    });

    it('has no network but its own', async () => {
      const { stdout } = await ended({ sh: 'tail -n +2 /proc/net/route | wc -l' });
      expect(stdout.trim()).toBe('0');
    });

    it('is sealed as asked', async () => {
      const look =
        "grep -E 'CapBnd|NoNewPrivs' /proc/self/status; touch /root/x 2>/dev/null || echo root is closed; touch /tmp/x && echo tmp is open";
      const open = await ended({ sh: look });
      expect(open.stdout).not.toContain('root is closed');
      expect(open.stdout).toMatch(/NoNewPrivs:\s+0/);
      expect(open.stdout).not.toMatch(/CapBnd:\s+0+\n/);
      const sealed = await ended({
        ...{ sh: look, readOnly: true, dropCapabilities: true, noNewPrivileges: true },
        tmpfs: ['/tmp'],
      });
      expect(sealed.stdout).toContain('root is closed');
      expect(sealed.stdout).toContain('tmp is open');
      expect(sealed.stdout).toMatch(/NoNewPrivs:\s+1/);
      expect(sealed.stdout).toMatch(/CapBnd:\s+0+\n/);
    });

    it('has fresh volumes', async () => {
      const request = { sh: 'ls /data; echo kept >/data/x && cat /data/x', readOnly: true };
      expect((await ended({ ...request, volumes: ['/data'] })).stdout).toBe('kept\n');
      expect((await ended({ ...request, volumes: ['/data'] })).stdout).toBe('kept\n');
      expect((await ended(request)).code).not.toBe(0);
    });

    it('has an init when asked', async () => {
      const sh = 'cat /proc/1/cmdline | tr "\\0" " "';
      expect((await ended({ sh })).stdout).toContain('sh -c');
      expect((await ended({ sh: 'echo $$', init: true })).stdout).not.toBe('1\n');
    });

    it('does not start, and says why in the words of the engine', async () => {
      const busybox = await image({ Dockerfile: `FROM ${BUSYBOX}\nLABEL for=run\n` });
      const nothing = await image({ Dockerfile: 'FROM scratch\nCOPY x /\n', x: '1' });
      const missing = await engine().run({ image: busybox, entrypoint: ['no-such-program'] });
      expect(missing).toMatchObject({ started: false });
      expect(missing.started ? '' : missing.message).toContain('no-such-program');
      const noCommand = await engine().run({ image: nothing });
      expect(noCommand).toMatchObject({ started: false });
      expect(noCommand.started ? '' : noCommand.message).toMatch(/no command/i);
      const noUser = await engine().run({ image: busybox, user: 'nobody-here', command: ['true'] });
      expect(noUser).toMatchObject({ started: false });
      expect(noUser.started ? '' : noUser.message).toContain('nobody-here');
    });

    it('whose program has no interpreter starts or not, but does not succeed', async () => {
      const built = await image({
        Dockerfile: `FROM ${BUSYBOX}\nCOPY bin/run /program\nCMD ["/program"]\n`,
        'bin/run': '#!/no/such/interpreter\n',
      });
      const outcome = await engine().run({ image: built });
      if (!outcome.started) {
        expect(outcome.message).toMatch(/no such file/i);
        return;
      }
      expect(await outcome.wait(30_000)).not.toBe(0);
      const { stderr, stdout } = await outcome.logs();
      expect(stderr + stdout).toMatch(/no such file/i);
      await outcome.remove();
    });

    it('is waited for no longer than said', async () => {
      const container = await start({ sh: 'sleep 300' });
      expect(await container.wait(200)).toBeUndefined();
      expect(await container.state()).toMatchObject({ running: true });
      await container.remove();
    });

    it('runs other programs', async () => {
      const container = await start({ sh: 'sleep 300' });
      expect(await container.exec(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
        code: 3,
        stdout: 'out\n',
        stderr: 'err\n',
      });
      expect((await container.exec(['id', '-u'], { user: '1234' })).stdout).toBe('1234\n');
      const missing = await container.exec(['no-such-program']);
      expect(missing.code).toBeUndefined();
      expect(missing.stderr).toContain('no-such-program');
      await container.remove();
    });

    it('stops by its own will, or is killed', async () => {
      const willing = await start({
        sh: 'trap "exit 7" TERM; echo up; while :; do sleep 0.1; done',
      });
      await printed(willing, 'up');
      const stopped = await willing.stop(30);
      expect(stopped.exitCode).toBe(7);
      expect(stopped.seconds).toBeLessThan(15);
      expect(await willing.state()).toMatchObject({ running: false, exitCode: 7 });
      await willing.remove();
      const deaf = await start({ sh: 'trap "" TERM; echo up; while :; do sleep 0.1; done' });
      await printed(deaf, 'up');
      const killed = await deaf.stop(1);
      expect(killed.exitCode).toBe(137);
      expect(killed.seconds).toBeGreaterThanOrEqual(0.9);
      await deaf.remove();
    });

    it('is well or not, by its health check', async () => {
      for (const [probe, status] of [
        ['echo fine', 'healthy'],
        ['echo bad; exit 1', 'unhealthy'],
      ] as const) {
        const built = await image({
          Dockerfile: `FROM ${BUSYBOX}\nHEALTHCHECK --interval=1h --retries=1 CMD ["sh", "-c", "${probe}"]\n`,
        });
        const container = await start({ image: built, sh: 'sleep 300', healthInterval: 1000 });
        let health = (await container.state()).health;
        for (let tries = 0; tries < 200 && health?.status === 'starting'; tries++) {
          await container.wait(200);
          health = (await container.state()).health;
        }
        expect(health?.status).toBe(status);
        expect(health?.output).toContain(probe.split(/[ ;]/)[1]);
        await container.remove();
      }
    });

    it('says what it changed, and shows its files when it has ended', async () => {
      const built = await image({
        Dockerfile: `FROM ${BUSYBOX}\nCOPY gone kept /data/\n`,
        gone: 'x',
        kept: 'kept\n',
      });
      const container = await start({
        image: built,
        sh: 'rm /data/gone; echo new >/data/new; mkdir /made; ln -s kept /data/link',
      });
      await container.wait(60_000);
      const changes = await container.changes();
      expect(changes).toEqual(
        expect.arrayContaining([
          { path: '/data', kind: 'C' },
          { path: '/data/gone', kind: 'D' },
          { path: '/data/new', kind: 'A' },
          { path: '/made', kind: 'A' },
        ]),
      );
      expect(changes.some(({ path }) => path === '/data/kept')).toBe(false);
      expect(await textOfEntry(await container.file('/data/new'))).toBe('new\n');
      expect(await textOfEntry(await container.file('/data/kept'))).toBe('kept\n');
      expect(await container.file('/made')).toMatchObject({ type: 'dir' });
      expect(await container.file('/data/link')).toMatchObject({ type: 'symlink', target: 'kept' });
      expect(await container.file('/data/gone')).toBeUndefined();
      await container.remove();
    });
  });

  describe('a port of a container', () => {
    const site = {
      Dockerfile: `FROM ${BUSYBOX}\nCOPY www /www\n`,
      'www/index.html': 'hello\n',
      'www/cgi-bin/echo': ECHO,
    };

    it('is asked over HTTP', async () => {
      const container = await start({
        ...{ image: await image(site), ports: [8080] },
        command: ['httpd', '-f', '-p', '8080', '-h', '/www'],
      });
      await answered(container, 8080);
      const page = await container.request(8080, { path: '/index.html' });
      expect(page).toMatchObject({ status: 200, body: 'hello\n' });
      expect(page?.headers['content-length']).toBe('6');
      expect(await container.request(8080, { path: '/none' })).toMatchObject({ status: 404 });
      const posted = await container.request(8080, {
        ...{ method: 'POST', path: '/cgi-bin/echo?a=1', body: '{"word":"çaju"}' },
        headers: { 'X-Word': "it's", 'Content-Type': 'application/json' },
      });
      expect(posted).toMatchObject({ status: 200 });
      expect(posted?.headers['x-method']).toBe('POST');
      expect(posted?.body).toContain("query a=1 header it's");
      expect(posted?.body).toContain('{"word":"çaju"}');
      await container.remove();
    });

    it('where nobody listens has no answer', async () => {
      const container = await start({ sh: 'sleep 300', ports: [8080] });
      expect(await container.request(8080, { path: '/' })).toBeUndefined();
      await container.remove();
    });

    it('where somebody listens for the container alone has no answer', async () => {
      const container = await start({
        ...{ image: await image(site), ports: [8080] },
        sh: 'httpd -p 127.0.0.1:8080 -h /www; echo up; sleep 300',
      });
      await printed(container, 'up');
      expect((await container.exec(['wget', '-qO-', 'http://127.0.0.1:8080/'])).stdout).toBe(
        'hello\n',
      );
      expect(await container.request(8080, { path: '/' })).toBeUndefined();
      await container.remove();
    });

    it('that accepts and says nothing has no answer in time', async () => {
      const container = await start({ sh: 'echo up; nc -l -p 8080', ports: [8080] });
      await printed(container, 'up');
      const began = performance.now();
      expect(await container.request(8080, { path: '/', timeout: 1500 })).toBeUndefined();
      expect(performance.now() - began).toBeLessThan(20_000);
      await container.remove();
    });
  });
}

/** Waits, woken by the container's end, until it has printed something. */
async function printed(container: Container, text: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if ((await container.logs()).stdout.includes(text)) return;
    await container.wait(100);
  }
  throw new Error(`never printed ${text}`);
}

async function answered(container: Container, port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await container.request(port, { path: '/' })) return;
    if ((await container.wait(100)) !== undefined) throw new Error((await container.logs()).stderr);
  }
  throw new Error('never answered');
}
