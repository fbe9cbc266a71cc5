import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import type { Mount, RunningContainer } from '../../engine/process/host.ts';
import {
  containerSpec,
  execIn,
  processSpec,
  runContainer,
  textIo,
} from '../../testing/containers.ts';
import { hasMachine, NO_MACHINE, testMachine } from '../../testing/machine.ts';
import type { Machine } from '../machine.ts';

/** An emulated machine on a busy computer: what takes half a second alone takes ten beside others. */
const PATIENCE = 120_000;

const ELF = [0x7f, 0x45, 0x4c, 0x46];

const file = (path: string, content: string | Uint8Array, mode = 0o755): Entry => {
  const bytes = typeof content === 'string' ? utf8(content) : content;
  const common = { path, mode, uid: 0, gid: 0, mtime: 0 };
  return { type: 'file', ...common, size: bytes.length, content: contentOf(bytes) };
};

describe.skipIf(!hasMachine)(`containers (${NO_MACHINE})`, { timeout: PATIENCE }, () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = testMachine();
    await machine.start();
  }, PATIENCE);
  afterAll(() => machine.close());

  describe('a process', () => {
    it('has its streams apart, its input to its end, and its exit code', async () => {
      const script = 'cat; echo out; echo err >&2; exit 3';
      expect(await runContainer(machine, ['sh', '-c', script], {}, { input: 'in\n' })).toEqual({
        ...{ code: 3, outOfMemory: false },
        ...{ out: 'in\nout\n', err: 'err\n' },
      });
    });

    it('without input has nothing to read', async () => {
      expect(await runContainer(machine, ['cat'])).toMatchObject({ code: 0, out: '' });
    });

    it.each([
      ['root', { uid: 0, gid: 0, groups: [] }, 'uid=0(root) gid=0(root)', '00000000a80425fb'],
      [
        'another user',
        { uid: 65532, gid: 65531, groups: [7] },
        'uid=65532 gid=65531 groups=7(lp)',
        '0000000000000000',
      ],
    ])('of %s has its rights', async (_, user, id, effective) => {
      const script = 'id; grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status | cut -f2';
      const { out } = await runContainer(machine, ['sh', '-c', script], {}, { user });
      expect(out.split('\n').slice(0, 4)).toEqual([id, effective, '00000000a80425fb', '0']);
    });

    it('has the directory, environment, limits and privileges it was given', async () => {
      const script = 'pwd; echo $A; ulimit -n; ulimit -Hn; grep NoNewPrivs /proc/self/status';
      const { out } = await runContainer(
        machine,
        ['/bin/sh', '-c', script],
        {},
        {
          cwd: '/made/on/the way',
          env: ['A=b c'],
          noNewPrivileges: true,
          ulimits: [{ name: 'nofile', soft: 33, hard: 44 }],
        },
      );
      expect(out).toBe('/made/on/the way\nb c\n33\n44\nNoNewPrivs:\t1\n');
    });

    it('sees a kernel as in Docker: alone, masked, read-only', async () => {
      const script = `hostname; echo $$; ls /sys/class/net; wc -c </proc/keys;
        (echo 1 >/proc/sys/kernel/panic) 2>&1; mkdir /sys/fs/cgroup/x 2>&1; cat /proc/self/cgroup;
        df -k /dev/shm | tail -1 | cut -d' ' -f2- | tr -s ' ' | cut -d' ' -f2; mknod /tmp-sda b 8 0 && cat /tmp-sda 2>&1`;
      const { out } = await runContainer(machine, ['sh', '-c', script]);
      expect(out.split('\n')).toEqual([
        'test',
        '1',
        'lo',
        '0',
        expect.stringContaining('Read-only file system'),
        expect.stringContaining('Read-only file system'),
        '0::/',
        '65536',
        expect.stringContaining('Operation not permitted'),
        '',
      ]);
    });

    it('of a privileged container is masked nothing', async () => {
      const script = 'wc -c </proc/keys | grep -qv "^0$" && mkdir /sys/fs/cgroup/x && echo made';
      const { out } = await runContainer(machine, ['sh', '-c', script], { privileged: true });
      expect(out).toBe('made\n');
    });

    it.each([
      ['refused without the capability for it', [], {}, 'Operation not permitted', 1],
      ['allowed with it', ['CAP_SYS_ADMIN'], {}, '', 0],
      ['allowed without the filter', [], { unconfined: true }, '', 0],
    ])('makes namespaces: %s', async (_, more, changes, said, code) => {
      const { capabilities } = processSpec([]);
      const process = { capabilities: [...capabilities, ...more] };
      // Any user may make a namespace of users: it is the filter that is asked here.
      const outcome = await runContainer(machine, ['unshare', '-U', 'true'], changes, process);
      expect(outcome).toMatchObject({ code, err: expect.stringContaining(said) as string });
    });

    it('under an init is not process 1', async () => {
      const { out } = await runContainer(machine, ['sh', '-c', 'echo $$; cat /proc/1/cmdline'], {
        init: true,
      });
      expect(out.replaceAll('\0', ' ')).toMatch(/^2\n\/sbin\/docker-init -- sh -c /);
    });
  });

  describe('a terminal', () => {
    it('is one, has a size, follows it, and takes what is typed', async () => {
      const typed = Promise.withResolvers<undefined>();
      const stdin = async function* (): AsyncGenerator<Uint8Array> {
        yield utf8('first\n');
        await typed.promise;
        yield utf8('second\n');
      };
      const io = { ...textIo(), stdin: stdin() };
      const script =
        'trap "stty size" WINCH; stty size; read a; echo got $a; until read b; do :; done; echo got $b; tty';
      const terminal = { columns: 91, rows: 17 };
      const spec = await containerSpec(machine, ['sh', '-c', script], {}, { terminal });
      const container = await machine.host.start(spec, io);
      // It must be waiting for what is typed when it is told of the new size, which ends its read.
      await expect.poll(io.out, { timeout: PATIENCE }).toMatch(/17 91\r\n[^]*got first\r\n/);
      await container.resize(120, 40);
      await expect.poll(io.out, { timeout: PATIENCE }).toContain('40 120\r\n');
      typed.resolve(undefined);
      expect(await container.exit).toMatchObject({ code: 0 });
      expect(io.out()).toMatch(/got second\r\n\/dev\/pts\/0\r\n$/);
      expect(io.err()).toBe('');
    });

    it('ends with Ctrl-C what does not catch it', async () => {
      const ready = Promise.withResolvers<undefined>();
      const ended = Promise.withResolvers<undefined>();
      const stdin = async function* (): AsyncGenerator<Uint8Array> {
        await ready.promise;
        yield utf8('\x03');
        await ended.promise;
      };
      const io = { ...textIo(), stdin: stdin() };
      const argv = ['sh', '-c', 'echo ready; sleep 1000; echo not reached'];
      const terminal = { columns: 80, rows: 24 };
      const spec = await containerSpec(machine, argv, { init: true }, { terminal });
      const container = await machine.host.start(spec, io);
      await expect.poll(io.out, { timeout: PATIENCE }).toContain('ready');
      ready.resolve(undefined);
      expect(await container.exit).toEqual({ code: 130, outOfMemory: false });
      ended.resolve(undefined);
    });
  });

  describe('what could not be started', () => {
    const tree = emptyTree.apply([
      file('script', '#!/no/such/interpreter\n'),
      file('text', 'neither a program nor a script\n'),
      file('amd64', Uint8Array.from([...ELF, 2, 1, 1, ...new Uint8Array(9), 2, 0, 62, 0])),
      file('data', 'not executable', 0o644),
    ]);
    const here: Mount = { kind: 'tree', target: '/t', tree, source: '' };

    it.each([
      ['not in PATH', ['nope'], 'not-found'],
      ['not at a path', ['/bin/nope'], 'not-found'],
      ['nothing at all', [''], 'not-found'],
      ['a directory', ['/etc'], 'is-directory'],
      ['not executable', ['/t/data'], 'permission-denied'],
      ['a script without its interpreter', ['/t/script'], 'loader-missing'],
      ['neither ELF nor script', ['/t/text'], 'exec-format'],
      ['for another processor', ['/t/amd64'], 'exec-format'],
    ])('%s', async (_, argv, failure) => {
      const io = textIo();
      const spec = await containerSpec(machine, argv, { mounts: [here] });
      await expect(machine.host.start(spec, io)).rejects.toMatchObject({
        ...{ name: 'ProcessStartError', failure, subject: argv[0] },
      });
      // Docker's words come from the engine; nothing of ours is the program's output.
      expect(io.err() + io.out()).toBe('');
    });

    it('in a working directory that is a file', async () => {
      const spec = await containerSpec(machine, ['true'], {}, { cwd: '/bin/sh' });
      await expect(machine.host.start(spec, textIo())).rejects.toMatchObject({
        ...{ failure: 'cwd', subject: '/bin/sh' },
      });
    });

    it('a mount whose source is missing', async () => {
      const missing: Mount = { kind: 'tree', target: '/m', tree, source: 'gone' };
      const spec = await containerSpec(machine, ['true'], { mounts: [missing] });
      await expect(machine.host.start(spec, textIo())).rejects.toMatchObject({ failure: 'mount' });
    });

    it('leaves nothing behind: the same container starts when it is put right', async () => {
      const spec = await containerSpec(machine, ['nope']);
      await expect(machine.host.start(spec, textIo())).rejects.toMatchObject({
        failure: 'not-found',
      });
      const again = { ...spec, process: { ...spec.process, argv: ['true'] } };
      const container = await machine.host.start(again, textIo());
      expect(await container.exit).toEqual({ code: 0, outOfMemory: false });
    });
  });

  describe('limits', () => {
    it('memory: the process is killed, and that is told', async () => {
      const grow = ['sh', '-c', 'x=aaaaaaaa; while :; do x=$x$x; done'];
      const outcome = await runContainer(machine, grow, { limits: { memory: 16 * 2 ** 20 } });
      expect(outcome).toMatchObject({ code: 137, outOfMemory: true });
    });

    it('processes: no more than so many', async () => {
      const script = 'for i in 1 2 3 4 5 6; do sleep 1 & done; wait';
      const { err } = await runContainer(machine, ['sh', '-c', script], { limits: { pids: 4 } });
      expect(err).toMatch(/can't fork/);
    });
  });

  describe('mounts', () => {
    it('trees read-only, writable trees, files, memory', async () => {
      const tree = emptyTree.apply([file('sub/x', 'X\n', 0o644)]);
      const volume = machine.host.writable(emptyTree, [file('a', 'A\n', 0o600)]);
      const mounts: readonly Mount[] = [
        { kind: 'tree', target: '/tree', tree, source: 'sub' },
        { kind: 'tree', target: '/one-file', tree, source: 'sub/x' },
        { kind: 'writable', target: '/volume', tree: volume, source: '', readOnly: false },
        { kind: 'writable', target: '/ro', tree: volume, source: '', readOnly: true },
        { kind: 'tmpfs', target: '/memory', size: 1 << 20, mode: 0o700 },
        {
          ...{ kind: 'file', target: '/etc/made', content: utf8('made\n'), mode: 0o640 },
          ...{ uid: 5, gid: 6, readOnly: false },
        },
      ];
      const script = `cat /tree/x /one-file /volume/a /etc/made; echo new >/volume/b; echo >>/etc/made;
        touch /tree/y /ro/z 2>&1; stat -c '%a %u %g' /etc/made /memory; df -k /memory | tail -1 | tr -s ' ' | cut -d' ' -f2`;
      const { out, code } = await runContainer(machine, ['sh', '-c', script], { mounts });
      expect([code, ...out.split('\n')]).toEqual([
        ...[0, 'X', 'X', 'A', 'made'],
        'touch: /tree/y: Read-only file system',
        'touch: /ro/z: Read-only file system',
        ...['640 5 6', '700 0 0', '1024', ''],
      ]);
      const paths = (await volume.changes()).map(({ path }) => path);
      expect(paths).toEqual(['a', 'b']);
    });

    it('a root that may not be written to', async () => {
      const script = ['touch', '/x'];
      const { err } = await runContainer(machine, script, { readOnlyRoot: true });
      expect(err).toBe('touch: /x: Read-only file system\n');
    });
  });

  describe('what a process wrote', () => {
    it('is in the changes of its root, at once', async () => {
      const spec = await containerSpec(machine, [
        'sh',
        '-c',
        'echo hi >/new; rm /bin/ls; mkdir -m 711 /d',
      ]);
      await (
        await machine.host.start(spec, textIo())
      ).exit;
      const changes = await spec.root.changes();
      const seen = changes.map(({ type, path, size }) => `${type} ${path} ${size}`);
      expect(seen).toEqual(expect.arrayContaining(['file new 3', 'whiteout bin/ls 0', 'dir d 0']));
    });

    it('is there when the container starts again, with what was put there meanwhile', async () => {
      const spec = await containerSpec(machine, [
        'sh',
        '-c',
        'cat /kept 2>/dev/null; echo one >/kept',
      ]);
      const run = async (): Promise<string> => {
        const io = textIo();
        await (
          await machine.host.start(spec, io)
        ).exit;
        return io.out();
      };
      expect(await run()).toBe('');
      expect(await run()).toBe('one\n');
      await spec.root.apply([file('kept', 'copied in, and longer\n')]);
      expect(await run()).toBe('copied in, and longer\n');
    });

    it('and what is put into a running container, it sees', async () => {
      const container = await sleeping();
      await container.spec.root.apply([file('in/from-outside', 'hello\n', 0o644)]);
      expect(await execIn(container, ['cat', '/in/from-outside'])).toMatchObject({
        out: 'hello\n',
      });
      await container.stop();
    });
  });

  describe('in a running container', () => {
    it('more processes run, each with its own streams, user and terminal', async () => {
      const container = await sleeping();
      const user = { uid: 7, gid: 8, groups: [] };
      const env = ['FOO=bar', 'PATH=/bin'];
      const script = 'id -u; pwd; echo $FOO; echo e >&2; exit 4';
      const sh = ['sh', '-c', script];
      expect(await execIn(container, sh, { user, env, cwd: '/tmp' })).toEqual({
        ...{ code: 4, outOfMemory: false },
        ...{ out: '7\n/tmp\nbar\n', err: 'e\n' },
      });
      const terminal = { columns: 33, rows: 11 };
      const { out } = await execIn(container, ['sh', '-c', 'tty; stty size'], { terminal });
      expect(out).toBe('/dev/pts/0\r\n11 33\r\n');
      await expect(execIn(container, ['nope'])).rejects.toMatchObject({ failure: 'not-found' });
      await container.stop();
    });

    it('processes and what they use can be looked at', async () => {
      const container = await sleeping({ limits: { memory: 64 * 2 ** 20 } });
      const [row, ...others] = await container.processes();
      expect(others).toEqual([]);
      expect(row).toMatchObject({ pid: container.pid, uid: 0, tty: '?', command: 'sleep 1000' });
      const seconds = Date.now() / 1000 - (row?.started ?? 0);
      expect(seconds).toBeGreaterThan(-5);
      expect(seconds).toBeLessThan(PATIENCE / 1000);
      const usage = await container.usage();
      expect(usage).toMatchObject({ pids: 1, memoryLimit: 64 * 2 ** 20 });
      expect(usage.memory).toBeGreaterThan(0);
      expect(usage.cpu).toBeGreaterThan(0);
      await container.stop();
    });

    it('everything stands still while it is paused', async () => {
      const io = textIo();
      const spec = await containerSpec(
        machine,
        ['sh', '-c', 'read a; echo $a; sleep 1000'],
        {},
        {},
      );
      const go = Promise.withResolvers<undefined>();
      const stdin = async function* (): AsyncGenerator<Uint8Array> {
        await go.promise;
        yield utf8('typed\n');
      };
      const container = await machine.host.start(spec, { ...io, stdin: stdin() });
      await container.pause();
      go.resolve(undefined);
      // Something else runs meanwhile, from start to end.
      await runContainer(machine, ['true']);
      expect(io.out()).toBe('');
      await container.unpause();
      await expect.poll(io.out, { timeout: PATIENCE }).toBe('typed\n');
      await container.kill(9);
      await container.exit;
    });

    it('another joins its namespaces', async () => {
      const container = await sleeping({ hostname: 'first' });
      const joined = { container: container.spec.id };
      const script = 'ps | grep -c "sleep 1000"; echo x >/dev/shm/joined';
      const spec = { pid: joined, network: joined, ipc: joined };
      expect(await runContainer(machine, ['sh', '-c', script], spec)).toMatchObject({ code: 0 });
      expect(await execIn(container, ['cat', '/dev/shm/joined'])).toMatchObject({ out: 'x\n' });
      await container.stop();
      await expect(runContainer(machine, ['true'], spec)).rejects.toMatchObject({
        failure: 'other',
      });
    });
  });

  describe('signals', () => {
    it.each([
      ['caught', 15, 'trap "echo caught; exit 7" TERM; echo ready; while :; do sleep 1; done', 7],
      ['not caught, and not to be refused', 9, 'echo ready; while :; do sleep 1; done', 137],
    ])('%s', async (_, signal, script, code) => {
      const io = textIo();
      const spec = await containerSpec(machine, ['sh', '-c', script]);
      const container = await machine.host.start(spec, io);
      await expect.poll(io.out, { timeout: PATIENCE }).toBe('ready\n');
      await container.kill(signal);
      expect(await container.exit).toEqual({ code, outOfMemory: false });
      // Nobody is there any more; that is no error.
      await container.kill(signal);
    });
  });

  it('many run at once, and none has another’s output', { timeout: 3 * PATIENCE }, async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const outs = await Promise.all(
      numbers.map(async (number) => {
        const script = `for i in 1 2 3; do echo ${number}; done`;
        return (await runContainer(machine, ['sh', '-c', script])).out;
      }),
    );
    expect(outs).toEqual(numbers.map((number) => `${number}\n`.repeat(3)));
  });

  interface Sleeping extends RunningContainer {
    readonly spec: Awaited<ReturnType<typeof containerSpec>>;
    stop(): Promise<void>;
  }

  async function sleeping(changes: Parameters<typeof containerSpec>[2] = {}): Promise<Sleeping> {
    const spec = await containerSpec(machine, ['sleep', '1000'], changes);
    const container = await machine.host.start(spec, textIo());
    return {
      ...container,
      spec,
      async stop() {
        await container.kill(9);
        await container.exit;
      },
    };
  }
});
