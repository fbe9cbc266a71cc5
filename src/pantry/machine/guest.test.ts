import { afterAll, describe, expect, it } from 'vitest';
import { hasMachine, NO_MACHINE } from '../../testing/machine.ts';
import { startGuest, type TestGuest } from '../../testing/guest.ts';

/** The machine that the set-up made, restored: what init.sh and the image of its programs promise. */
let guest: TestGuest | undefined;
const sh = async (script: string): Promise<string> => {
  guest ??= await startGuest();
  const { code, output } = await guest.sh(script);
  expect({ script, code, output }).toMatchObject({ code: 0 });
  return output.trim();
};
afterAll(() => guest?.close());

describe.skipIf(!hasMachine)(`the guest (${NO_MACHINE})`, { timeout: 60_000 }, () => {
  it('has its root in a tmpfs, and everything mounted that programs look for', async () => {
    const mounts = await sh("awk '{ print $2, $3 }' /proc/mounts");
    for (const mount of [
      ...['/ tmpfs', '/proc proc', '/sys sysfs', '/dev devtmpfs', '/dev/pts devpts'],
      ...['/dev/shm tmpfs', '/run tmpfs', '/tmp tmpfs', '/sys/fs/cgroup cgroup2'],
      ...['/usr 9p', '/etc 9p'],
    ]) {
      expect(mounts.split('\n')).toContain(mount);
    }
    expect(mounts).not.toContain('rootfs');
    expect(await sh('stat -c %a / /root /tmp /var/tmp /dev/shm /run')).toBe(
      '755\n700\n1777\n1777\n1777\n755',
    );
    expect(await sh('readlink /bin /sbin /lib /var/run /dev/fd')).toBe(
      'usr/bin\nusr/sbin\nusr/lib\n../run\n/proc/self/fd',
    );
  });

  it('gives control groups what limits need', async () => {
    const enabled = (await sh('cat /sys/fs/cgroup/cgroup.subtree_control')).split(' ');
    expect(enabled).toEqual(expect.arrayContaining(['cpu', 'memory', 'pids']));
  });

  it('runs the agent as process 1, and nothing else beside the kernel', async () => {
    expect(await sh("tr '\\0' ' ' </proc/1/cmdline")).toBe('/run/semdistro/bin/agent');
    expect(await sh('ps -o args= --ppid 1 | grep -v "^sh\\|^/bin/sh\\|^ps" || true')).toBe('');
    expect(
      await sh('uname -n; cat /sys/class/net/lo/operstate; ls /modules /init 2>&1 | wc -l'),
    ).toBe('semdistro\nunknown\n2');
  });

  it('has the programs that people type', async () => {
    const programs = `bash busybox cat curl docker file find gawk:awk grep gzip ip jq less ls nano ps
      sed sh tar tini tree vi vim which xz crun ss hostname nc ping wget column`;
    const names = programs.split(/\s+/).map((name) => name.replace(/^\w+:/, ''));
    expect(
      await sh(
        `for name in ${names.join(' ')}; do command -v "$name" >/dev/null || echo "$name"; done`,
      ),
    ).toBe('');
    expect(await sh('curl --version | head -1; jq -n 1+1; vi --version | head -1')).toMatch(
      /^curl 8.*\n2\nVIM/s,
    );
  });

  it('has an editor with nothing to complain of in its settings', async () => {
    expect(await sh('grep -c "^include .*/usr/share/nano/" /etc/nanorc')).toBe('1');
    expect(await sh('test -e /usr/share/nano/go.nanorc; find -L /usr/share/nano -type l')).toBe('');
  });

  it('completes what is typed once Tab is pressed, with history and aliases before', async () => {
    const interactive = (script: string) => sh(`cd /tmp; bash -ic '${script}' 2>/dev/null`);
    expect(await interactive('alias ll; echo "$HISTCONTROL"; shopt histappend; echo "$PS1"')).toBe(
      "alias ll='ls -l'\nignoreboth\nhistappend     \ton\n\\w \\$",
    );
    expect(
      await interactive(
        '_semdistro_completion; echo $?; type _comp_load >/dev/null && echo loaded',
      ),
    ).toBe('124\nloaded');
  });

  it('answers files by the clock of whoever restored it', async () => {
    const seconds = Number(await sh('date +%s'));
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(20);
  });
});
