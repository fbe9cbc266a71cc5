import type { ContainerCreateOptions } from 'dockerode';
import {
  type Container,
  EngineTrouble,
  type RunRequest,
  type StartFailure,
} from '../../verify/engine.ts';
import type { Connection } from './connect.ts';
import { openContainer } from './container.ts';
import { OWNER_LABEL } from './labels.ts';
import { readStreams, type StreamReader } from './streams.ts';
import { apiError, troubleFrom, troubleOf } from './trouble.ts';
import { both } from './words.ts';

const GIB = 1024 ** 3;

/** What a learner's program may use up. Swap is not added: what is full is full. */
const LIMITS = { Memory: GIB, MemorySwap: GIB, PidsLimit: 512 } as const;
/** Two processors, said so that a computer with one takes it. */
const PROCESSORS = { CpuPeriod: 100_000, CpuQuota: 200_000 } as const;

/**
 * Creates a container and starts it. It has no network, or one whose ports only this computer reaches,
 * no folder of this computer and none of Docker's privileges. Errors: EngineTrouble.
 */
export async function runContainer(
  connection: Connection,
  request: RunRequest,
  owner: string,
): Promise<Container | StartFailure> {
  const options = createOptions(request, owner);
  const limited = { ...options, HostConfig: { ...options.HostConfig, ...PROCESSORS } };
  try {
    return await start(connection, limited);
  } catch (error) {
    // Without root an engine is often not allowed to limit processors, and then has all the other limits.
    const { message } = apiError(error);
    if (!/\bcpu/i.test(message) || !/cgroup|controller|CPU CFS/i.test(message))
      return failureOf(error);
  }
  return start(connection, options).catch(failureOf);
}

/** Rejects as the client library does, and leaves nothing then. */
async function start(connection: Connection, options: ContainerCreateOptions): Promise<Container> {
  const { docker } = connection;
  const { id } = await docker.createContainer(options);
  const container = docker.getContainer(id);
  let output: StreamReader | undefined;
  try {
    // Podman makes the container ready here, and says here what is in the way.
    output = readStreams(await container.attach({ stream: true, stdout: true, stderr: true }));
    await container.start();
  } catch (error) {
    output?.close();
    await container.remove({ force: true, v: true }).catch(() => undefined);
    throw error;
  }
  return openContainer(connection, container, output);
}

function createOptions(request: RunRequest, owner: string): ContainerCreateOptions {
  const { image, entrypoint, command, env, user, ports = [], healthInterval } = request;
  const { Healthcheck } = image.config.config;
  return {
    Image: image.id,
    Labels: { [OWNER_LABEL]: owner },
    AttachStdin: false,
    // An empty list would be taken for none: one empty word takes the image's away.
    ...(entrypoint && { Entrypoint: entrypoint.length === 0 ? [''] : [...entrypoint] }),
    ...(command && { Cmd: [...command] }),
    ...(env && { Env: Object.entries(env).map(([name, value]) => `${name}=${value}`) }),
    ...(user !== undefined && { User: user }),
    ...(ports.length > 0 && {
      ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
    }),
    ...(Healthcheck &&
      healthInterval !== undefined && {
        Healthcheck: {
          ...(Healthcheck.Test && { Test: [...Healthcheck.Test] }),
          ...(Healthcheck.Timeout !== undefined && { Timeout: Healthcheck.Timeout }),
          ...(Healthcheck.Retries !== undefined && { Retries: Healthcheck.Retries }),
          ...(Healthcheck.StartPeriod !== undefined && { StartPeriod: Healthcheck.StartPeriod }),
          Interval: healthInterval * 1_000_000,
        },
      }),
    HostConfig: hostConfig(request, owner),
  };
}

function hostConfig(
  request: RunRequest,
  owner: string,
): NonNullable<ContainerCreateOptions['HostConfig']> {
  const { ports = [], tmpfs = [], volumes = [] } = request;
  return {
    ...LIMITS,
    NetworkMode: ports.length > 0 ? 'bridge' : 'none',
    PortBindings: Object.fromEntries(
      ports.map((port) => [`${port}/tcp`, [{ HostIp: '127.0.0.1', HostPort: '' }]]),
    ),
    // What it prints is read as it comes; the log is for what it printed before anybody read.
    LogConfig: { Type: 'json-file', Config: { 'max-size': '2m' } },
    Init: request.init === true,
    ReadonlyRootfs: request.readOnly === true,
    ...(request.dropCapabilities === true && { CapDrop: ['ALL'] }),
    ...(request.noNewPrivileges === true && { SecurityOpt: ['no-new-privileges'] }),
    ...(tmpfs.length > 0 && {
      Tmpfs: Object.fromEntries(tmpfs.map((path) => [path, 'size=256m'])),
    }),
    ...(volumes.length > 0 && {
      Mounts: volumes.map((path) => ({
        Type: 'volume',
        Source: '',
        Target: path,
        VolumeOptions: {
          NoCopy: false,
          Labels: { [OWNER_LABEL]: owner },
          DriverConfig: { Name: 'local', Options: {} },
        },
      })),
    }),
  };
}

/** What a runtime says when a container's process cannot be. */
const NOT_STARTED =
  /OCI runtime|container process|unable to find (?:user|group)|no matching entries|no command|executable file|exec format|no such file|not a directory|permission denied|crun|runc|invalid (?:user|group|working)|strconv|Cwd must|working directory/i;

function failureOf(error: unknown): StartFailure {
  const { status, message } = apiError(error);
  if (status === undefined) throw troubleFrom(error);
  if (/no such image/i.test(message)) throw gone(message);
  const known = NOT_STARTED.test(message);
  if (
    troubleOf(message) === 'no-space' ||
    !known ||
    /cgroup|apparmor|rlimit|container-init/i.test(message)
  ) {
    throw troubleFrom(error);
  }
  return { started: false, message };
}

function gone(message: string): EngineTrouble {
  return new EngineTrouble(
    'image-missing',
    both(
      `A imagem sumiu antes de ser usada: ${message}`,
      `The image went away before it was used: ${message}`,
    ),
    {
      advice: both(
        'Algo apagou imagens enquanto a verificação rodava, como `docker image prune`. Tente de novo.',
        'Something removed images during the verification, such as `docker image prune`. Try again.',
      ),
    },
  );
}
