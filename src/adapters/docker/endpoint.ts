import { access, readFile } from 'node:fs/promises';
import { homedir, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineTrouble } from '../../verify/engine.ts';
import { type ContextEndpoint, readContext, type TlsFiles } from './contexts.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Which engine is asked for; `auto` takes Docker's place first and then Podman's. */
export type EngineChoice = 'auto' | 'docker' | 'podman';

/** Where an engine may listen. */
export interface Endpoint {
  /** As DOCKER_HOST writes it: `unix:///var/run/docker.sock`, `tcp://10.0.0.2:2376`. */
  readonly url: string;
  /** Who named it: `DOCKER_HOST`, `context desktop-linux`, `default`. */
  readonly from: string;
  readonly tls?: TlsFiles;
}

/**
 * Where to look, the likeliest first. As Docker's own client: DOCKER_HOST, then DOCKER_CONTEXT, then
 * the context that is in use, and only without any of them the places where an engine listens by
 * itself. What is named is never silently replaced by another. Errors: `no-engine` for a context that is not there.
 */
export async function endpointsFor(
  choice: EngineChoice,
  env: Environment,
): Promise<readonly Endpoint[]> {
  const host = env['DOCKER_HOST'] ?? '';
  const named = choice === 'podman' ? podmanHost(env) : undefined;
  if (named !== undefined) return [{ url: named, from: 'CONTAINER_HOST' }];
  if (host !== '') {
    const tls = await tlsOf(env);
    return [{ url: whole(host), from: 'DOCKER_HOST', ...(tls && { tls }) }];
  }
  if (choice === 'podman') return podmanSockets(env);
  const context = await contextInUse(env);
  if (context) return [context];
  const standard = await present(dockerSockets(env));
  if (choice === 'docker') return standard;
  const all = [...standard, ...(await present(podmanSockets(env)))];
  // The reason why none answers is told of where Docker should be.
  return all.length > 0 ? all : dockerSockets(env).slice(0, 1);
}

/** The folder of Docker's client. */
export function configFolder(env: Environment): string {
  const given = env['DOCKER_CONFIG'] ?? '';
  return given === '' ? join(homedir(), '.docker') : given;
}

async function contextInUse(env: Environment): Promise<Endpoint | undefined> {
  const folder = configFolder(env);
  const chosen = env['DOCKER_CONTEXT'] ?? '';
  const name = chosen === '' ? await currentContext(folder) : chosen;
  if (name === undefined || name === 'default') return undefined;
  const found: ContextEndpoint | undefined = await readContext(folder, name);
  if (found) return { ...found, from: `context ${name}` };
  throw new EngineTrouble(
    'no-engine',
    {
      'pt-BR': `O contexto \`${name}\` do Docker não existe em \`${folder}\`.`,
      en: `There is no Docker context \`${name}\` in \`${folder}\`.`,
    },
    {
      advice: {
        'pt-BR':
          'Veja quais existem com `docker context ls` e escolha um com `docker context use`.',
        en: 'See which there are with `docker context ls`, and choose one with `docker context use`.',
      },
    },
  );
}

async function currentContext(folder: string): Promise<string | undefined> {
  try {
    const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    if (typeof config !== 'object' || config === null || !('currentContext' in config)) return;
    const { currentContext: name } = config;
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    // No file, or one that Docker's client would complain about: then nothing is chosen in it.
    return undefined;
  }
}

async function tlsOf(env: Environment): Promise<TlsFiles | undefined> {
  const wanted = (env['DOCKER_TLS_VERIFY'] ?? '') !== '' || (env['DOCKER_TLS'] ?? '') !== '';
  const folder = env['DOCKER_CERT_PATH'] ?? (wanted ? configFolder(env) : '');
  if (!wanted || folder === '') return undefined;
  const read = (name: string): Promise<string | undefined> =>
    readFile(join(folder, name), 'utf8').catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    verify: (env['DOCKER_TLS_VERIFY'] ?? '') !== '',
  };
}

/** `localhost:2375` and `:2375` are TCP, as Docker's client reads them. */
function whole(host: string): string {
  return host.includes('://') ? host : `tcp://${host.startsWith(':') ? 'localhost' : ''}${host}`;
}

function dockerSockets(env: Environment): readonly Endpoint[] {
  if (platform() === 'win32') return [{ url: 'npipe:////./pipe/docker_engine', from: 'default' }];
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  return [
    '/var/run/docker.sock',
    join(homedir(), '.docker', 'run', 'docker.sock'),
    ...(runtime === '' ? [] : [join(runtime, 'docker.sock')]),
  ].map((path) => ({ url: `unix://${path}`, from: 'default' }));
}

function podmanHost(env: Environment): string | undefined {
  const host = env['CONTAINER_HOST'] ?? '';
  return host === '' ? undefined : host;
}

function podmanSockets(env: Environment): readonly Endpoint[] {
  if (platform() === 'win32') {
    return [{ url: 'npipe:////./pipe/podman-machine-default', from: 'Podman' }];
  }
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  return [
    ...(runtime === '' ? [] : [join(runtime, 'podman', 'podman.sock')]),
    '/run/podman/podman.sock',
    join(homedir(), '.local/share/containers/podman/machine/podman.sock'),
    join(tmpdir(), 'podman', 'podman-machine-default-api.sock'),
  ].map((path) => ({ url: `unix://${path}`, from: 'Podman' }));
}

/** Those whose socket is there; a named pipe cannot be looked up, only opened. */
async function present(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]> {
  const found = await Promise.all(
    endpoints.map(async (endpoint) => {
      const path = socketPath(endpoint.url);
      if (path === undefined || endpoint.url.startsWith('npipe:')) return endpoint;
      return access(path).then(
        () => endpoint,
        () => undefined,
      );
    }),
  );
  return found.filter((endpoint) => endpoint !== undefined);
}

/** The file of a Unix socket or the name of a pipe; undefined for what is reached otherwise. */
export function socketPath(url: string): string | undefined {
  return /^(?:unix|npipe):\/\/(.*)$/.exec(url)?.[1];
}
