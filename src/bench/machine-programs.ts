import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { findChromium, launchChromium, NO_CHROMIUM } from '../../e2e/chromium.ts';
import { openBrowserMachine, openMachineSite } from '../../e2e/machine-site.ts';
import type { Engine } from '../engine/engine.ts';
import type { Machine } from '../machine/machine.ts';
import { hasMachine, newMachine, NO_MACHINE, pantryEngine } from '../testing/machine.ts';
import { NO_DOCKER, type RealDocker, realDocker } from '../testing/real-docker.ts';
import { runDocker } from '../testing/session.ts';
import { inFolder, peakMemory } from './commands.ts';
import type { Group } from './group.ts';
import type { Goal, Measurement } from './row.ts';

/** Images under names of their own: the real Docker may have others under the usual ones. */
const IMAGES = {
  'semdistro-bench:python': 'python:3.13-slim',
  'semdistro-bench:python3': 'gcr.io/distroless/python3-debian13',
  'semdistro-bench:wheels': 'semdistro.invalid/wheelhouse:latest',
  'semdistro-bench:golang': 'golang:1.24',
  'semdistro-bench:node': 'node:24-slim',
  'semdistro-bench:java': 'eclipse-temurin:21',
} as const;
const BUILT = ['semdistro-bench:flask', 'semdistro-bench:hello'] as const;
const CONTAINER = 'semdistro-bench';

/** Of the container's own loopback: nothing is published. */
const FLASK_URL = 'http://127.0.0.1:5000/';
const PATH = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

const SETTLING = 10_000;
const WATCHED = 15_000;

/** `docker ARGS…`, this project's or a real one: what it prints. Rejects when it fails. */
type Docker = (args: readonly string[]) => Promise<string>;

interface Timed {
  readonly ms: number;
  /** Of this process. */
  readonly cpu: number;
}

/** What labs do, once each: minutes-long things are not repeated for a median. */
export const programs: Group = {
  name: 'programs',
  about:
    'Programs in the machine, once each; a real Docker runs the same linux/386 images natively',
  async *measure() {
    if (!hasMachine) throw new Error(NO_MACHINE);
    yield* inNode();
    yield await memoryInNode();
    yield* inChromium();
  },
};

async function* inNode(): AsyncGenerator<Measurement> {
  const machine = newMachine();
  const engine = { ...pantryEngine(), processHost: machine.host };
  const ours: Docker = (args) => succeeds(engine, args);
  const real = realDocker();
  try {
    for (const [name, image] of Object.entries(IMAGES)) {
      await ours(['pull', image]);
      await ours(['tag', image, name]);
    }
    if (real) await loadInto(real, engine);
    const theirs: Docker | undefined = real && (async (args) => (await real.ok(args)).text);
    yield* commands(ours, theirs);
    yield* flask(machine, ours, theirs);
  } finally {
    await machine.close();
    await real?.run(['rm', '-f', CONTAINER]);
    await real?.run(['rmi', '-f', ...Object.keys(IMAGES), ...BUILT]);
  }
}

async function succeeds(engine: Engine, args: readonly string[]): Promise<string> {
  const { code, text, stderr } = await runDocker(engine, args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')} exited with ${code}: ${stderr}`);
  return text;
}

/** The very same images: a processor of amd64 runs them as they are. */
async function loadInto(docker: RealDocker, engine: Engine): Promise<void> {
  for (const name of Object.keys(IMAGES)) {
    const { stdout } = await runDocker(engine, ['save', name]);
    await docker.ok(['load'], { stdin: stdout });
  }
}

async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const [used, began] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { ms: performance.now() - began, cpu: (user + system) / 1000 };
}

/** Two rows: how long it took, and how much of that this process computed (the rest is other load). */
function* rowsOf(
  id: string,
  name: string,
  { ms, cpu }: Timed,
  { goal, reference }: { readonly goal?: Goal; readonly reference?: Timed | undefined },
): Generator<Measurement> {
  yield {
    ...{ id: `programs.${id}`, name, unit: 'ms', runs: [ms] },
    ...(goal && { goal }),
    ...(reference ? { reference: [reference.ms] } : { reason: NO_DOCKER }),
  };
  yield { id: `programs.${id}.cpu`, name: `${name}: CPU time`, unit: 'ms', runs: [cpu] };
}

const seconds = (limit: number): Goal => ({ of: 'value', is: '<=', limit: limit * 1000 });

