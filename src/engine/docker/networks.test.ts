import { afterEach, describe, expect, test } from 'vitest';
import { type ContainerEngine, mortalStore, TAKEN_PORT } from '../../testing/container-engine.ts';
import { testContainers, until } from '../../testing/test-containers.ts';

const { open, close } = testContainers();
afterEach(close);

/** What a template says of a container or network. */
async function look({ docker }: ContainerEngine, what: string, template: string): Promise<string> {
  const { text, stderr } = await docker(`inspect -f '${template}' ${what}`);
  return (text + stderr).trim();
}

function address(one: ContainerEngine, container: string, network: string): Promise<string> {
  return look(one, container, `{{.NetworkSettings.Networks.${network}.IPAddress}}`);
}

async function resolved(one: ContainerEngine, from: string, names: string): Promise<string> {
  return (await one.docker(`exec ${from} resolve ${names}`)).text.trim().replaceAll('\n', ' ');
}

describe('networks', () => {
  test('of one’s own are made, listed and removed beside those that are always there', async () => {
    const one = await open();
    const { text, code } = await one.docker('network create back');
    expect([code, text]).toEqual([0, expect.stringMatching(/^[0-9a-f]{64}\n$/)]);
    const list = await one.docker("network ls --format '{{.Name}} {{.Driver}} {{.Scope}}'");
    expect(list.text).toBe(
      'back bridge local\nbridge bridge local\nhost host local\nnone null local\n',
    );
    expect((await one.docker('network rm back')).text).toBe('back\n');
    expect((await one.docker('network ls -q')).text.split('\n')).toHaveLength(4);
  });

  test('survive the end of the engine, with their IDs', async () => {
    const { store, killHolders } = mortalStore();
    const one = await open(store);
    await one.docker('network create --label a=b back');
    await one.docker('run -d --name app --network back --network-alias web box sleep 100');
    const before = await one.docker('network ls --no-trunc');
    await until(async () => (await one.docker('ps -q')).text !== '');
    killHolders();
    const other = await open(store);
    expect((await other.docker('network ls --no-trunc')).text).toBe(before.text);
    expect(await address(other, 'app', 'back')).toBe('');
    await other.docker('start app');
    expect(await address(other, 'app', 'back')).toBe('172.18.0.2');
    expect(await resolved(other, 'app', 'web app')).toBe('172.18.0.2 172.18.0.2');
  });

  test('get the first subnet that is free', async () => {
    const one = await open();
    for (const name of ['a', 'b', 'c']) await one.docker(`network create ${name}`);
    const subnets = '{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}}{{end}}';
    expect(await look(one, 'bridge a b c', subnets)).toBe(
      '172.17.0.0/16 172.17.0.1\n172.18.0.0/16 172.18.0.1\n172.19.0.0/16 172.19.0.1\n172.20.0.0/16 172.20.0.1',
    );
    await one.docker('network rm b');
    await one.docker('network create --subnet 172.21.0.0/16 d');
    await one.docker('network create e');
    await one.docker('network create f');
    expect(await look(one, 'e f', subnets)).toBe(
      '172.19.0.0/16 172.19.0.1\n172.22.0.0/16 172.22.0.1',
    );
  });

  test('with containers in them are not removed, nor pruned', async () => {
    const one = await open();
    await one.docker('network create back');
    await one.docker('network create unused');
    await one.docker('run -d --name app --network back box sleep 100');
    const { code, stderr } = await one.docker('network rm back');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Error response from daemon: error while removing network: network back id [0-9a-f]{64} has active endpoints\n/,
    );
    expect((await one.docker('network prune -f')).text).toBe('Deleted Networks:\nunused\n\n');
    await one.docker('rm -f app');
    expect((await one.docker('system prune -f')).text).toContain('Deleted Networks:\nback\n\n');
  });
});

