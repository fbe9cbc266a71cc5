import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EngineTrouble } from '../../verify/engine.ts';
import { connect, isOlder } from './connect.ts';

let folder: string;
let server: Server | undefined;
let count = 0;
const asked: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semdistro-connect-'));
});
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A socket on which somebody answers every request so. */
async function answering(body: unknown, status = 200): Promise<string> {
  const path = join(folder, `${count++}.sock`);
  const listening = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server = listening;
  await new Promise<void>((resolve) => {
    listening.listen(path, resolve);
  });
  return `unix://${path}`;
}

const DOCKER = {
  ...{ Version: '26.1.5', ApiVersion: '1.45', MinAPIVersion: '1.24', Os: 'linux', Arch: 'arm64' },
  Components: [{ Name: 'Engine', Version: '26.1.5' }],
};
const PODMAN = {
  ...{ Version: '5.4.2', ApiVersion: '1.41', MinAPIVersion: '1.24', Os: 'linux', Arch: 'amd64' },
  Components: [{ Name: 'Podman Engine', Version: '5.4.2' }],
};

async function troubleAt(url: string, choice: 'auto' | 'docker' | 'podman' = 'auto') {
  const trouble = await connect({ choice, env: { DOCKER_HOST: url } }).catch(
    (error: unknown) => error,
  );
  if (!(trouble instanceof EngineTrouble)) throw new Error('there was no trouble');
  return trouble;
}

describe('a connection', () => {
  it.each([
    ['Docker', DOCKER, 'docker', '26.1.5', 'linux/arm64', '1.45'],
    [
      'Docker 20.10',
      { ...DOCKER, Version: '20.10.24', ApiVersion: '1.41' },
      'docker',
      '20.10.24',
      'linux/arm64',
      '1.41',
    ],
    [
      'a Docker of the future',
      { ...DOCKER, ApiVersion: '1.60', MinAPIVersion: '1.50' },
      'docker',
      '26.1.5',
      'linux/arm64',
      '1.50',
    ],
    ['Podman', PODMAN, 'podman', '5.4.2', 'linux/amd64', '1.41'],
  ])(
    'to %s says what it is, and agrees on an API',
    async (_, said, kind, version, platform, api) => {
      const DOCKER_HOST = await answering(said);
      const connection = await connect({ env: { DOCKER_HOST } });
      expect(connection).toMatchObject({ kind, version, platform, apiVersion: api });
      await connection.docker.info().catch(() => undefined);
      expect(asked.at(-1)).toMatch(new RegExp(`^/v${api.replace('.', '\\.')}/`));
    },
  );

  it('to a Docker before 20.10 is refused', async () => {
    const url = await answering({ ...DOCKER, Version: '19.03.15', ApiVersion: '1.40' });
    const trouble = await troubleAt(url);
    expect(trouble.code).toBe('engine-too-old');
    expect(trouble.words['pt-BR']).toContain('19.03.15');
  });

  it.each([
    ['a web page', '<html></html>', 200],
    ['an error', { message: 'no' }, 503],
  ])('to something that answers with %s is no engine', async (_, body, status) => {
    const trouble = await troubleAt(await answering(body, status));
    expect(trouble.code).toBe('no-engine');
    expect(trouble.advice?.en).toContain('docker version');
  });

  it('to the other engine than the one asked for is refused, and says which it is', async () => {
    const trouble = await troubleAt(await answering(DOCKER), 'podman');
    expect(trouble).toMatchObject({ code: 'no-engine' });
    expect(trouble.words.en).toContain('It is Docker');
    expect(trouble.advice?.en).toContain('--engine docker');
  });

  it('to nothing says what to do, and names who sent us there', async () => {
    const none = await troubleAt(`unix://${folder}/none.sock`);
    expect(none).toMatchObject({ code: 'no-engine' });
    expect(none.words.en).toContain('none.sock');
    expect(none.words.en).toContain('DOCKER_HOST');
    expect(none.advice?.en).toContain('--engine embedded');
    const stopped = await troubleAt('tcp://127.0.0.1:1');
    expect(stopped.words['pt-BR']).toContain('parado');
    expect((await troubleAt('tcp://[')).code).toBe('no-engine');
  });

  it('to a Podman that is stopped speaks of Podman', async () => {
    const stopped = await troubleAt('tcp://127.0.0.1:1', 'podman');
    expect(stopped.words['pt-BR']).toContain('o Podman está parado');
    expect(stopped.advice?.['pt-BR']).toContain('podman.socket');
  });
});

describe('ssh://', () => {
  it('runs the user’s own ssh, and talks through it', async () => {
    const url = await answering(DOCKER);
    const bin = await mkdtemp(join(folder, 'bin-'));
    const program = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
appendFileSync(${JSON.stringify(join(bin, 'arguments'))}, JSON.stringify(process.argv.slice(2)) + '\\n');
const socket = require('node:net').connect(${JSON.stringify(url.slice('unix://'.length))});
process.stdin.pipe(socket);
socket.pipe(process.stdout);
`;
    await writeFile(join(bin, 'ssh'), program, { mode: 0o755 });
    vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
    const env = { DOCKER_HOST: 'ssh://ana@lab.example:2222' };
    expect(await connect({ env })).toMatchObject({ kind: 'docker', version: '26.1.5' });
    vi.unstubAllEnvs();
    const [first = ''] = (await readFile(join(bin, 'arguments'), 'utf8')).split('\n');
    const args: unknown = JSON.parse(first);
    expect(args).toEqual([
      ...['-p', '2222', '-l', 'ana', '-o', 'ConnectTimeout=10', '-T', '--', 'lab.example'],
      ...['docker', 'system', 'dial-stdio'],
    ]);
  });

  it('of a computer that cannot be reached is no engine', async () => {
    expect((await troubleAt('ssh://nobody@127.0.0.1:1')).code).toBe('no-engine');
  });
});

describe('versions of the API', () => {
  it.each([
    ['1.9', '1.41', true],
    ['1.41', '1.41', false],
    ['1.45', '1.41', false],
    ['2.0', '1.41', false],
    ['1.41', '2.0', true],
  ])('%s before %s: %s', (a, b, expected) => {
    expect(isOlder(a, b)).toBe(expected);
  });
});
