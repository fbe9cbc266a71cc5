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
import { REFUSED_FLAGS } from './refused-flags.ts';

// The same words to this engine, whose processes are pretended, and to a real Docker, from one image.
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
const IMAGE = 'semdistro.test/box';
const STATIC = 'semdistro.test/static';

/** One command per line; ` # ` begins a comment. Quotes as in a shell. Names begin with `cmp-`. */
const LINES = `
run --rm BOX echo hi
run --rm STATIC
run --rm BOX nope
run --rm BOX /nope
run --rm BOX /etc
run --rm BOX /etc/passwd
run --rm --entrypoint=sh STATIC
run --rm --entrypoint=/bin/sh STATIC
run --rm --entrypoint '["a"]' BOX x
run --rm --entrypoint '' BOX echo x
run --rm --entrypoint '' BOX
run --rm BOX sh -c 'exit 3'
run --rm BOX sh -c 'echo out; echo err >&2; exit 5'
run --rm -a stdout BOX sh -c 'echo out; echo err >&2'
run --rm -a stderr BOX sh -c 'echo out; echo err >&2'
run --rm -t BOX echo hi
run --rm -u nobodyx BOX true
run --rm -u 1000:nogrpx BOX true
run --rm --group-add nope BOX true
run --rm -w /etc/passwd BOX true
run --rm -w relative BOX true
run --rm -w /a/b BOX pwd
run --rm -h foo.bar BOX hostname
run --rm -e A=1 -e A=2 -e B BOX env
run --rm -t -h x -e PATH=/bin -e HOME=/x BOX env
run --rm -u 1000 -h x BOX env
run --rm -h x --network none --add-host a:1.2.3.4 --add-host b=::1 BOX cat /etc/hostname
run --rm -e '' BOX true
run --rm -e =x BOX true
run --rm --env-file /nope BOX true
run --rm --label =x BOX true
run --rm -l '' BOX true
run --rm --label-file /nope BOX true
run --rm --pull bogus BOX true
run --rm --pull never semdistro.test/nope true
run
run --rm INVALID true
run --nope
run --memory
run --help
create --help
start --help
stop --help
kill --help
restart --help
wait --help
attach --help
exec --help
rename --help
pause --help
unpause --help
run -it --rm BOX true
run --rm -d -a stdout BOX true
run --rm --restart=always BOX true
run --restart=bogus BOX true
run --restart=on-failure:x BOX true
run --restart=always:3 BOX true
create --restart=on-failure:x BOX true
run --name 'bad name' BOX true
run --name x BOX true
create --name 'bad name' BOX true
create STATIC
create --pull never semdistro.test/nope
create -a bogus BOX
run --rm -v relative/path:/x BOX true
run --rm -v /x:relative BOX true
run --rm -v aa:/x:bogus BOX true
run --rm -v aa:/ BOX true
run --rm -v aa:/b:c:d BOX true
run --rm -v '' BOX true
run --rm -v :/x BOX true
run --rm -v aa:/x:ro,rw BOX true
run --rm -v aa:/x -v bb:/x BOX true
run --rm --mount type=bind,target=/x BOX true
run --rm --mount type=bogus,target=/x BOX true
run --rm --mount target=/x,bogus=1 BOX true
run --rm --mount source=a BOX true
run --rm --mount type=tmpfs,target=/x,tmpfs-size=bogus BOX true
run --rm --mount type=tmpfs,source=a,target=/x BOX true
run --rm --mount type=volume,target=x BOX true
run --rm --mount foo BOX true
run --rm --mount '' BOX true
run --rm --mount type=volume,target=/x,readonly=2 BOX true
run --rm --mount type=bind,src=/tmp,target=/x,volume-nocopy BOX true
run --rm --mount type=volume,src=aa,target=/x,tmpfs-mode=1 BOX true
run --rm --tmpfs rel BOX true
run --rm --tmpfs /x:bogus BOX true
run --rm --cap-add bogus BOX true
run --rm --cap-drop bogus BOX true
run --rm --security-opt bogus BOX true
run --rm --security-opt foo=bar BOX true
run --rm --security-opt no-new-privileges=maybe BOX true
run --rm --pid bogus BOX true
run --rm --pid container: BOX true
run --rm --pid container:nope BOX true
run --rm --ipc bogus BOX true
run --rm --ipc container:nope BOX true
run --rm --network nope BOX true
run --rm --network container:nope BOX true
run --rm --network container: BOX true
run --rm --network container:a -p 80:80 BOX true
run --rm --network host -p 80:80 BOX true
run --rm --network container:a --hostname x BOX true
run --rm --network container:a --add-host a:1.2.3.4 BOX true
run --rm --network container:a --dns 1.1.1.1 BOX true
run --rm --network container:a --expose 80 BOX true
run --rm -v aa:/x --mount type=volume,src=bb,dst=/x BOX true
run --rm --tmpfs /x -v aa:/x BOX true
run -d --rm --name cmp-h BOX sleep 100
restart -t 0 cmp-h
rm -f cmp-h
run --rm --memory bogus BOX true
run --rm --memory 1m BOX true
run --rm --cpus bogus BOX true
run --rm --pids-limit x BOX true
run --rm --stop-signal bogus BOX true
run --rm --stop-timeout x BOX true
run --rm --add-host bogus BOX true
run --rm --add-host a:bogus BOX true
run --rm --ulimit bogus BOX true
run --rm --ulimit nope=1 BOX true
run --rm --ulimit nofile=x BOX true
run --rm --ulimit nofile=10:5 BOX true
run --rm --ulimit nofile=1:2:3 BOX true
run --rm --dns bogus BOX true
run --rm --shm-size bogus BOX true
run --rm --sysctl bogus BOX true
run --rm --sysctl kernel.foo=1 BOX true
run --rm -p bogus BOX true
run --rm -p 80:99999 BOX true
run --rm -a bogus BOX true
run --rm --sig-proxy=x BOX true
run --rm --health-cmd true --no-healthcheck BOX true
run --rm --health-interval -1s BOX true
run --rm --health-interval 1us --health-cmd true BOX true
run --rm --health-timeout -1s BOX true
run --rm --health-retries -1 BOX true
run --rm --health-start-period -1s BOX true
run --rm --health-start-interval -1s BOX true
run --rm --health-interval x BOX true
run --rm --platform bogus/x/y/z BOX true
create --name cmp-a BOX sleep 100
create --name cmp-a BOX sleep 100
run --name cmp-a BOX true
start cmp-a
start cmp-a
rm cmp-a
start cmp-nope
start cmp-a cmp-nope
stop cmp-nope
stop -t 0 cmp-a
stop cmp-a
kill cmp-a
kill cmp-nope
pause cmp-a
unpause cmp-a
exec cmp-a true
exec cmp-nope true
exec
exec cmp-a
attach cmp-a
attach cmp-nope
wait cmp-a
wait cmp-nope
restart cmp-nope
restart -t 0 cmp-a
pause cmp-a
pause cmp-a
exec cmp-a true
attach cmp-a
rm cmp-a
stop -t 0 cmp-a
start cmp-a
pause cmp-a
kill cmp-a
wait cmp-a
rm -f cmp-a
rename cmp-nope b
create --name cmp-b BOX sh -c 'echo out; echo err >&2; exit 5'
start -a cmp-b
start -ai cmp-b
start cmp-b
wait cmp-b
create --name cmp-b2 BOX true
rename cmp-b cmp-b2
rename cmp-b cmp-b
rename cmp-b 'bad name'
rename cmp-b ''
rename cmp-b /cmp-b3
start -a cmp-b3 cmp-b2
rm cmp-b3 cmp-b2 cmp-nope
rm cmp-nope
rm -f cmp-nope
create --name cmp-c BOX nope
start cmp-c
start -a cmp-c
inspect cmp-c --format '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}'
rm cmp-c
run -d --name cmp-c BOX nope
rm cmp-c
run -d --name cmp-d BOX sleep 100
exec cmp-d nope
exec cmp-d /nope
exec cmp-d /etc/passwd
exec -u nobodyx cmp-d true
exec -u 1000:nogrpx cmp-d true
exec -w rel cmp-d pwd
exec cmp-d sh -c 'exit 7'
exec -e A=1 -u 1000 cmp-d sh -c 'exit 0'
exec -it cmp-d true
exec -d cmp-d true
exec -d cmp-d nope
exec cmp-d sh -c 'kill -9 $$'
kill -s bogus cmp-d
kill -s 0 cmp-d
kill -s 99 cmp-d
kill -s CHLD cmp-d
stop -s bogus cmp-d
stop -t x cmp-d
exec --detach-keys bogus cmp-d true
exec --env-file /nope cmp-d true
exec --nope cmp-d true
exec cmp-d true --nope
rm cmp-d
rm -f cmp-d
run -d --name cmp-e BOX sh -c 'trap "exit 9" TERM; sleep 100'
stop -t 1 cmp-e
inspect cmp-e --format '{{.State.Status}} {{.State.ExitCode}}'
rm cmp-e
run -d --name cmp-e BOX sh -c 'trap "exit 9" TERM; sleep 100 & wait'
stop -t 5 cmp-e
inspect cmp-e --format '{{.State.Status}} {{.State.ExitCode}}'
rm cmp-e
run --name cmp-f --restart on-failure:2 BOX sh -c 'echo x; exit 3'
wait cmp-f
rm -f cmp-f
create --name cmp-g BOX true
create --name cmp-g2 --pid container:cmp-g BOX true
create --name cmp-g3 --network container:cmp-g BOX true
start cmp-g2
start cmp-g3
rm cmp-g cmp-g2 cmp-g3
container nope
container stop
`
  .split('\n')
  .filter((line) => line !== '');