describe('a container', () => {
  test('has the next address of its network, and the hardware address that goes with it', async () => {
    const one = await open();
    await one.docker('network create back');
    await one.docker('run -d --name ca --network back box sleep 100');
    await one.docker('run -d --name cb --network back box sleep 100');
    const what =
      '{{range .NetworkSettings.Networks}}{{.IPAddress}}/{{.IPPrefixLen}} {{.MacAddress}} {{.Gateway}}{{end}}';
    expect(await look(one, 'ca cb', what)).toBe(
      '172.18.0.2/16 02:42:ac:12:00:02 172.18.0.1\n172.18.0.3/16 02:42:ac:12:00:03 172.18.0.1',
    );
    expect(one.started.map(({ network }) => network)).toMatchObject([
      { attachments: [{ interface: 'eth0', address: '172.18.0.2', isDefault: true }] },
      { attachments: [{ interface: 'eth0', address: '172.18.0.3', isDefault: true }] },
    ]);
  });

  test('has another address when somebody took its place meanwhile', async () => {
    const one = await open();
    await one.docker('network create back');
    await one.docker('run -d --name redis --network back box sleep 100');
    await one.docker('run -d --name app --network back box sleep 100');
    await one.docker('rm -f redis');
    await one.docker('run -d --name other --network back box sleep 100');
    await one.docker('run -d --name redis --network back box sleep 100');
    expect(await address(one, 'redis', 'back')).toBe('172.18.0.4');
    expect(await resolved(one, 'app', 'redis')).toBe('172.18.0.4');
  });

  test('is known to its network by name, aliases and short ID, whatever the case', async () => {
    const one = await open();
    await one.docker('network create back');
    const { text: id } = await one.docker(
      'run -d --name web --hostname front --network back --network-alias www --network-alias api box sleep 100',
    );
    await one.docker('run -d --name peer --network back box sleep 100');
    const names = `web WWW api. front web.back ${id.slice(0, 12)} nope web.other`;
    expect(await resolved(one, 'peer', names)).toBe(
      '172.18.0.2 172.18.0.2 172.18.0.2 172.18.0.2 172.18.0.2 172.18.0.2 nobody nobody',
    );
    await one.docker('rename web shop');
    expect(await resolved(one, 'peer', 'shop web')).toBe('172.18.0.2 nobody');
  });

  test('shares an alias with others: all are answered', async () => {
    const one = await open();
    await one.docker('network create back');
    for (const name of ['ca', 'cb']) {
      await one.docker(`run -d --name ${name} --network back --network-alias all box sleep 100`);
    }
    expect(await resolved(one, 'ca', 'all')).toBe('172.18.0.2 172.18.0.3');
  });

  test('is not known by name on the default bridge, nor from another network', async () => {
    const one = await open();
    await one.docker('network create back');
    await one.docker('run -d --name ca box sleep 100');
    await one.docker('run -d --name cb box sleep 100');
    await one.docker('run -d --name cc --network back box sleep 100');
    expect(await address(one, 'cb', 'bridge')).toBe('172.17.0.3');
    expect(await resolved(one, 'ca', 'cb cc ca')).toBe('nobody nobody nobody');
    expect(await resolved(one, 'cc', 'ca cc')).toBe('nobody 172.18.0.2');
  });

  test('reads its address in /etc/hosts, and the resolver where names are known', async () => {
    const one = await open();
    await one.docker('network create back');
    await one.docker('run -d --name app -h app --network back box sleep 100');
    const files = async (name: string): Promise<readonly string[]> => [
      (await one.docker(`exec ${name} cat /etc/hosts`)).text,
      (await one.docker(`exec ${name} cat /etc/resolv.conf`)).text,
    ];
    const [hosts, resolver] = await files('app');
    expect(hosts).toMatch(/\n172\.18\.0\.2\tapp\n$/);
    expect(resolver).toContain('\nnameserver 127.0.0.11\noptions ndots:0\n');
    await one.docker('run -d --name plain -h plain box sleep 100');
    const [plainHosts, plainResolver] = await files('plain');
    expect(plainHosts).toMatch(/\n172\.17\.0\.2\tplain\n$/);
    expect(plainResolver).not.toContain('nameserver');
    await one.docker('run -d --name side --network container:app box sleep 100');
    expect(await files('side')).toEqual([hosts, resolver]);
  });

  test('joins and leaves networks while it runs', async () => {
    const one = await open();
    await one.docker('network create back');
    await one.docker('run -d --name app -h app box sleep 100');
    await one.docker('run -d --name peer --network back box sleep 100');
    expect((await one.docker('network connect --alias db back app')).code).toBe(0);
    expect([...one.connected]).toMatchObject([
      { interface: 'eth1', address: '172.18.0.3', isDefault: true },
    ]);
    expect(await resolved(one, 'peer', 'db app')).toBe('172.18.0.3 172.18.0.3');
    expect(await resolved(one, 'app', 'peer')).toBe('172.18.0.2');
    expect((await one.docker('exec app cat /etc/hosts')).text).toMatch(
      /\n172\.17\.0\.2\tapp\n172\.18\.0\.3\tapp\n$/,
    );
    expect(
      (await one.docker("ps --filter network=back --format '{{.Names}} {{.Networks}}'")).text,
    ).toBe('peer back\napp back,bridge\n');
    const again = await one.docker('network connect back app');
    expect(again.stderr).toBe(
      'Error response from daemon: endpoint with name app already exists in network back\n',
    );
    await one.docker('network disconnect back app');
    expect(one.connected.size).toBe(0);
    expect(await resolved(one, 'peer', 'db')).toBe('nobody');
    expect((await one.docker("ps --format '{{.Names}} {{.Networks}}'")).text).toBe(
      'peer back\napp bridge\n',
    );
  });

  test('joins networks while it is stopped, and is in them when it starts', async () => {
    const one = await open();
    await one.docker('network create back');
    await one.docker('create --name app box sleep 100');
    await one.docker('network connect back app');
    expect(await address(one, 'app', 'back')).toBe('');
    await one.docker('start app');
    expect(await address(one, 'app', 'back')).toBe('172.18.0.2');
    expect(await address(one, 'app', 'bridge')).toBe('172.17.0.2');
    await one.docker('stop -t 0 app');
    await one.docker('network disconnect bridge app');
    await one.docker('start app');
    expect(await look(one, 'app', '{{json .NetworkSettings.Networks}}')).not.toContain('bridge');
  });

  test('does not find a network again that was made anew under the same name', async () => {
    const one = await open();
    await one.docker('network create back');
    await one.docker('run --name app --network back box true');
    await one.docker('network rm back');
    await one.docker('network create back');
    const { code, stderr } = await one.docker('start app');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error response from daemon: network [0-9a-f]{64} not found\n/);
  });

  test('with none, host or another’s network has no address of its own', async () => {
    const one = await open();
    await one.docker('run -d --name app box sleep 100');
    for (const network of ['none', 'host', 'container:app']) {
      await one.docker(`run --rm --network ${network} box true`);
    }
    const [app, ...others] = one.started;
    expect(others.map(({ network }) => network)).toEqual([
      'private',
      'host',
      { container: app?.id },
    ]);
  });

  test('may ask for an address where the subnet was chosen', async () => {
    const one = await open();
    await one.docker('network create --subnet 10.5.0.0/24 back');
    await one.docker('network create other');
    await one.docker('run -d --name ca --network back --ip 10.5.0.9 box sleep 100');
    expect(await address(one, 'ca', 'back')).toBe('10.5.0.9');
    const refused = async (flags: string): Promise<string> =>
      (await one.docker(`run --rm ${flags} box true`)).stderr;
    expect(await refused('--network back --ip 10.5.0.9')).toContain('Address already in use');
    expect(await refused('--network other --ip 172.19.0.9')).toContain('user specified IP address');
  });
});

