import type { ContainerRequest } from '../../engine/containers/request.ts';
import type { RunRequest } from '../../verify/engine.ts';
import type { Session } from './session.ts';

const MEMORY = 256 * 1024 * 1024;
const PROCESSES = 256;
const SHARED_MEMORY = 64 * 1024 * 1024;
const NANOSECONDS = 1_000_000;

/** What a container of a check may: nothing of the host, no network but its own, and not too much of anything. */
export function containerRequest(request: RunRequest, { labels }: Session): ContainerRequest {
  const { image, entrypoint, command = [], env = {}, user = '', healthInterval } = request;
  const [program, ...given] = entrypoint ?? [];
  return {
    image: image.id,
    config: {
      ...{ Domainname: '', AttachStdin: false, AttachStdout: false, AttachStderr: false },
      ...{ Tty: false, OpenStdin: false, StdinOnce: false },
      User: user,
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Cmd: [...given, ...command],
      Labels: labels,
      ...(program !== undefined && { Entrypoint: [program] }),
      ...(healthInterval !== undefined && {
        Healthcheck: { Interval: healthInterval * NANOSECONDS },
      }),
    },
    host: {
      ...{ binds: [], autoRemove: false, containerIdFile: '', privileged: false },
      readOnlyRoot: request.readOnly ?? false,
      capAdd: [],
      capDrop: request.dropCapabilities === true ? ['ALL'] : [],
      securityOpt: request.noNewPrivileges === true ? ['no-new-privileges'] : [],
      init: request.init ?? false,
      ...{ pidMode: '', ipcMode: '', networkMode: 'none' },
      ...{ memory: MEMORY, pidsLimit: PROCESSES, shmSize: SHARED_MEMORY },
      ...{ ulimits: [], extraHosts: [], restartPolicy: 'no', groupAdd: [], dns: [], sysctls: {} },
      ...{ publish: [], publishAll: false },
      tmpfs: Object.fromEntries((request.tmpfs ?? []).map((path) => [path, ''])),
    },
    mounts: (request.volumes ?? []).map((target) => ({
      ...{ type: 'volume', target, readOnly: false, noCopy: false },
    })),
  };
}
