import { afterAll, describe, expect, test } from 'vitest';
import { stopAllContainers } from '../engine/containers/shutdown.ts';
import { utf8 } from '../engine/bytes.ts';
import type { SessionTerminal, Sink } from '../engine/docker/session.ts';
import type { Engine } from '../engine/engine.ts';
import { type ExampleRun, expectExample, PATIENCE } from '../testing/example-runs.ts';
import { exampleFolder } from '../testing/examples.ts';
import { hasMachine, NO_MACHINE, pantryEngine, testMachine } from '../testing/machine.ts';
import { type DockerOutput, runDocker } from '../testing/session.ts';

/**
 * The Dockerfiles of the learners' notes in the machine: as they were written, where the point is how
 * they fail, and corrected. Those with a compiler are in `examples-compiled.test.ts`; Node and Chainguard's
 * Python in two stages are solutions of labs, which `src/cli/labs/proof-embedded.test.ts` builds and runs.
 */
const EXAMPLES: readonly ExampleRun[] = [
  {
    name: 'python-flask',
    why: 'on python3',
    entrypoint: 'python',
    run: ['-c', PYTHON_GET('app')],
    out: 'hello from markupsafe._speedups\n',
  },
  {
    name: 'python-missing-flask',
    why: 'site-packages stayed in the builder',
    err: /ModuleNotFoundError: No module named 'flask'/,
    code: 1,
  },
  {
    name: 'chainguard-path',
    why: 'pip put it where PATH does not look',
    err: /exec: "flask": executable file not found in \$PATH: unknown/,
    code: 127,
  },
];

/** One request to a Flask application, without a server: what its page says. */
function PYTHON_GET(module: string): string {
  return `from ${module} import app; print(app.test_client().get('/').text, end='')`;
}

const title = `examples in the machine (${hasMachine ? 'found' : NO_MACHINE})`;

describe.skipIf(!hasMachine)(title, { timeout: PATIENCE }, () => {
  let made: Engine | undefined;
  const engine = (): Engine => (made ??= { ...pantryEngine(), processHost: testMachine().host });
  const say = (...args: readonly string[]): Promise<DockerOutput> => runDocker(engine(), args);

  afterAll(async () => {
    if (made) await stopAllContainers(made);
  }, 60_000);

  test.for(EXAMPLES)('$name $why', (example) => expectExample(engine(), example));

  test('a shell that a distroless image has not', async () => {
    const { code, stderr } = await say('run', '--rm', '--entrypoint=sh', 'gcr.io/distroless/base');
    expect(code).toBe(127);
    expect(stderr).toContain(
      'OCI runtime create failed: runc create failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown.',
    );
  });

  test('a shell that an image to build on has not', async () => {
    const folder = exampleFolder('run-in-distroless');
    const { code, stderr } = await say('build', '--progress=plain', folder);
    expect(code).toBe(1);
    expect(stderr).toContain(
      ' runc run failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory\n',
    );
    expect(stderr).toContain(
      'ERROR: failed to solve: process "/bin/sh -c mkdir x" did not complete successfully: exit code: 1\n',
    );
  });

  test('a host that is looked up fails the step at once, and why is said', async () => {
    const { code, stderr } = await say('build', '--progress=plain', exampleFolder('wget'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no internet here, and so no example\.org: /m);
  });

  test('the shell of a debug image answers what is typed', async () => {
    const typed = new TypedLines();
    const running = runDocker(
      engine(),
      ['run', '--rm', '-it', '--entrypoint=sh', 'gcr.io/distroless/base:debug'],
      { stdin: typed, session: { stdinIsTerminal: true, terminal: TERMINAL, stdout: typed.sink } },
    );
    // Without its end, what is waited for would never come.
    void running.then(({ stderr }) => {
      typed.end(stderr);
    });
    await typed.until(/# $/);
    typed.type('echo $((6*7)); stty size\r');
    await typed.until(/\r\n42\r\n24 80\r\n.*# $/s);
    typed.type('exit 3\r');
    expect((await running).code).toBe(3);
  });

  test('redis answers', async () => {
    const started = await say('run', '-d', '--name', 'redis', 'redis:8');
    expect(started.code, started.stderr).toBe(0);
    const ping = async (): Promise<string> =>
      (await say('exec', 'redis', 'redis-cli', 'ping')).text;
    await expect.poll(ping, { timeout: PATIENCE / 2, interval: 1000 }).toBe('PONG\n');
    expect((await say('rm', '-f', 'redis')).code).toBe(0);
  });
});

const TERMINAL: SessionTerminal = {
  size: () => ({ columns: 80, rows: 24 }),
  onResize: () => () => undefined,
  setRaw: () => undefined,
};

/** Somebody at a terminal, who waits for what they see before they type on. */
class TypedLines implements AsyncIterable<Uint8Array> {
  private seen = '';
  private ended: string | undefined;
  private readonly queue: Uint8Array[] = [];
  private wake: () => void = () => undefined;
  private changed: () => void = () => undefined;

  readonly sink: Sink = {
    columns: 80,
    drain: () => Promise.resolve(),
    write: (data) => {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
      // BusyBox asks the terminal where its cursor is.
      this.seen += text.replaceAll('\u001b[6n', '');
      this.changed();
    },
  };

  type(text: string): void {
    this.seen = '';
    this.queue.push(utf8(text));
    this.wake();
  }

  /** The command is over: nobody waits any longer. */
  end(why: string): void {
    this.ended = why;
    this.changed();
  }

  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.seen)) {
      if (this.ended !== undefined) throw new Error(`${this.seen}\n${this.ended}`);
      await new Promise<void>((resolve) => (this.changed = resolve));
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.queue.shift();
      if (next) yield next;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
