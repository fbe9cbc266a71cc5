import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../cli/node-platform.ts';
import { pantryHome } from '../../pantry/pantry-home.ts';
import { pantrySource } from '../../pantry/source.ts';
import { fakeMachine } from '../../testing/fake-machine.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { runDocker } from '../../testing/session.ts';
import { stopAllContainers } from '../containers/shutdown.ts';
import type { Engine } from '../engine.ts';
import { memoryStore } from '../store/memory.ts';

// The same words about networks to this engine, whose processes are pretended, and to a real Docker.
const real = realDocker();
const layout = pantryHome(join(import.meta.dirname, '../../../.cache')).layout;
const hasPantry = existsSync(join(layout, 'index.json'));
const reason = !real
  ? NO_DOCKER
  : hasPantry
    ? 'found'
    : 'needs the pantry (npx semdistro pantry build)';

const platform = nodePlatform();
const engine: Engine = {
  store: memoryStore(platform),
  sources: [pantrySource(layout)],
  platform,
  defaultPlatform: { os: 'linux', architecture: 'amd64' },
  processHost: fakeMachine().host,
};
const IMAGE = 'semdistro.test/network-box';

/** One command per line; quotes as in a shell. Names begin with `cmpn-`, subnets are in 10.77. */
const LINES = `
network
network --help
network ls --help
network inspect --help
network connect --help
network disconnect --help
network create --help
network rm --help
network prune --help
network create --subnet 10.77.1.0/24 cmpn-back
network create --subnet 10.77.1.0/24 cmpn-back
network create --subnet 10.77.1.128/25 cmpn-over
network create --subnet 10.77.9.0/24 --gateway 10.77.9.9 --ip-range 10.77.9.128/25 --aux-address x=10.77.9.128 cmpn-odd
network create --internal --label a=b --attachable --subnet 10.77.2.0/24 cmpn-closed
network create ''
network create bridge
network create host
network create --subnet bogus cmpn-x
network create --subnet 10.77.3.4/24 cmpn-x
network create --gateway 10.77.3.1 cmpn-x
network create --ip-range 10.77.3.0/25 cmpn-x
network create --subnet 10.77.3.0/24 --gateway 10.9.1.1 cmpn-x
network create --subnet 10.77.3.0/24 --gateway x cmpn-x
network create --subnet 10.77.3.0/24 --ip-range x cmpn-x
network create --subnet 10.77.3.0/24 --ip-range 10.77.0.0/16 cmpn-x
network create --subnet 10.77.3.0/24 --aux-address a=1.2.3.4 cmpn-x
network create -d host cmpn-x
network create -d null cmpn-x
network create -d overlay cmpn-x
network create
network rm
network connect cmpn-back
network ls --filter name=cmpn
network ls --filter name=cmpn --no-trunc
network ls --filter name=cmpn -q
network ls --filter type=custom --filter name=cmpn --format '{{.Name}} {{.Driver}} {{.Scope}} {{.IPv6}} {{.Internal}} {{.Labels}} {{.Label "a"}}'
network ls --filter type=builtin --format '{{.Name}} {{.Driver}}'
network ls --filter type=foo
network ls --filter foo=bar
network ls --filter dangling=x
network ls --filter dangling=true --filter name=cmpn --format '{{.Name}}'
network ls --filter dangling=false --filter name=cmpn --format '{{.Name}}'
network ls --filter label=a --format json
network ls --filter label=a=x
network ls --filter scope=swarm
network ls --filter id=zz
network ls --filter driver=null
network ls --format '{{.Nope}}'
network inspect cmpn-back cmpn-closed cmpn-odd host none
network inspect cmpn-nope
network inspect -f '{{json .IPAM}}' cmpn-odd
network inspect -f '{{.Name}} {{.Labels}} {{.Internal}} {{.IPAM}} {{.Containers}}' cmpn-back cmpn-odd cmpn-closed
network inspect -f '{{.Nope}}' cmpn-back
inspect cmpn-back -f '{{.Name}} {{.Driver}}'
inspect --type network cmpn-back -f '{{.Name}}'
inspect --type network cmpn-nope
run -d --name cmpn-web --network cmpn-back --network-alias www -h front -p 18480:80 -p 18481-18482:81-82 --expose 443 BOX sleep 1000
ps --filter name=cmpn-web --format '{{.Ports}}|{{.Networks}}'
port cmpn-web
port cmpn-web 80
port cmpn-web 80/tcp
port cmpn-web 80/udp
port cmpn-web 443
port cmpn-web x
inspect -f '{{json .NetworkSettings.Networks}}' cmpn-web
inspect -f '{{json .NetworkSettings.Ports}} {{json .HostConfig.PortBindings}} {{.HostConfig.NetworkMode}} {{json .Config.ExposedPorts}}' cmpn-web
inspect -f '{{.NetworkSettings.IPAddress}}|{{.NetworkSettings.Gateway}}|{{.NetworkSettings.MacAddress}}' cmpn-web
exec cmpn-web cat /etc/hosts
exec cmpn-web cat /etc/resolv.conf
exec cmpn-web cat /etc/hostname
network inspect -f '{{range .Containers}}{{.Name}} {{.MacAddress}} {{.IPv4Address}}{{end}}' cmpn-back
ps --filter network=cmpn-back --format '{{.Names}}'
ps --filter network=cmpn-nope --format '{{.Names}}'
ps --filter publish=80 --filter name=cmpn --format '{{.Names}}'
ps --filter expose=443 --filter name=cmpn --format '{{.Names}}'
run -d --name cmpn-two --network cmpn-back -p 18480:80 BOX sleep 1000
inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}' cmpn-two
start cmpn-two
rm cmpn-two
run --rm --name cmpn-t --network cmpn-back -p 127.0.0.1:18480:80 BOX true
run -d --name cmpn-any --network cmpn-back -p 127.0.0.1:18490-18495:80 BOX sleep 1000
run -d --name cmpn-any2 --network cmpn-back -p 127.0.0.1:18490-18495:80 BOX sleep 1000
rm -f cmpn-any cmpn-any2
network rm cmpn-back
network rm bridge
network rm cmpn-nope
network rm -f cmpn-nope
network connect cmpn-back cmpn-web
network connect cmpn-nope cmpn-web
network connect cmpn-back cmpn-nope
network connect host cmpn-web
network connect none cmpn-web
network connect --ip 10.77.9.9 cmpn-odd cmpn-web
network connect --ip x cmpn-odd cmpn-web
network connect --ip 10.99.9.9 cmpn-odd cmpn-web
network connect --alias x bridge cmpn-web
network connect --alias db --ip 10.77.9.77 cmpn-odd cmpn-web
inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{$end.IPAddress}} {{$end.MacAddress}} {{$end.Gateway}} {{$end.Aliases}} {{$end.DNSNames}}|{{end}}' cmpn-web
exec cmpn-web cat /etc/hosts
ps --filter name=cmpn-web --format '{{.Ports}}|{{.Networks}}'
network disconnect cmpn-nope cmpn-web
network disconnect cmpn-closed cmpn-web
network disconnect cmpn-back cmpn-nope
network disconnect cmpn-back cmpn-web
ps --filter name=cmpn-web --format '{{.Ports}}|{{.Networks}}'
network disconnect cmpn-odd cmpn-web
inspect -f '{{json .NetworkSettings.Networks}} {{json .NetworkSettings.Ports}}' cmpn-web
network connect cmpn-back cmpn-web
rm -f cmpn-web
create --name cmpn-c --network cmpn-nope BOX true
start cmpn-c
inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}' cmpn-c
network connect cmpn-back cmpn-c
rm cmpn-c
run --rm --network cmpn-nope BOX true
create --name cmpn-d --network cmpn-back BOX sleep 1000
network connect cmpn-closed cmpn-d
network connect cmpn-closed cmpn-d
inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{$end.IPAddress}} {{$end.NetworkID}}|{{end}}' cmpn-d
ps -a --filter name=cmpn-d --format '{{.Ports}}|{{.Status}}'
network disconnect cmpn-back cmpn-d
start cmpn-d
inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{$end.IPAddress}} {{$end.Gateway}}|{{end}}' cmpn-d
exec cmpn-d cat /etc/resolv.conf
network rm cmpn-closed
stop -t 0 cmpn-d
inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{$end.IPAddress}} {{$end.EndpointID}}|{{end}}' cmpn-d
network rm cmpn-closed
start cmpn-d
rm cmpn-d
run --rm --network cmpn-back --ip 10.77.1.77 BOX cat /etc/hosts
run --rm --network cmpn-back --ip 10.9.9.9 BOX true
run --rm --network cmpn-back --ip bogus BOX true
run --rm --network cmpn-back --ip 10.77.1.1 BOX true
run --rm --network-alias x BOX true
run --rm --network host --network-alias x BOX true
run --rm --network none --ip 10.77.1.77 BOX true
run --rm --network cmpn-back --mac-address 92:d0:c6:0a:29:33 --name cmpn-m BOX true
run --rm --network cmpn-back --mac-address bogus BOX true
run --rm --network name=cmpn-back,alias=x,ip=10.77.1.50 -h box BOX cat /etc/hosts
run --rm --network name=cmpn-back,foo=bar BOX true
run --rm --network alias=foo BOX true
run --rm --network name=cmpn-back,alias=x --network-alias y BOX true
run --rm --network name=cmpn-back,ip=10.77.1.50 --ip 10.77.1.51 BOX true
run --rm --network cmpn-back --network cmpn-back BOX true
run --rm --network cmpn-back --network bridge BOX true
run -d --name cmpn-both --network cmpn-back --network cmpn-odd BOX sleep 1000
inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{$end.IPAddress}}|{{end}} {{.HostConfig.NetworkMode}}' cmpn-both
rm -f cmpn-both
run --rm --network none -h box BOX cat /etc/hosts
run --rm --network none --dns 1.1.1.1 BOX cat /etc/resolv.conf
run --rm --network cmpn-back --dns 1.1.1.1 --dns 2.2.2.2 BOX cat /etc/resolv.conf
run --rm --network host --dns 1.1.1.1 BOX cat /etc/resolv.conf
run --rm --network none -h box --add-host aa:1.2.3.4 BOX cat /etc/hosts
run --rm --network cmpn-back -h box.example --add-host aa:1.2.3.4 BOX cat /etc/hosts
run --rm --network none -p 18485:80 BOX true
run --rm --network host -p 80:80 BOX true
run -d --name cmpn-none --network none BOX sleep 1000
inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{$end.IPAddress}}{{$end.Gateway}} {{$end.NetworkID}}|{{end}} {{json .NetworkSettings.Ports}} {{.HostConfig.NetworkMode}}' cmpn-none
network connect cmpn-back cmpn-none
network disconnect none cmpn-none
run -d --name cmpn-side --network container:cmpn-none BOX sleep 1000
inspect -f '{{json .NetworkSettings.Networks}} {{json .NetworkSettings.Ports}}' cmpn-side
ps --filter name=cmpn-side --format '{{.Ports}}|{{.Networks}}'
network connect cmpn-back cmpn-side
network disconnect cmpn-back cmpn-side
exec cmpn-side cat /etc/hostname
rm -f cmpn-none cmpn-side
run -d --name cmpn-host --network host BOX sleep 1000
inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{$end.IPAddress}}{{$end.Gateway}} {{$end.NetworkID}}|{{end}} {{json .NetworkSettings.Ports}} {{.HostConfig.NetworkMode}}' cmpn-host
network connect cmpn-back cmpn-host
network disconnect host cmpn-host
rm -f cmpn-host
run --rm -p x:80 BOX true
run --rm -p 80-81:80-85 BOX true
run --rm -p 80/x BOX true
run --rm -p 300.1.1.1:80:80 BOX true
run --rm -p 80: BOX true
run --rm -p '' BOX true
run -d --name cmpn-p --expose 90 --expose 91/udp --expose 92-94 -p 18486:90 BOX sleep 1000
ps --filter name=cmpn-p --format '{{.Ports}}'
rm -f cmpn-p
run --name cmpn-r --network cmpn-odd BOX true
network rm cmpn-odd
network create --subnet 10.77.9.0/24 cmpn-odd
start cmpn-r
inspect -f '{{json .State.Error}}' cmpn-r
rm cmpn-r
network prune -f --filter foo=bar
network prune -f --filter label=cmpn=nothing
network rm cmpn-back cmpn-nope cmpn-odd
network connect
network disconnect --help
`
  .split('\n')
  .filter((line) => line !== '');

