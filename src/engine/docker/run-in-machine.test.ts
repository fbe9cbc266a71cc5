import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { hostWorkspace } from '../../cli/workspace/host-workspace.ts';
import { hasMachine, newMachine, NO_MACHINE, pantryEngine } from '../../testing/machine.ts';
import { runDocker } from '../../testing/session.ts';
import { once, utf8 } from '../bytes.ts';
import { findContainer } from '../containers/registry.ts';
import { stopAllContainers } from '../containers/shutdown.ts';
import type { Engine } from '../engine.ts';

// Every flag once for real: what a container prints inside the machine, as a real Docker 26 has it.
const BUSY = 'busybox';

/** Arguments after `docker`, what is printed, and the exit code where it is not 0. */
const TABLE: readonly (readonly [line: string, out: string | RegExp, code?: number])[] = [
  ['run --rm BOX echo hi', 'hi\n'],
  ["run --rm BOX sh -c 'exit 3'", '', 3],
  ["run --rm BOX sh -c 'kill -9 $$; echo still here'", 'still here\n'],
  ['run --rm BOX sh -c \'(kill -9 $(cut -d" " -f4 /proc/self/stat)); echo x\'', /x\n/],
  ['run --rm BOX pwd', '/\n'],
  ['run --rm -w /a/b BOX pwd', '/a/b\n'],
  ['run --rm -h foo.bar BOX hostname', 'foo.bar\n'],
  ['run --rm -h foo.bar BOX cat /etc/hostname', 'foo.bar\n'],
  ['run --rm --add-host db:10.1.2.3 BOX grep db /etc/hosts', '10.1.2.3\tdb\n'],
  ['run --rm --dns 10.9.8.7 BOX grep ^nameserver /etc/resolv.conf', 'nameserver 10.9.8.7\n'],
  [
    'run --rm -h x -e A=1 BOX env',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nHOSTNAME=x\nA=1\nHOME=/root\n',
  ],
  ['run --rm -e PATH=/bin -e HOME=/h -h x BOX env', 'PATH=/bin\nHOSTNAME=x\nHOME=/h\n'],
  ['run --rm --env-file env.txt -h x BOX env', /\nFROM_FILE=1\n/],
  ['run --rm -t BOX tty', /^\/dev\/(pts\/0|console)\r\n$/],
  ['run --rm -t -h x BOX env', /\r\nTERM=xterm\r\n/],
  ['run --rm -u 1000 BOX id', 'uid=1000 gid=0(root) groups=0(root)\n'],
  [
    'run --rm -u 1000:50 --group-add 7 BOX id',
    /^uid=1000 gid=50(\(staff\))? groups=(7(\(lp\))?,50|50(\(staff\))?,7)/,
  ],
  ['run --rm -u nobody BOX id -un', 'nobody\n'],
  ['run --rm -u 1000 -e HOME= BOX sh -c "cd; pwd"', /./],
  ['run --rm --entrypoint /bin/echo BOX entry', 'entry\n'],
  ['run --rm --read-only BOX touch /x', '', 1],
  ['run --rm --read-only --tmpfs /x BOX sh -c "touch /x/y && ls /x"', 'y\n'],
  [
    'run --rm --tmpfs /x BOX grep " /x " /proc/mounts',
    /^tmpfs \/x tmpfs rw,nosuid,nodev,noexec,relatime/,
  ],
  ['run --rm --tmpfs /x:size=1m,mode=700 BOX grep " /x " /proc/mounts', /size=1024k,mode=700/],
  [
    'run --rm --tmpfs /x:exec BOX grep " /x " /proc/mounts',
    /^tmpfs \/x tmpfs rw,nosuid,nodev,relatime/,
  ],
  ['run --rm --mount type=tmpfs,dst=/x,tmpfs-size=1m BOX grep " /x " /proc/mounts', /size=1024k/],
  ['run --rm --shm-size 1m BOX df /dev/shm', /1024 +0 +1024 +0% \/dev\/shm\n$/],
  ['run --rm BOX df /dev/shm', /65536 +0 +65536 +0% \/dev\/shm\n$/],
  ['run --rm BOX grep CapEff /proc/self/status', 'CapEff:\t00000000a80425fb\n'],
  [
    'run --rm -u 1000 BOX grep -E "Cap(Eff|Bnd)" /proc/self/status',
    'CapEff:\t0000000000000000\nCapBnd:\t00000000a80425fb\n',
  ],
  [
    'run --rm --cap-drop all --cap-add chown BOX grep CapEff /proc/self/status',
    'CapEff:\t0000000000000001\n',
  ],
  [
    'run --rm --cap-drop net_raw --cap-add SYS_PTRACE BOX grep CapEff /proc/self/status',
    'CapEff:\t00000000a80c05fb\n',
  ],
  ['run --rm --privileged BOX grep CapEff /proc/self/status', 'CapEff:\t000001ffffffffff\n'],
  [
    'run --rm --security-opt no-new-privileges BOX grep NoNewPrivs /proc/self/status',
    'NoNewPrivs:\t1\n',
  ],
  ['run --rm BOX grep NoNewPrivs /proc/self/status', 'NoNewPrivs:\t0\n'],
  ['run --rm BOX cat /proc/kcore', '', 0],
  ['run --rm BOX sh -c "echo x > /proc/sys/kernel/hostname"', '', 1],
  ['run --rm --pids-limit 5 BOX sh -c "for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait"', '', 2],
  ['run --rm -m 10m BOX tail /dev/zero', '', 137],
  ['run --rm --ulimit nofile=1000:2000 BOX sh -c "ulimit -n; ulimit -Hn"', '1000\n2000\n'],
  ['run --rm --init BOX sh -c "cat /proc/1/comm; echo"', /init|tini|catatonit/],
  ['run --rm BOX sh -c "cat /proc/1/comm; true"', 'sh\n'],
  ['run --rm --sysctl net.ipv4.ip_forward=1 BOX cat /proc/sys/net/ipv4/ip_forward', '1\n'],
  ['run --rm --network none BOX ls /sys/class/net', 'lo\n'],
  ['run --rm -v named:/data BOX sh -c "echo kept > /data/f; id > /dev/null"', ''],
  ['run --rm -v named:/data:ro BOX cat /data/f', 'kept\n'],
  ['run --rm -v named:/data:ro BOX touch /data/x', '', 1],
  ['run --rm -v fromimage:/etc BOX cat /etc/group', /^root:/],
  ['run --rm -v ./sub:/here BOX cat /here/file.txt', 'in the workspace\n'],
  ['run --rm -v ./sub:/here:ro BOX sh -c "echo x > /here/file.txt"', '', 1],
  ['run --rm -v ./sub:/here BOX sh -c "echo written > /here/new.txt"', ''],
  ['run --rm --mount type=bind,src=./sub/file.txt,dst=/one BOX cat /one', 'in the workspace\n'],
  ['run --rm -v ./made:/made BOX ls -d /made', '/made\n'],
  ['run --rm -i BOX cat', 'typed\n'],
  ['run --rm BOX cat', ''],
  ['run --rm BOX nope', '', 127],
  ['run --rm BOX /etc/passwd', '', 126],
  ['run -d --name app -h app BOX sh -c "echo started > /tmp/log; sleep 1000"', /^[0-9a-f]{64}\n$/],
  ['exec app cat /tmp/log', 'started\n'],
  ['exec -e B=2 -w /tmp -u 1000 app sh -c "id -u; pwd; echo $B"', '1000\n/tmp\n2\n'],
  ['exec app sh -c "exit 7"', '', 7],
  [
    'exec app nope',
    /^OCI runtime exec failed: exec failed: .*exec: "nope": executable file not found in \$PATH: unknown\r\n$/,
    126,
  ],
  ['run --rm --pid container:app BOX cat /proc/1/comm', 'sleep\n'],
  ['run --rm --network container:app BOX hostname', 'app\n'],
  ['run --rm --ipc container:app BOX true', '', 125],
  ['pause app', 'app\n'],
  ['unpause app', 'app\n'],
  ['stop -t 1 app', 'app\n'],
  ['inspect app --format "{{.State.Status}} {{.State.ExitCode}}"', 'exited 137\n'],
  ['start app', 'app\n'],
  ['exec app cat /tmp/log', 'started\n'],
  ['rm -f app', 'app\n'],
  [
    'run -d --name trapped BOX sh -c \'trap "echo bye; exit 9" TERM; echo up; while true; do sleep 0.1; done\'',
    /./,
  ],
  // By when this has run, the shell has set its trap.
  ['exec trapped true', ''],
  ['stop trapped', 'trapped\n'],
  ['wait trapped', '9\n'],
  ['logs trapped', 'up\nbye\n'],
  ['rm trapped', 'trapped\n'],
  ["run --name again --restart on-failure:2 BOX sh -c 'echo run; exit 3'", 'run\n', 3],
  ['wait again', '3\n'],
  ['rm -f again', 'again\n'],
  [
    "run -d --rm --name target -u 1000 -v named:/data BOX sh -c 'echo secret > /tmp/f; sleep 1000'",
    /./,
  ],
  [
    'run --rm --pid container:target -u 1000:0 --cap-add SYS_PTRACE BOX cat /proc/1/root/tmp/f',
    'secret\n',
  ],
  ['run --rm --pid container:target BOX ls /proc/1/root/', '', 1],
  ['stop -t 0 target', 'target\n'],
  ['start target', '', 1],
];

