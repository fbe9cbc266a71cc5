import Dockerode from 'dockerode';
import { z } from 'zod';
import { EngineTrouble } from '../../verify/engine.ts';
import { type Endpoint, type EngineChoice, endpointsFor, socketPath } from './endpoint.ts';
import { sshAgent } from './ssh-agent.ts';
import { apiError } from './trouble.ts';
import { unreachable, tooOld, notThis } from './unreachable.ts';

/** An engine that answered. */
export interface Connection {
  readonly docker: Dockerode;
  readonly kind: 'docker' | 'podman';
  /** `26.1.5`. */
  readonly version: string;
  /** What is spoken with it, `1.45`. */
  readonly apiVersion: string;
  /** What its images are made for: `linux/amd64`. */
  readonly platform: string;
  readonly endpoint: Endpoint;
}

export interface ConnectOptions {
  readonly choice?: EngineChoice;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Docker 20.10's API, and the newest that this was written against. */
const OLDEST = '1.41';
const NEWEST = '1.45';
/** A socket whose daemon hangs must not hang us; Docker Desktop wakes up within a few seconds. */
const PATIENCE = 15_000;

const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  MinAPIVersion: z.string().optional(),
  Os: z.string(),
  Arch: z.string(),
  Components: z.array(z.object({ Name: z.string(), Version: z.string() })).optional(),
});

/**
 * Finds an engine and says hello to it. Errors: EngineTrouble `no-engine` with why and what to do,
 * `engine-too-old` before Docker 20.10, `timeout` when something listens and does not answer.
 */
export async function connect(options: ConnectOptions = {}): Promise<Connection> {
  const { choice = 'auto', env = process.env } = options;
  const endpoints = await endpointsFor(choice, env);
  let first: EngineTrouble | undefined;
  for (const endpoint of endpoints) {
    try {
      const connection = await tryEndpoint(endpoint, choice);
      if (choice === 'auto' || connection.kind === choice) return connection;
      first ??= notThis(choice, endpoint, connection.kind);
    } catch (error) {
      if (!(error instanceof EngineTrouble)) throw error;
      first ??= error;
    }
  }
  throw first ?? unreachable({ url: '', from: 'default' }, choice, undefined);
}

async function tryEndpoint(endpoint: Endpoint, choice: EngineChoice): Promise<Connection> {
  const options = dockerOptions(endpoint);
  const docker = new Dockerode(options);
  let answer: unknown;
  const late = AbortSignal.timeout(PATIENCE);
  try {
    answer = await Promise.race([docker.version(), rejected(late)]);
  } catch (error) {
    const { code, status, message } = apiError(error);
    const name = late.aborted ? 'ETIMEDOUT' : (code ?? (status === undefined ? undefined : 'HTTP'));
    throw unreachable(endpoint, choice, { code: name, message, cause: error });
  }
  const said = versionSchema.safeParse(answer);
  if (!said.success)
    throw unreachable(endpoint, choice, {
      code: 'HTTP',
      message: 'not Docker’s API',
      cause: said.error,
    });
  const { Version, ApiVersion, MinAPIVersion = OLDEST, Os, Arch, Components = [] } = said.data;
  const podman = Components.find(({ Name }) => Name === 'Podman Engine');
  const version = podman?.Version ?? Version;
  if (isOlder(ApiVersion, OLDEST) && !podman) throw tooOld(version, endpoint);
  const newest = isOlder(ApiVersion, NEWEST) ? ApiVersion : NEWEST;
  const apiVersion = isOlder(newest, MinAPIVersion) ? MinAPIVersion : newest;
  return {
    docker: new Dockerode({ ...options, version: `v${apiVersion}` }),
    kind: podman ? 'podman' : 'docker',
    version,
    apiVersion,
    platform: `${Os}/${Arch}`,
    endpoint,
  };
}

/** All that the library would otherwise take from the environment on its own is given. */
function dockerOptions({ url, tls }: Endpoint): Dockerode.DockerOptions {
  const path = socketPath(url);
  const none = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined };
  if (path !== undefined) return { ...none, socketPath: path, protocol: 'http' };
  const agent = sshAgent(url);
  if (agent)
    return { ...none, ...agent, host: 'localhost', protocol: 'http', socketPath: undefined };
  const { hostname, port } = parseUrl(url);
  const common = { ...none, host: hostname, port: port === '' ? (tls ? 2376 : 2375) : port };
  if (!tls) return { ...common, protocol: 'http', socketPath: undefined };
  const { ca, cert, key, verify } = tls;
  const insecure = verify ? {} : { checkServerIdentity: () => undefined };
  return { ...common, protocol: 'https', socketPath: undefined, ca, cert, key, ...insecure };
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw unreachable({ url, from: 'DOCKER_HOST' }, 'auto', undefined);
  }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('no answer'));
    });
  });
}

/** Whether one version of the API comes before another: `1.9` before `1.41`. */
export function isOlder(a: string, b: string): boolean {
  const [major = 0, minor = 0] = a.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = b.split('.').map(Number);
  return major !== otherMajor ? major < otherMajor : minor < otherMinor;
}