async function* commands(ours: Docker, theirs: Docker | undefined): AsyncGenerator<Measurement> {
  const [cold, edited] = await goBuilds(ours);
  const [coldThere, editedThere] = theirs ? await goBuilds(theirs) : [];
  yield* rowsOf('go-cold', 'docker build: go build of hello world, cold', cold, {
    ...{ goal: seconds(20), reference: coldThere },
  });
  yield* rowsOf('go-edited', 'docker build: the same after an edit', edited, {
    ...{ goal: seconds(8), reference: editedThere },
  });
  for (const { id, name, image, argv, goal } of WARM) {
    const reference = theirs && (await warm(theirs, image, argv));
    yield* rowsOf(id, name, await warm(ours, image, argv), {
      ...{ reference, ...(goal && { goal }) },
    });
  }
}

const WARM: readonly {
  readonly id: string;
  readonly name: string;
  readonly image: keyof typeof IMAGES;
  readonly argv: readonly string[];
  readonly goal?: Goal;
}[] = [
  {
    ...{ id: 'node', name: 'docker exec: node -e 0, warm', goal: seconds(5) },
    ...{ image: 'semdistro-bench:node', argv: ['node', '-e', '0'] },
  },
  {
    ...{ id: 'java', name: 'docker exec: java -version, warm' },
    ...{ image: 'semdistro-bench:java', argv: ['java', '-version'] },
  },
];

const GO_DOCKERFILE = `FROM semdistro-bench:golang
WORKDIR /src
COPY go.mod main.go ./
RUN CGO_ENABLED=0 go build -o /out/hello .
`;

const goProgram = (text: string): string =>
  `package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("${text}")\n}\n`;

async function goBuilds(docker: Docker): Promise<readonly [Timed, Timed]> {
  return inFolder(async (folder) => {
    writeFileSync(join(folder, 'Dockerfile'), GO_DOCKERFILE);
    writeFileSync(join(folder, 'go.mod'), 'module hello\n\ngo 1.24\n');
    const build = async (text: string, flags: readonly string[]): Promise<Timed> => {
      writeFileSync(join(folder, 'main.go'), goProgram(text));
      return timed(() => docker([...BUILD, ...flags, '-t', 'semdistro-bench:hello', folder]));
    };
    return [await build('hello', ['--no-cache']), await build('hello again', [])];
  });
}

const BUILD = ['build', '--platform=linux/386'] as const;

/** The second time in a container that runs. */
async function warm(docker: Docker, image: string, argv: readonly string[]): Promise<Timed> {
  const sleep = ['--entrypoint=sleep', image, '1000000'];
  await docker(['run', '-d', '--platform=linux/386', '--name', CONTAINER, ...sleep]);
  try {
    await docker(['exec', CONTAINER, ...argv]);
    return await timed(() => docker(['exec', CONTAINER, ...argv]));
  } finally {
    await docker(['rm', '-f', CONTAINER]);
  }
}

/** `run` is the builder's: Docker has no wheels where it looks by itself. */
const flaskDockerfile = (run: string): string => `FROM semdistro-bench:python AS build
${run}

FROM semdistro-bench:python3
WORKDIR /app
COPY --from=build /site /site
COPY app.py ./
ENV PYTHONPATH=/site
ENTRYPOINT ["/usr/bin/python3", "-m", "flask", "run"]
`;
const OUR_PIP = 'RUN pip install --target /site flask';
const THEIR_PIP =
  'RUN --mount=type=bind,from=semdistro-bench:wheels,source=/wheels,target=/wheels ' +
  'pip install --no-index --find-links=/wheels --target /site flask';

const FLASK_APP = `from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "hello"
`;

/** Builds the application; the time is of the stage with pip alone. */
async function installFlask(docker: Docker, run: string): Promise<Timed> {
  return inFolder(async (folder) => {
    writeFileSync(join(folder, 'Dockerfile'), flaskDockerfile(run));
    writeFileSync(join(folder, 'app.py'), FLASK_APP);
    const pip = await timed(() => docker([...BUILD, '--no-cache', '--target=build', folder]));
    await docker([...BUILD, '-t', 'semdistro-bench:flask', folder]);
    return pip;
  });
}