/** Where the two are meant to differ, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'container nope': 'the group has fewer commands here',
  'run --nope': 'a flag that is nearly the same is named',
  'exec --nope cmp-d true': 'a flag that is nearly the same is named',
};

function words(line: string): readonly string[] {
  const found = line.match(/'[^']*'|\S+/g) ?? [];
  return found.map((word) =>
    word
      .replace(/^'(.*)'$/, '$1')
      .replace(/^BOX$/, IMAGE)
      .replace(/^STATIC$/, STATIC),
  );
}

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function plain(text: string): string {
  return text
    .replace(/[0-9a-f]{64}/g, '<id>')
    .replace(/HOSTNAME=[0-9a-f]{12}/g, 'HOSTNAME=<id>')
    .replaceAll('semdistro-test', '');
}

describe.skipIf(!real || !hasPantry)(`containers beside a real Docker (${reason})`, () => {
  const say = async (args: readonly string[]): Promise<Said> => {
    const { code, text, stderr } = await runDocker(engine, args);
    return { code, out: plain(text), err: plain(stderr) };
  };

  beforeAll(async () => {
    for (const [from, to] of [
      ['busybox', IMAGE],
      ['gcr.io/distroless/static-debian13', STATIC],
    ] as const) {
      await runDocker(engine, ['pull', from]);
      await runDocker(engine, ['tag', from, to]);
    }
    const saved = await runDocker(engine, ['save', IMAGE, STATIC]);
    await real?.ok(['load'], { stdin: saved.stdout });
  }, 60_000);

  afterAll(async () => {
    await stopAllContainers(engine);
    const left = await real?.run(['ps', '-aq', '--filter', 'name=cmp-']);
    const ids = left?.text.split('\n').filter((id) => id !== '') ?? [];
    if (ids.length > 0) await real?.run(['rm', '-fv', ...ids]);
    await real?.run(['volume', 'rm', 'aa', 'bb']);
    await real?.run(['rmi', '-f', IMAGE, STATIC]);
  }, 60_000);

  test.each(LINES.map((line, index) => [index, line] as const))(
    '%d docker %s',
    async (_, line) => {
      const args = words(line);
      const answer = await real?.run(args);
      const expected = {
        code: answer?.code ?? -1,
        out: plain(answer?.text ?? ''),
        err: plain(answer?.stderr ?? ''),
      };
      const ours = await say(args);
      if (line in DIFFERENT) return;
      if (args.includes('--help')) {
        const theirHelp = withoutFlags(expected.out);
        expect(withoutExamples(ours.out)).toBe(theirHelp);
        return;
      }
      // What we add as a hint comes after what Docker says of a failure.
      const err = expected.code === 0 ? ours.err : ours.err.slice(0, expected.err.length);
      expect({ ...ours, err }).toEqual(expected);
    },
    30_000,
  );
});

function withoutExamples(help: string): string {
  return help.replace(/\nExamples:\n(?: {2}.*\n)+/, '');
}

/** Without the flags that are refused here, which our help does not show. */
function withoutFlags(help: string): string {
  const refused = new Set([...REFUSED_FLAGS.map(({ name }) => name), 'link']);
  return help
    .split(/^(?= {2,6}-)/m)
    .map((block) => {
      const name = /^ +(?:-\w, )?--([\w-]+)/.exec(block)?.[1];
      // The last one is followed by the end of the list.
      return name !== undefined && refused.has(name) ? '' : block;
    })
    .join('');
}
