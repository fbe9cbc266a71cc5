import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import type {
  Attachment,
  ContainerSpec,
  Duplex,
  HostNetwork,
  HostPort,
  Published,
  RunningContainer,
} from '../../engine/process/host.ts';
import {
  containerSpec,
  execIn,
  type Outcome,
  processSpec,
  runContainer,
  textIo,
} from '../../testing/containers.ts';
import { hasMachine, NO_MACHINE, testMachine } from '../../testing/machine.ts';
import type { Machine } from '../machine.ts';

/** Emulated, on a computer that may be doing much else. */
const PATIENCE = 120_000;

const network = (digit: string, second: number, internal = false): HostNetwork => ({
  ...{ id: digit.repeat(64), internal },
  ...{ subnet: `172.${second}.0.0/16`, gateway: `172.${second}.0.1` },
});
const A = network('a', 18);
const B = network('b', 19);
const INSIDE = network('c', 20, true);

/** How a container takes part in a network, with Docker's kind of card. */
function attachment(of: HostNetwork, host: number, name = 'eth0'): Attachment {
  const address = of.gateway.replace(/1$/, String(host));
  const mac = ['02:42', ...address.split('.').map((part) => hex(Number(part)))].join(':');
  return { network: of, interface: name, address, mac, isDefault: name === 'eth0' };
}

const hex = (value: number): string => value.toString(16).padStart(2, '0');

const on = (...attachments: readonly Attachment[]): Partial<ContainerSpec> => ({
  network: { attachments },
});