function words(line: string): readonly string[] {
  return (line.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) =>
    word.replace(/^(['"])(.*)\1$/s, '$2').replace(/^BOX$/, BUSY),
  );
}

describe.skipIf(!hasMachine)(
  `containers in the machine (${hasMachine ? 'found' : NO_MACHINE})`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'semdistro-run-'));
    const machine = newMachine({ workspace: folder });
    const engine: Engine = { ...pantryEngine(), processHost: machine.host };
    const say = (args: readonly string[]) =>
      runDocker(engine, args, {
        cwd: folder,
        stdin: once(utf8('typed\n')),
        session: { workspace: hostWorkspace(folder, folder) },
      });

    afterAll(async () => {
      await stopAllContainers(engine);
      await machine.close();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    test('begins', async () => {
      await mkdir(join(folder, 'sub'));
      writeFileSync(join(folder, 'sub/file.txt'), 'in the workspace\n');
      writeFileSync(join(folder, 'env.txt'), '# one\nFROM_FILE=1\n');
      expect((await say(['pull', '-q', BUSY])).code).toBe(0);
    }, 60_000);

    test.each(TABLE.map((row, index) => [index, ...row] as const))(
      '%d docker %s',
      async (_, line, out, code = 0) => {
        const { code: got, text, stderr } = await say(words(line));
        const shown = typeof out === 'string' || !out.test(text) ? text : out;
        expect({ code: got, out: shown, stderr }).toEqual({ code, out, stderr });
      },
      120_000,
    );

    test('what a container writes into the workspace is there', () => {
      expect(readFileSync(join(folder, 'sub/new.txt'), 'utf8')).toBe('written\n');
    });

    test('a health check runs inside, and its end is told', async () => {
      const flags = ['--health-interval', '100ms', '--health-retries', '1'];
      const run = (name: string, check: string): Promise<unknown> =>
        say(['run', '-d', '--name', name, ...flags, '--health-cmd', check, BUSY, 'sleep', '1000']);
      await run('well', 'test -e /etc/hosts');
      await run('sick', 'echo no; exit 1');
      const health = async (name: string) =>
        (await findContainer(engine, name)).state.health ?? { status: '', log: [] };
      await vi.waitFor(
        async () => {
          expect((await health('well')).status).toBe('healthy');
          expect((await health('sick')).status).toBe('unhealthy');
        },
        { timeout: 60_000, interval: 200 },
      );
      expect((await health('sick')).log[0]).toMatchObject({ exitCode: 1, output: 'no\n' });
      await say(['rm', '-f', 'well', 'sick']);
    }, 90_000);

    test('what is typed at run -it is answered, at a terminal of its size', async () => {
      const session = {
        ...{ workspace: hostWorkspace(folder, folder), stdinIsTerminal: true },
        terminal: {
          size: () => ({ columns: 101, rows: 33 }),
          onResize: () => () => undefined,
          setRaw: () => undefined,
        },
      };
      const typed = once(utf8('stty size; exit 4\n'));
      const said = await runDocker(engine, ['run', '-it', '--rm', BUSY, 'sh'], {
        ...{ cwd: folder, stdin: typed, session },
      });
      expect(said.code).toBe(4);
      expect(said.text).toContain('\r\n33 101\r\n');
    }, 60_000);
  },
);
