import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pantryHome } from '../pantry/pantry-home.ts';
import { NO_DOCKER, realDocker } from '../testing/real-docker.ts';
import { oneAtATime, standInsLoaded } from '../testing/stand-ins.ts';
import { loadStandIns, unloadStandIns } from './pantry-load.ts';
import { pantry } from './pantry.ts';
import { progressLine } from './progress-line.ts';

const docker = realDocker();
const CACHE = join(import.meta.dirname, '../../.cache');
const EACH = 120_000;

describe.skipIf(!docker)(`semdistro pantry load (${NO_DOCKER})`, () => {
  const env = { ...process.env, DOCKER_HOST: process.env['SEMDISTRO_TEST_DOCKER'] };

  async function load(images: readonly string[], asUpstream = false) {
    const [stdout, stderr] = [collector(), collector()];
    const places = { cacheDir: CACHE, layout: pantryHome(CACHE).layout, env };
    const request = { images, asUpstream, choice: 'auto', architecture: undefined } as const;
    const code = await loadStandIns(request, places, {
      output: { stdout, stderr },
      line: progressLine(stderr, true),
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  }

  async function unload(images: readonly string[]): Promise<string> {
    const [stdout, stderr] = [collector(), collector()];
    await unloadStandIns({ images, choice: 'auto' }, { env, output: { stdout, stderr } });
    return stdout.text() + stderr.text();
  }

  const inspect = async (name: string, format: string): Promise<string | undefined> => {
    const found = await docker?.run(['image', 'inspect', '--format', format, name]);
    return found?.code === 0 ? found.text.trim() : undefined;
  };
  const LABEL = '{{index .Config.Labels "dev.semdistro.stand-in"}}';

  beforeAll(() => standInsLoaded(['redis', 'python/python', 'distroless']), 900_000);
  afterAll(() => unloadOwn(), EACH);
  const unloadOwn = () =>
    docker?.run(['rmi', '-f', 'semdistro.local/redis:8', 'semdistro.local/redis:8-trixie']);

  it(
    'gives names of its own, says so, and the second time has nothing to do',
    async () => {
      await unloadOwn();
      const first = await load(['redis:8']);
      expect(first).toMatchObject({ code: 0 });
      expect(first.stdout).toContain('semdistro.local/redis:8\n');
      expect(first.stderr).not.toContain('--as-upstream');
      expect(await inspect('semdistro.local/redis:8', LABEL)).toContain('not the original');
      expect((await load(['redis:8'])).stdout).toMatch(/^0 names loaded, 4 were there already/);
    },
    EACH,
  );

  it(
    'leaves an image alone that is not ours, and so does unload',
    async () => {
      const name = 'semdistro.local/redis:8-trixie';
      await docker?.ok(['rmi', '-f', name]);
      const empty = new Uint8Array(1024);
      await docker?.ok(['import', '-', name], { stdin: empty });
      const theirs = await inspect(name, '{{.Id}}');
      const { stdout, stderr } = await load(['redis:8']);
      expect(stderr).toContain(`${name} is kept`);
      expect(stdout).toContain('1 kept as they are');
      expect(await inspect(name, '{{.Id}}')).toBe(theirs);
      await docker?.ok(['rmi', name]);
    },
    EACH,
  );

  it(
    'as upstream says what that means, and pip works without internet',
    async () => {
      const { stderr } = await load(['python:3.13-slim'], true);
      expect(stderr).toContain('not upstream');
      const run = ['run', '--rm', '--network', 'none', 'python:3.13-slim'];
      const script =
        'pip install flask prometheus-client && python -c "import flask, markupsafe._speedups"';
      const output = await docker?.ok([...run, 'sh', '-c', script]);
      expect(output?.text).toMatch(/Successfully installed .*flask-3/);
      expect(await inspect('python:3.13-slim', LABEL)).toContain('not the original');
      const missing = await docker?.run([...run, 'pip', 'install', 'no-such-project']);
      expect(missing?.stderr).toContain('No matching distribution');
    },
    EACH,
  );

  it(
    'is undone by unload, for the images that are named',
    async () => {
      // One that nothing else is tested with: it is gone for a moment.
      const [image, own] = ['gcr.io/distroless/java-base', 'semdistro.local/kept:1'];
      await oneAtATime('stand-ins', async () => {
        await load([image]);
        await load([image], true);
        await docker?.ok(['tag', image, own]);
        expect(await inspect(`semdistro.local/${image}:nonroot`, LABEL)).toBeDefined();
        expect(await unload([image])).toMatch(/^16 names removed/);
        expect(await inspect(`semdistro.local/${image}:nonroot`, LABEL)).toBeUndefined();
        expect(await inspect(`${image}:nonroot`, LABEL)).toBeUndefined();
        expect(await inspect(own, LABEL)).toBeDefined();
        expect(await inspect('python:3.13-slim', LABEL)).toBeDefined();
        await load([image], true);
      });
      await docker?.ok(['rmi', own]);
    },
    EACH,
  );
});

describe('semdistro pantry load', () => {
  it.each([
    [['load', '--engine', 'kvm'], 'auto, docker or podman'],
    [['load', '--output', 'x'], 'unknown option --output'],
    [['build', '--as-upstream'], 'unknown option --as-upstream'],
  ])('%j is misuse', async (args, why) => {
    const [stdout, stderr] = [collector(), collector()];
    expect(await pantry(args, { stdout, stderr })).toBe(2);
    expect(stderr.text()).toContain(why);
  });
});

function collector(): { write(text: string): void; text(): string } {
  let all = '';
  return { write: (text) => void (all += text), text: () => all };
}