describe.skipIf(!hasMachine)(`networks in the guest (${NO_MACHINE})`, { timeout: PATIENCE }, () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = testMachine();
    await machine.start();
  }, PATIENCE);

  const started: RunningContainer[] = [];
  const ports: Published[] = [];
  afterEach(async () => {
    for (const port of ports.splice(0)) await port.release();
    await stopAll();
  });

  async function stopAll(): Promise<void> {
    for (const container of started.splice(0)) {
      await container.kill(9);
      await container.exit;
    }
  }

  /** A container that runs until the test is over; resolves once it printed `ready`. */
  async function running(
    script: string,
    changes: Partial<ContainerSpec>,
    process: Parameters<typeof processSpec>[1] = {},
  ): Promise<RunningContainer & { readonly id: string }> {
    const io = textIo();
    const argv = ['sh', '-c', `${script}\necho ready; exec sleep 1000`];
    const spec = await containerSpec(machine, argv, changes, process);
    const container = await machine.host.start(spec, io);
    started.push(container);
    await expect.poll(() => io.out() + io.err(), { timeout: PATIENCE }).toContain('ready\n');
    return { ...container, id: spec.id };
  }

  /** A port that leads to a container until the test is over. */
  async function publish(at: HostPort): Promise<Published> {
    const published = await machine.host.publish?.(at);
    if (!published) throw new Error('nothing can be published');
    ports.push(published);
    return published;
  }

  /** A page on port 80. */
  const page = (text: string): string =>
    `mkdir /www; echo ${text} >/www/index.html; httpd -p 80 -h /www`;

  /** A program on port 80, for one connection, which is its input and output. */
  const serving = (program: string): string =>
    `nc -l -p 80 -e ${program} & until netstat -ltn | grep -q ":80 "; do sleep 0.1; done`;

  async function shell(script: string): Promise<string> {
    const io = textIo();
    const { exit } = await machine.shell(
      { argv: ['/bin/bash', '-c', script], env: ['PATH=/usr/sbin:/usr/bin'], cwd: '/' },
      { output: (stream, bytes) => (stream === 1 ? io.stdout(bytes) : io.stderr(bytes)) },
    );
    await exit;
    return io.out() + io.err();
  }

  const lines = ({ out }: Outcome): readonly string[] => out.trim().split('\n');

  describe('a container', () => {
    it('has the address, the card and the routes it was given', async () => {
      const script = `ip -4 -o addr show eth0 | tr -s ' ' | cut -d' ' -f3-6
        cat /sys/class/net/eth0/address; ip route; ls /sys/class/net; ping -c 1 -W 2 172.18.0.1 >/dev/null && echo gateway`;
      const outcome = await runContainer(machine, ['sh', '-c', script], on(attachment(A, 2)));
      expect(lines(outcome).map((line) => line.trim())).toEqual([
        'inet 172.18.0.2/16 brd 172.18.255.255',
        '02:42:ac:12:00:02',
        'default via 172.18.0.1 dev eth0',
        '172.18.0.0/16 dev eth0 scope link  src 172.18.0.2',
        ...['eth0', 'lo'],
        'gateway',
      ]);
    });

    it('reaches others in its network, those of other networks not, and none from an internal one', async () => {
      await running(page('first'), on(attachment(A, 10)));
      await running(page('second'), on(attachment(B, 10)));
      const get = (address: string): string => `wget -T 3 -qO- http://${address}/ || echo none`;
      const ask = [get('172.18.0.10'), get('172.19.0.10')].join('\n');
      expect(lines(await runContainer(machine, ['sh', '-c', ask], on(attachment(A, 2))))).toEqual([
        ...['first', 'none'],
      ]);
      const both = on(attachment(A, 2), attachment(B, 2, 'eth1'));
      expect(lines(await runContainer(machine, ['sh', '-c', ask], both))).toEqual([
        ...['first', 'second'],
      ]);
      const inside = ['sh', '-c', `ip route | wc -l; ${get('172.18.0.10')} 2>/dev/null`];
      expect(lines(await runContainer(machine, inside, on(attachment(INSIDE, 2))))).toEqual([
        ...['1', 'none'],
      ]);
    });

    it('of any user may listen on any port', async () => {
      const user = { uid: 65532, gid: 65532, groups: [] };
      const script = 'cd /tmp; echo low >index.html; httpd -p 80; wget -qO- http://127.0.0.1/';
      const outcome = await runContainer(machine, ['sh', '-c', script], on(attachment(A, 2)), {
        user,
      });
      expect(outcome).toMatchObject({ out: 'low\n', code: 0 });
    });

    it('that shares another’s network sees what listens there only for itself', async () => {
      const { id } = await running(
        'mkdir /www; echo own >/www/index.html; httpd -p 127.0.0.1:80 -h /www',
        {
          ...on(attachment(A, 2)),
          resolve: (name) => (name === 'redis' ? ['172.18.0.7'] : undefined),
        },
      );
      const script = `wget -qO- http://127.0.0.1/; netstat -ltn | grep -c "127.0.0.1:80 "
        ip -4 -o addr show eth0 | grep -c 172.18.0.2; nslookup redis 127.0.0.11 | grep -c "Address: 172.18.0.7$"`;
      const joined = { network: { container: id } };
      expect(lines(await runContainer(machine, ['sh', '-c', script], joined))).toEqual([
        ...['own', '1', '1', '1'],
      ]);
      // From outside there is nothing.
      expect(await shell('curl -sS -m 5 http://172.18.0.2/ 2>&1')).toMatch(/Could not connect/);
    });

    it('that has the machine’s network has all of it', async () => {
      await running(page('mine'), on(attachment(A, 2)));
      const script = 'ls /sys/class/net | sort; wget -qO- http://172.18.0.2/';
      const outcome = await runContainer(machine, ['sh', '-c', script], { network: 'host' });
      expect(lines(outcome)).toEqual([
        ...['br-aaaaaaaaaaaa', 'eth0', 'lo'],
        expect.stringMatching(/^veth[0-9a-f]{7}$/),
        'mine',
      ]);
    });

    it('that joins a network while it runs is reached there, until it leaves', async () => {
      const container = await running(page('here'), on(attachment(A, 2)));
      await container.connect?.(attachment(B, 3, 'eth1'));
      expect(await shell('curl -sS -m 5 http://172.19.0.3/')).toBe('here\n');
      await container.disconnect?.(A.id);
      const seen = await execIn(container, ['sh', '-c', 'ls /sys/class/net; ip route | head -n 1']);
      expect(lines(seen).map((line) => line.trim())).toEqual([
        ...['eth1', 'lo', 'default via 172.19.0.1 dev eth1'],
      ]);
      await container.disconnect?.(B.id);
      expect(lines(await execIn(container, ['ls', '/sys/class/net']))).toEqual(['lo']);
      await container.connect?.(attachment(A, 9));
      expect(await shell('curl -sS -m 5 http://172.18.0.9/')).toBe('here\n');
    });

    it('without a network joins one, too', async () => {
      const container = await running(page('late'), { network: 'private' });
      await container.connect?.(attachment(A, 4));
      expect(await shell('curl -sS -m 5 http://172.18.0.4/')).toBe('late\n');
    });

    it('reads what its files are changed to', async () => {
      const target = '/etc/hosts';
      const file = { content: utf8('1.1.1.1 old\n'), mode: 0o644, uid: 0, gid: 0, readOnly: false };
      const container = await running('cat /etc/hosts', {
        mounts: [{ kind: 'file', target, ...file }],
      });
      await container.rewrite?.(target, utf8('2.2.2.2 new\n'));
      expect((await execIn(container, ['cat', target])).out).toBe('2.2.2.2 new\n');
      await expect(container.rewrite?.('/etc/other', utf8(''))).rejects.toThrow('/etc/other');
    });
  });

  describe('names', () => {
    it('are what the engine says they are, by every way to ask', async () => {
      await running(page('found'), on(attachment(A, 10)));
      const known = new Map([['web', ['172.18.0.10']]]);
      const heard: string[] = [];
      const io = { ...textIo(), lookup: (name: string) => void heard.push(name) };
      const file = { content: utf8('nameserver 127.0.0.11\noptions ndots:0\n'), mode: 0o644 };
      const script = `wget -qO- http://web/; ping -c 1 web | head -n 1; nslookup web | grep -A 1 ^Name
        wget -T 3 -qO- http://nobody.example/ 2>&1; true`;
      const spec = await containerSpec(machine, ['sh', '-c', script], {
        ...on(attachment(A, 2)),
        resolve: (name) => known.get(name),
        mounts: [
          { kind: 'file', target: '/etc/resolv.conf', uid: 0, gid: 0, readOnly: false, ...file },
        ],
      });
      await (
        await machine.host.start(spec, io)
      ).exit;
      expect(io.out().trim().split('\n').filter(Boolean)).toEqual([
        'found',
        'PING web (172.18.0.10): 56 data bytes',
        ...['Name:\tweb', 'Address: 172.18.0.10'],
        "wget: bad address 'nobody.example'",
      ]);
      expect(heard).toEqual(['nobody.example']);
    });

    it('that no network knows are told by the machine’s resolver, too', async () => {
      const heard: string[] = [];
      machine.onLookup((name) => heard.push(name));
      expect(await shell('curl -sS http://nowhere.example/ 2>&1')).toMatch(/resolve host/);
      machine.onLookup(() => undefined);
      expect(heard).toEqual(['nowhere.example']);
    });
  });

  describe('a published port', () => {
    const at = {
      ...{ hostIp: '0.0.0.0', hostPort: 8080, address: '172.18.0.2', port: 80 },
      protocol: 'tcp',
    } as const;

    it('is answered by the container, until it is released', async () => {
      await running(page('published'), on(attachment(A, 2)));
      const published = await publish(at);
      expect(await shell('curl -sS -m 5 http://localhost:8080/ http://172.18.0.1:8080/')).toBe(
        'published\npublished\n',
      );
      await expect(machine.host.publish?.(at)).rejects.toMatchObject({ code: 'port-taken' });
      await published.release();
      expect(await shell('curl -sS -m 5 http://localhost:8080/ 2>&1')).toMatch(/Could not connect/);
      await (await publish(at)).release();
    });

    it('of a server that listens only for itself takes no connection that it would not drop at once', async () => {
      await running('httpd -p 127.0.0.1:80', on(attachment(A, 2)));
      await publish(at);
      expect(await shell('curl -sS -m 5 http://localhost:8080/ 2>&1')).toMatch(
        /^curl: \((7|56)\) /,
      );
    });

    it('may be of the machine alone, and of no address that it has not', async () => {
      await running(page('local'), on(attachment(A, 2)));
      await publish({ ...at, hostIp: '127.0.0.1' });
      const get = 'curl -sS -m 5 http://127.0.0.1:8080/ http://172.18.0.1:8080/ 2>&1';
      expect(await shell(get)).toMatch(/^local\n.*Could not connect/);
      await expect(machine.host.publish?.({ ...at, hostIp: '10.9.9.9' })).rejects.toMatchObject({
        code: 'port-unavailable',
        message: 'listen tcp4 10.9.9.9:8080: bind: cannot assign requested address',
      });
    });
  });

  describe('a connection from the host', () => {
    async function read(readable: AsyncIterable<Uint8Array>): Promise<string> {
      let text = '';
      for await (const bytes of readable) text += new TextDecoder().decode(bytes);
      return text;
    }

    async function dial(number: number, address?: string): Promise<Duplex> {
      const connection = await machine.host.dial?.(number, address);
      if (!connection) throw new Error('nothing can be dialled');
      return connection;
    }

    it('is one to the container, or to the machine’s own loopback', async () => {
      await running(page('dialled'), on(attachment(A, 2)));
      const at = { hostIp: '127.0.0.1', hostPort: 8080, protocol: 'tcp' } as const;
      await publish({ ...at, address: '172.18.0.2', port: 80 });
      for (const place of [[80, '172.18.0.2'], [8080]] as const) {
        const [number, address] = place;
        const connection = await dial(number, address);
        await connection.write(utf8('GET / HTTP/1.0\r\n\r\n'));
        connection.end();
        expect(await read(connection.readable)).toMatch(/^HTTP.*\r\n\r\ndialled\n$/s);
        connection.close();
      }
    });

    it('carries megabytes through a published port, both ways, and each side’s end', async () => {
      await running(serving('cat'), on(attachment(A, 2)));
      const at = { hostIp: '0.0.0.0', hostPort: 8080, protocol: 'tcp' } as const;
      await publish({ ...at, address: '172.18.0.2', port: 80 });
      const connection = await dial(8080);
      const sent = 'sem distro '.repeat(300_000);
      const received = read(connection.readable);
      await connection.write(utf8(sent));
      connection.end();
      expect((await received) === sent).toBe(true);
    });

    it('is refused where nobody listens', async () => {
      await expect(machine.host.dial?.(4)).rejects.toMatchObject({ code: 'connection-refused' });
    });

    it('holds back who writes faster than the other side reads', async () => {
      await running(serving('/bin/sleep 1000'), on(attachment(A, 2)));
      const connection = await dial(80, '172.18.0.2');
      const last = connection.write(new Uint8Array(32 << 20));
      // What the kernel's buffers hold is megabytes, but not all of it.
      const outcome = await Promise.race([last.then(() => 'written'), shell('sleep 2; echo held')]);
      expect(outcome).toBe('held\n');
      connection.close();
      await last;
    });
  });

  it('leave nothing behind', async () => {
    const state = 'ls /sys/class/net /run/semdistro/net; ls /proc/1/fd | wc -l; ss -Hltn';
    await shell('true');
    const before = await shell(state);
    for (let round = 0; round < 3; round++) {
      await running('true', on(attachment(A, 2), attachment(B, 2, 'eth1')));
      await runContainer(machine, ['true'], on(attachment(A, 3)));
      await expect(runContainer(machine, ['/nowhere'], on(attachment(A, 4)))).rejects.toMatchObject(
        { failure: 'not-found' },
      );
      await stopAll();
    }
    expect(await shell(state)).toBe(before);
  });
});
