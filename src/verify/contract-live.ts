import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineSuite } from './contract.ts';
import type { LiveContainer } from './live.ts';

const BUSYBOX = 'busybox:1.37';

/** What a learner types: `docker` and these words. */
export type LearnersDocker = (
  args: readonly string[],
) => Promise<{ readonly code: number; readonly text: string; readonly stderr: string }>;

/** The part of the contract about `live`: what somebody else made with the engine's own `docker`. */
export function describeLive({ engine, image }: EngineSuite, docker: LearnersDocker): void {
  const prefix = `live-${crypto.randomUUID().slice(0, 8)}`;
  const made: string[] = [];
  const networks: string[] = [];
  const began = Date.now() - 1000;

  async function typed(...args: readonly string[]): Promise<string> {
    const { code, text, stderr } = await docker(args);
    if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
    return text.trim();
  }

  /** `docker run -d` of busybox, with a name of its own. */
  async function run(
    name: string,
    flags: readonly string[] = [],
    command: readonly string[] = ['sleep', '300'],
  ): Promise<string> {
    made.push(`${prefix}-${name}`);
    return typed('run', '-d', '--name', `${prefix}-${name}`, ...flags, BUSYBOX, ...command);
  }

  async function seen(name: string): Promise<LiveContainer> {
    const all = await engine().live().containers();
    const found = all.find((one) => one.name === `${prefix}-${name}`);
    if (!found) throw new Error(`${name} is not among ${all.map((one) => one.name).join(', ')}`);
    return found;
  }

  describe('what a learner has running', () => {
    beforeAll(async () => {
      // So that the name is there for `docker run`.
      await image({ Dockerfile: `FROM ${BUSYBOX}\nLABEL for=live\n` });
      await typed('pull', '-q', BUSYBOX).catch(() => undefined);
    });
    afterAll(async () => {
      await docker(['rm', '-f', '-v', ...made]);
      for (const network of networks) await docker(['network', 'rm', network]);
    });

    it('is seen whole: image, settings, state', async () => {
      const flags = ['-e', 'WORD=caju', '--label', 'a=b', '--user', '1234', '--read-only'];
      const id = await run('whole', [...flags, '--cap-add', 'sys_ptrace', '--tmpfs', '/cold']);
      const found = await seen('whole');
      expect(found).toMatchObject({
        ...{ id, imageName: BUSYBOX, networkMode: 'bridge', pidMode: '' },
        ...{ capAdd: ['SYS_PTRACE'], privileged: false, readOnly: true, ports: [] },
        mounts: [{ type: 'tmpfs', source: '', target: '/cold', readOnly: false }],
        state: { status: 'running', running: true, exitCode: 0, restartCount: 0 },
      });
      expect(found.image).toBe((await engine().image(BUSYBOX))?.id);
      expect(found.config).toMatchObject({ User: '1234', Cmd: ['sleep', '300'] });
      expect(found.config.Env).toContain('WORD=caju');
      expect(found.config.Labels).toMatchObject({ a: 'b' });
      expect(found.networks.map(({ network }) => network)).toEqual(['bridge']);
      expect(found.created).toBeGreaterThan(began - 60_000);
      expect(found.state.startedAt).toBeGreaterThanOrEqual(found.created);
      expect(found.state.finishedAt).toBeUndefined();
    });

    it('is seen when it has ended, too, and the newest comes first', async () => {
      await run('ended', [], ['sh', '-c', 'exit 7']);
      await typed('wait', `${prefix}-ended`);
      const { state } = await seen('ended');
      expect(state).toMatchObject({ status: 'exited', running: false, exitCode: 7 });
      // Docker takes the two times by different clocks, a millisecond apart.
      expect(state.finishedAt).toBeGreaterThanOrEqual((state.startedAt ?? Infinity) - 100);
      const names = (await engine().live().containers()).map(({ name }) => name);
      expect(names.indexOf(`${prefix}-ended`)).toBeLessThan(names.indexOf(`${prefix}-whole`));
    });

    it('is found by its ID', async () => {
      const found = await seen('whole');
      expect(await engine().live().container(found.id)).toEqual(found);
      expect(await engine().live().container('0'.repeat(64))).toBeUndefined();
    });

    it('is nothing that checks made', async () => {
      const own = await engine().run({
        image: await image({ Dockerfile: `FROM ${BUSYBOX}\nLABEL for=live\n` }),
        command: ['sleep', '300'],
      });
      if (!own.started) throw new Error(own.message);
      const ids = (await engine().live().containers()).map(({ id }) => id);
      const told = (await engine().live().events(began)).map(({ id }) => id);
      expect(ids).not.toContain(own.id);
      expect(told).not.toContain(own.id);
      await own.remove();
    });

    it('says whose namespaces it shares, by the whole ID', async () => {
      const id = await run('target');
      const target = `container:${prefix}-target`;
      await run('sidecar', ['--network', target, '--pid', target]);
      expect(await seen('sidecar')).toMatchObject({
        ...{ networkMode: `container:${id}`, pidMode: `container:${id}`, networks: [] },
      });
    });

    it('shows what changed, what was printed, and runs a program', async () => {
      const id = await run(
        'busy',
        [],
        ['sh', '-c', 'echo out; echo err >&2; touch /new; sleep 300'],
      );
      const live = engine().live();
      for (let tries = 0; tries < 100; tries++) {
        if ((await live.exec(id, ['test', '-e', '/new'])).code === 0) break;
      }
      expect(await live.changes(id)).toEqual([{ path: '/new', kind: 'A' }]);
      expect(await live.logs(id)).toEqual({ stdout: 'out\n', stderr: 'err\n' });
      expect(await live.exec(id, ['sh', '-c', 'id -u; exit 3'], { user: '1234' })).toEqual({
        ...{ code: 3, stdout: '1234\n', stderr: '' },
      });
      expect((await live.exec(id, ['no-such-program'])).code).toBeUndefined();
    });

    it('tells what happened, and to whom', async () => {
      const id = await run('brief', ['--rm'], ['true']);
      await typed('wait', `${prefix}-brief`).catch(() => undefined);
      const told = async (): Promise<readonly string[]> =>
        (await engine().live().events(began))
          .filter((one) => one.id === id)
          .map((one) => one.action);
      for (let tries = 0; tries < 100; tries++) if ((await told()).includes('destroy')) break;
      expect(await told()).toEqual(expect.arrayContaining(['create', 'start', 'die', 'destroy']));
      const events = await engine().live().events(began);
      const died = events.find((one) => one.id === id && one.action === 'die');
      expect(died).toMatchObject({
        type: 'container',
        attributes: { name: `${prefix}-brief`, image: BUSYBOX, exitCode: '0' },
      });
      expect(died?.time).toBeGreaterThan(began);
      expect(
        await engine()
          .live()
          .events(Date.now() + 60_000),
      ).toEqual([]);
    });

    it('is followed and listened to while it happens', async () => {
      const live = engine().live();
      const told: string[] = [];
      const stop = live.follow(({ id, action }) => told.push(`${action} ${id}`));
      made.push(`${prefix}-heard`);
      const id = await typed(
        ...['create', '--name', `${prefix}-heard`, BUSYBOX, 'sh', '-c'],
        'echo first; sleep 2; echo out; echo err >&2',
      );
      await typed('start', id);
      const heard = { stdout: '', stderr: '' };
      const { ended } = live.listen(id, (text, stream) => (heard[stream] += text));
      await ended;
      expect(heard).toEqual({ stdout: 'first\nout\n', stderr: 'err\n' });
      for (let tries = 0; tries < 100 && !told.includes(`die ${id}`); tries++) {
        await live.container(id);
      }
      expect(told).toEqual(expect.arrayContaining([`create ${id}`, `start ${id}`, `die ${id}`]));
      stop();
      const before = told.length;
      await typed('rm', id);
      await live.containers();
      expect(told).toHaveLength(before);
      await live.listen(id, () => undefined).ended;
    });

    it('has networks, with names and addresses in them', async () => {
      networks.push(`${prefix}-net`);
      await typed('network', 'create', '--label', 'a=b', `${prefix}-net`);
      const all = await engine().live().networks();
      expect(all.slice(0, 3).map(({ name, driver }) => [name, driver])).toEqual([
        ['bridge', 'bridge'],
        ['host', 'host'],
        ['none', 'null'],
      ]);
      expect(all.find(({ name }) => name === `${prefix}-net`)).toMatchObject({
        ...{ driver: 'bridge', internal: false, labels: { a: 'b' } },
      });
      await run('member', ['--network', `${prefix}-net`, '--network-alias', 'word']);
      const { networkMode, networks: attached } = await seen('member');
      expect(networkMode).toBe(`${prefix}-net`);
      expect(attached).toMatchObject([{ network: `${prefix}-net` }]);
      expect(attached[0]?.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(attached[0]?.aliases).toContain('word');
    });

    it('is asked from outside by its published port, and by no other', async () => {
      const page = 'mkdir /www; echo caju >/www/index.html; exec httpd -f -p 80 -h /www';
      const id = await run('web', ['-p', '127.0.0.1::80'], ['sh', '-c', page]);
      const live = engine().live();
      let answer = await live.request(id, 80, { path: '/' });
      for (let tries = 0; !answer && tries < 100; tries++) {
        await live.exec(id, ['sleep', '0.1']);
        answer = await live.request(id, 80, { path: '/' });
      }
      expect(answer).toMatchObject({ status: 200, body: 'caju\n' });
      expect(await live.request(id, 81, { path: '/' })).toBeUndefined();
      expect((await seen('web')).ports).toMatchObject([
        { port: 80, protocol: 'tcp', hostIp: '127.0.0.1' },
      ]);
    });
  });
}