describe('published ports', () => {
  test('lead to the container while it runs', async () => {
    const one = await open();
    await one.docker(
      'run -d --name web --expose 443 -p 8080:80 -p 127.0.0.1:9000-9001:90-91 box sleep 100',
    );
    expect([...one.published]).toEqual([
      { hostIp: '0.0.0.0', hostPort: 8080, address: '172.17.0.2', port: 80, protocol: 'tcp' },
      { hostIp: '127.0.0.1', hostPort: 9000, address: '172.17.0.2', port: 90, protocol: 'tcp' },
      { hostIp: '127.0.0.1', hostPort: 9001, address: '172.17.0.2', port: 91, protocol: 'tcp' },
    ]);
    expect((await one.docker('port web')).text).toBe(
      '80/tcp -> 0.0.0.0:8080\n90/tcp -> 127.0.0.1:9000\n91/tcp -> 127.0.0.1:9001\n',
    );
    expect((await one.docker("ps --format '{{.Ports}}'")).text).toBe(
      '443/tcp, 0.0.0.0:8080->80/tcp, 127.0.0.1:9000->90/tcp, 127.0.0.1:9001->91/tcp\n',
    );
    await one.docker('stop -t 0 web');
    expect(one.published.size).toBe(0);
    expect((await one.docker('port web')).text).toBe('');
  });

  test('that are taken keep it from starting, in Docker’s words', async () => {
    const one = await open();
    await one.docker('run -d --name web -p 5000:80 box sleep 100');
    const { code, stderr } = await one.docker('run -d --name other -p 5000:80 box sleep 100');
    expect(code).toBe(125);
    expect(stderr).toMatch(
      /^docker: Error response from daemon: driver failed programming external connectivity on endpoint other \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:5000 failed: port is already allocated\.\n/,
    );
    expect(await look(one, 'other', '{{.State.Status}}')).toBe('created');
    await one.docker('rm -f web');
    expect((await one.docker('start other')).code).toBe(0);
  });

  test('that something else in the machine listens on are told apart', async () => {
    const one = await open();
    const { stderr } = await one.docker(`run -d -p ${TAKEN_PORT}:80 box sleep 100`);
    expect(stderr).toContain(
      `Error starting userland proxy: listen tcp4 0.0.0.0:${TAKEN_PORT}: bind: address already in use`,
    );
    expect(one.published.size).toBe(0);
  });

  test('without a number get one that is free, and -P publishes all that is exposed', async () => {
    const one = await open();
    await one.docker('run -d --name ca -p 80 box sleep 100');
    await one.docker('run -d --name cb --expose 80 --expose 90 -P box sleep 100');
    await one.docker('run -d --name cc -p 32768-32780:80 box sleep 100');
    expect((await one.docker('port ca')).text).toBe('80/tcp -> 0.0.0.0:32768\n');
    expect((await one.docker('port cb')).text).toBe(
      '80/tcp -> 0.0.0.0:32769\n90/tcp -> 0.0.0.0:32770\n',
    );
    expect((await one.docker('port cc')).text).toBe('80/tcp -> 0.0.0.0:32771\n');
  });

  test.each([
    ['-p 53:53/udp', 'only tcp ports are published'],
    ['-p [::1]:80:80', 'the machine has IPv4 alone'],
  ])('%s is refused: %s', async (flag, why) => {
    const one = await open();
    const { code, stderr } = await one.docker(`run ${flag} box true`);
    expect(code).toBe(125);
    expect(stderr).toContain(why);
  });
});

test('events tell who joins and leaves', async () => {
  const one = await open();
  await one.docker('network create back');
  await one.docker('run --name app --network back box echo hi');
  await one.docker('rm app');
  await one.docker('network rm back');
  const format =
    "--format '{{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.type}}'";
  const { text } = await one.docker(`events --since 1h --until 0s ${format}`);
  expect(text.replaceAll(' <no value>', '').split('\n')).toEqual([
    'network create back bridge',
    'container create app',
    'network connect back bridge',
    'container start app',
    'network disconnect back bridge',
    'container die app',
    'container destroy app',
    'network destroy back bridge',
    '',
  ]);
});