/** Where the two are meant to differ, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'network create --help': 'flags that are refused are not shown',
  'network connect --help': 'flags that are refused are not shown',
};

function words(line: string): readonly string[] {
  const found = line.match(/'[^']*'|\S+/g) ?? [];
  return found.map((word) => word.replace(/^'(.*)'$/, '$1').replace(/^BOX$/, IMAGE));
}

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Without what differs between any two runs, and without IPv6, which the machine does not have. */
function plain(text: string): string {
  return text
    .replace(/[0-9a-f]{64}/g, '<id>')
    .replace(/\b[0-9a-f]{12}\b/g, '<id>')
    .replace(/, :::\d+->\d+\/tcp/g, '')
    .replace(/^\d+\/tcp -> \[::\]:\d+\n/gm, '')
    .replace(/^\[::\]:\d+\n/gm, '')
    .replace(/,\{"HostIp":"::","HostPort":"\d+"\}/g, '')
    .replace(/ExtServers: \[10\..*\]/g, 'ExtServers: []')
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z| \+0000 UTC)/g, '<time>')
    .replaceAll('semdistro-test', '');
}

describe.skipIf(!real || !hasPantry)(`networks beside a real Docker (${reason})`, () => {
  beforeAll(async () => {
    await runDocker(engine, ['pull', 'busybox']);
    await runDocker(engine, ['tag', 'busybox', IMAGE]);
    const saved = await runDocker(engine, ['save', IMAGE]);
    await real?.ok(['load'], { stdin: saved.stdout });
  }, 60_000);

  afterAll(async () => {
    await stopAllContainers(engine);
    const left = await real?.run(['ps', '-aq', '--filter', 'name=cmpn-']);
    const ids = left?.text.split('\n').filter((id) => id !== '') ?? [];
    if (ids.length > 0) await real?.run(['rm', '-fv', ...ids]);
    for (const name of ['back', 'closed', 'odd', 'over', 'x']) {
      await real?.run(['network', 'rm', '-f', `cmpn-${name}`]);
    }
    await real?.run(['rmi', '-f', IMAGE]);
  }, 60_000);

  test.each(LINES.map((line, index) => [index, line] as const))(
    '%d docker %s',
    async (_, line) => {
      const args = words(line);
      const answer = await real?.run(args);
      const expected: Said = {
        code: answer?.code ?? -1,
        out: plain(answer?.text ?? ''),
        err: plain(answer?.stderr ?? ''),
      };
      const { code, text, stderr } = await runDocker(engine, args);
      if (line in DIFFERENT) return;
      const out = plain(text).replace(/\nExamples:\n(?: {2}.*\n)+/, '');
      // What we add as a hint comes after what Docker says of a failure.
      const err = plain(stderr);
      expect({ code, out, err: code === 0 ? err : err.slice(0, expected.err.length) }).toEqual(
        expected,
      );
    },
    30_000,
  );
});
