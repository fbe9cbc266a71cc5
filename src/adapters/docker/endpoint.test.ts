import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import { endpointsFor } from './endpoint.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semdistro-contexts-'));
  await context('colima', { Host: 'unix:///home/ana/.colima/docker.sock' });
  await context('far', { Host: 'tcp://10.0.0.2:2376', SkipTLSVerify: false }, { 'ca.pem': 'CA' });
  await context('loose', { Host: 'tcp://10.0.0.3:2376', SkipTLSVerify: true }, { 'ca.pem': 'CA' });
  await context('kubernetes', undefined);
  await writeFile(join(folder, 'config.json'), '{"currentContext": "colima", "auths": {}}');
});
afterAll(() => rm(folder, { recursive: true }));

async function context(
  name: string,
  docker: object | undefined,
  tls: Readonly<Record<string, string>> = {},
): Promise<void> {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(folder, 'contexts/meta', id);
  await mkdir(meta, { recursive: true });
  const document = { Name: name, Metadata: {}, Endpoints: { ...(docker && { docker }) } };
  await writeFile(join(meta, 'meta.json'), JSON.stringify(document));
  for (const [file, text] of Object.entries(tls)) {
    await mkdir(join(folder, 'contexts/tls', id, 'docker'), { recursive: true });
    await writeFile(join(folder, 'contexts/tls', id, 'docker', file), text);
  }
}

describe('an engine is looked for as Docker’s own client looks', () => {
  it.each([
    ['DOCKER_HOST', { DOCKER_HOST: 'tcp://h:1' }, 'tcp://h:1', 'DOCKER_HOST'],
    [
      'DOCKER_HOST without a scheme',
      { DOCKER_HOST: ':2375' },
      'tcp://localhost:2375',
      'DOCKER_HOST',
    ],
    [
      'DOCKER_HOST before a context',
      { DOCKER_HOST: 'unix:///x.sock', DOCKER_CONTEXT: 'far' },
      'unix:///x.sock',
      'DOCKER_HOST',
    ],
    [
      'DOCKER_CONTEXT before the one in use',
      { DOCKER_CONTEXT: 'far' },
      'tcp://10.0.0.2:2376',
      'context far',
    ],
    ['the context in use', {}, 'unix:///home/ana/.colima/docker.sock', 'context colima'],
    [
      'an empty DOCKER_HOST is none',
      { DOCKER_HOST: '' },
      'unix:///home/ana/.colima/docker.sock',
      'context colima',
    ],
  ])('%s', async (_, env, url, from) => {
    expect(await endpointsFor('auto', { DOCKER_CONFIG: folder, ...env })).toMatchObject([
      { url, from },
    ]);
  });

  it('a context brings its certificates, and whether to insist on them', async () => {
    const tls = async (name: string) =>
      (await endpointsFor('docker', { DOCKER_CONFIG: folder, DOCKER_CONTEXT: name }))[0]?.tls;
    expect(await tls('far')).toEqual({ ca: 'CA', verify: true });
    expect(await tls('loose')).toEqual({ ca: 'CA', verify: false });
    expect(await tls('colima')).toBeUndefined();
  });

  it('DOCKER_TLS_VERIFY takes certificates from DOCKER_CERT_PATH', async () => {
    await writeFile(join(folder, 'ca.pem'), 'AUTHORITY');
    const env = { DOCKER_HOST: 'tcp://h:2376', DOCKER_CERT_PATH: folder };
    const [insisting] = await endpointsFor('auto', { ...env, DOCKER_TLS_VERIFY: '1' });
    expect(insisting?.tls).toEqual({ ca: 'AUTHORITY', verify: true });
    const [plain] = await endpointsFor('auto', env);
    expect(plain?.tls).toBeUndefined();
  });

  it.each(['nobody', 'kubernetes'])(
    'the context %s is trouble, not another engine',
    async (name) => {
      const env = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: name };
      const trouble = await endpointsFor('auto', env).catch((error: unknown) => error);
      expect(trouble).toBeInstanceOf(EngineTrouble);
      expect(trouble).toMatchObject({ code: 'no-engine' });
      expect(trouble instanceof EngineTrouble && trouble.words.en).toContain(name);
    },
  );

  it('`default` and a broken config.json are no context', async () => {
    const other = await mkdtemp(join(tmpdir(), 'semdistro-config-'));
    await writeFile(join(other, 'config.json'), '{"currentContext": "default"}');
    const [first] = await endpointsFor('auto', { DOCKER_CONFIG: other });
    expect(first?.from).toBe('default');
    await writeFile(join(other, 'config.json'), '{');
    expect((await endpointsFor('auto', { DOCKER_CONFIG: other }))[0]?.from).toBe('default');
    await rm(other, { recursive: true });
  });

  it('Podman is asked where CONTAINER_HOST says, and Docker never', async () => {
    const env = { CONTAINER_HOST: 'unix:///run/p.sock', DOCKER_CONFIG: folder };
    expect(await endpointsFor('podman', env)).toMatchObject([{ url: 'unix:///run/p.sock' }]);
    expect(await endpointsFor('docker', env)).toMatchObject([{ from: 'context colima' }]);
  });
});

const docker = realDocker();

describe.skipIf(!docker)(`contexts of the real client (${NO_DOCKER})`, () => {
  it('are read as it writes them', async () => {
    const config = await mkdtemp(join(tmpdir(), 'semdistro-real-contexts-'));
    const run = async (...args: readonly string[]) => docker?.ok(['--config', config, ...args]);
    await run('context', 'create', 'sala-de-aula', '--docker', 'host=tcp://10.1.2.3:2375');
    await run('context', 'use', 'sala-de-aula');
    expect(await endpointsFor('auto', { DOCKER_CONFIG: config })).toEqual([
      { url: 'tcp://10.1.2.3:2375', from: 'context sala-de-aula' },
    ]);
    await rm(config, { recursive: true });
  });
});