async function* flask(
  machine: Machine,
  ours: Docker,
  theirs: Docker | undefined,
): AsyncGenerator<Measurement> {
  const pip = await installFlask(ours, OUR_PIP);
  yield* rowsOf('pip', 'docker build: pip install flask', pip, {
    ...{ goal: seconds(45), reference: theirs && (await installFlask(theirs, THEIR_PIP)) },
  });
  const asked = async (pid: string): Promise<void> => {
    const ask = `nsenter -t ${pid} -n curl -sf -o /dev/null ${FLASK_URL}`;
    const argv = ['/bin/sh', '-c', `until ${ask}; do sleep 0.2; done`];
    const asking = await machine.shell(
      { argv, env: [PATH], cwd: '/' },
      { output: () => undefined },
    );
    await asking.exit;
  };
  const answer = await timed(async () => asked(await startFlask(ours)));
  yield* rowsOf('flask', 'docker run: Flask from start to its first answer', answer, {
    ...{ goal: seconds(8), reference: theirs && (await answerOf(theirs)) },
  });
  await ours(['run', '-d', 'redis:8']);
  yield await atRest();
}

/** Resolves to the process's number as the system with the engine sees it. */
async function startFlask(docker: Docker): Promise<string> {
  const image = 'semdistro-bench:flask';
  await docker(['run', '-d', '--platform=linux/386', '--name', CONTAINER, image]);
  return (await docker(['inspect', '-f', '{{.State.Pid}}', CONTAINER])).trim();
}

/** Asked from within, a Python started for each try: a real Docker's containers are in networks of their own. */
async function answerOf(docker: Docker): Promise<Timed> {
  const ask = `import urllib.request as r; r.urlopen("${FLASK_URL}")`;
  const exec = ['exec', CONTAINER, '/usr/bin/python3', '-c', ask];
  try {
    return await timed(async () => {
      await startFlask(docker);
      const answered = () =>
        docker(exec).then(
          () => true,
          () => false,
        );
      while (!(await answered()));
    });
  } finally {
    await docker(['rm', '-f', CONTAINER]);
  }
}

async function atRest(): Promise<Measurement> {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  // Starting redis is not rest yet.
  await wait(SETTLING);
  const { ms, cpu } = await timed(() => wait(WATCHED));
  return {
    ...{ id: 'programs.rest', name: 'Node: CPU per second, Flask and Redis waiting', unit: 'ms' },
    ...{ runs: [(cpu * 1000) / ms], goal: { of: 'value', is: '<=', limit: 50 } },
  };
}

/** A build that needs no context. */
const GO_ALONE = `FROM golang:1.24
WORKDIR /src
RUN <<END
printf 'module hello\\n\\ngo 1.24\\n' >go.mod
printf 'package main\\n\\nfunc main() { println("hello") }\\n' >main.go
CGO_ENABLED=0 go build -o /out/hello .
END
`;

async function memoryInNode(): Promise<Measurement> {
  const peak = await inFolder(async (folder) => {
    const context = join(folder, 'context');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), GO_ALONE);
    return peakMemory(join(folder, 'home'), ['docker', 'build', context]);
  });
  const name = 'Node: most memory of a build with go build';
  return { id: 'programs.memory-node', name, unit: 'B', runs: [peak] };
}

async function* inChromium(): AsyncGenerator<Measurement> {
  const named = { id: 'programs.memory-chromium', unit: 'B' } as const;
  const name = 'Chromium: memory of the tab after a build with go build';
  const program = findChromium();
  if (program === undefined) {
    yield { ...named, name, runs: [], reason: NO_CHROMIUM };
    return;
  }
  const [server, browser] = await Promise.all([openMachineSite(), launchChromium(program)]);
  try {
    const machine = await openBrowserMachine(await browser.newContext(), server);
    const args = ['build', '--progress=plain', '-'];
    const { ms } = await timed(async () => {
      const { code, stderr } = await machine.ask({ kind: 'docker', args, stdin: GO_ALONE });
      if (code !== 0) throw new Error(`docker build in Chromium exited with ${code}: ${stderr}`);
    });
    yield {
      ...{ id: 'programs.go-chromium', name: 'Chromium: docker build with go build, cold' },
      ...{ unit: 'ms', runs: [ms] },
    };
    const goal: Goal = { of: 'value', is: '<=', limit: 700_000_000 };
    yield { ...named, name, runs: [await largestTab(browser)], goal };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Resident bytes of the process of the tab, its workers included: there is one that does anything. */
async function largestTab(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
  return Math.max(...sizes.map((kilobytes) => Number(kilobytes ?? 0) * 1024));
}
