import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { standInsLoaded } from '../../testing/stand-ins.ts';
import { IMAGE_REPOSITORY, OWNER_LABEL } from './labels.ts';

const docker = realDocker();
const EACH = 60_000;

/** Makes an image, a container with a volume, and reads layers; then waits, or says that it is over. */
const PROGRAM = `
import { dockerEngine } from ${JSON.stringify(join(import.meta.dirname, 'engine.ts'))};
const engine = await dockerEngine();
const Dockerfile = { bytes: new TextEncoder().encode(\`FROM busybox:1.37\\nLABEL run=\${process.argv[2]}\\n\`), executable: false };
const built = await engine.build({ context: new Map([['Dockerfile', Dockerfile]]) });
await built.image.layers();
await engine.run({ image: built.image, command: ['sleep', '300'], volumes: ['/data'] });
console.log('made');
setInterval(() => undefined, 1000);
`;

describe.skipIf(!docker)(`what a process leaves that is ended (${NO_DOCKER})`, () => {
  let scratch: string;
  beforeAll(async () => {
    await standInsLoaded(['busybox']);
    scratch = await mkdtemp(join(tmpdir(), 'semdistro-leftovers-'));
  }, 900_000);
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  function start(program: string) {
    const env = {
      ...process.env,
      DOCKER_HOST: process.env['SEMDISTRO_TEST_DOCKER'],
      TMPDIR: scratch,
    };
    const args = ['--input-type=module', '-', String(Math.random())];
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(program);
    return child;
  }

  /** Everything that the process made and that is there still. */
  async function leftBy(pid: number | undefined): Promise<readonly string[]> {
    const list = async (...args: readonly string[]): Promise<readonly string[]> =>
      (await docker?.ok(args))?.text.split('\n') ?? [];
    const filter = ['--filter', `label=${OWNER_LABEL}`];
    const all = [
      ...(await list('ps', '-a', ...filter, '--format', `container {{.Label "${OWNER_LABEL}"}}`)),
      ...(await list('volume', 'ls', ...filter, '--format', `volume {{.Label "${OWNER_LABEL}"}}`)),
      ...(await list('images', IMAGE_REPOSITORY, '--format', 'image {{.Tag}}')),
      ...(await readdir(scratch)).map((name) => `folder ${name.replace('semdistro-layers-', '')}`),
    ];
    return all.filter((one) => one.includes(`-${pid ?? 0}-`)).map((one) => one.split(' ')[0] ?? '');
  }

  it(
    'after Ctrl-C is nothing, and the process ends by the signal',
    async () => {
      const child = start(PROGRAM);
      await once(child.stdout, 'data');
      expect(await leftBy(child.pid)).toEqual(['container', 'volume', 'image', 'folder']);
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
      expect(await leftBy(child.pid)).toEqual([]);
    },
    EACH,
  );

  it(
    'after a crash is removed by the next, with nothing of others',
    async () => {
      const killed = start(PROGRAM);
      const lives = start(PROGRAM);
      await Promise.all([once(killed.stdout, 'data'), once(lives.stdout, 'data')]);
      const own = await docker?.ok(['create', '--label', `${OWNER_LABEL}=mine`, 'busybox:1.37']);
      const id = own?.text.trim() ?? '';
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      expect(await leftBy(killed.pid)).toHaveLength(4);
      const next = start(PROGRAM);
      await once(next.stdout, 'data');
      expect(await leftBy(killed.pid)).toEqual([]);
      expect(await leftBy(lives.pid)).toHaveLength(4);
      expect((await docker?.run(['inspect', id]))?.code).toBe(0);
      await docker?.ok(['rm', id]);
      for (const child of [lives, next]) {
        child.kill('SIGTERM');
        await once(child, 'exit');
        expect(await leftBy(child.pid)).toEqual([]);
      }
    },
    EACH,
  );
});
