import type { Joined } from '../networks/join.ts';
import type { EndpointRecord } from '../networks/record.ts';
import type { Digest } from '../oci/digest.ts';
import type { ContainerConfig, OciPlatform } from '../oci/image.ts';

/** What the store remembers of a container: enough for `ps`, `inspect` and another `start`. */
export interface ContainerRecord {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  /** The image's ID. */
  readonly image: Digest;
  /** The image's manifest, by which its layers are found also after `docker rmi -f`. */
  readonly manifest: Digest;
  /** As it was typed. */
  readonly imageName: string;
  readonly platform: OciPlatform;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly config: CreatedConfig;
  readonly host: HostConfig;
  readonly mounts: readonly ContainerMount[];
  /** Its networks, whether it runs or not; missing in what was made before there were any: `host.networkMode` says. */
  readonly networks?: readonly EndpointRecord[];
  /** Addresses and ports, while it runs in this engine; never stored. */
  readonly joined?: Joined;
  readonly state: ContainerState;
  /** What its processes changed, as a stored layer; missing while nothing was saved. */
  readonly changes?: Digest;
  /** While it runs: the layer its file system was opened from and still reads, whatever was saved since. */
  readonly opened?: Digest | undefined;
  /** Its output so far, oldest first: stored blobs of JSON lines (`{log, stream, time}`, as Docker's json-file). */
  readonly logs: readonly Digest[];
}

/** Image's and command line's settings merged. */
export interface CreatedConfig extends ContainerConfig {
  readonly Hostname: string;
  readonly Domainname: string;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly Tty: boolean;
  readonly OpenStdin: boolean;
  /** Its input ends when the first that was attached to it goes. */
  readonly StdinOnce: boolean;
  /** Seconds between the stop signal and SIGKILL; 10 when missing, -1 for ever. */
  readonly StopTimeout?: number;
}

/** What Docker calls HostConfig, as far as it does something here. */
export interface HostConfig {
  /** `-v` values as given, but for relative sources, as `inspect` shows them. */
  readonly binds: readonly string[];
  readonly containerIdFile: string;
  readonly autoRemove: boolean;
  readonly readOnlyRoot: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOpt: readonly string[];
  readonly privileged: boolean;
  readonly init: boolean;
  /** '', `host`, `container:ID`. */
  readonly pidMode: string;
  readonly ipcMode: string;
  /** `default`, `none`, `host`, `container:ID`, or a network's name. */
  readonly networkMode: string;
  /** Bytes. */
  readonly memory?: number;
  /** Processors, `0.5`. */
  readonly cpus?: number;
  readonly pidsLimit?: number;
  /** Bytes. */
  readonly shmSize: number;
  readonly ulimits: readonly {
    readonly name: string;
    readonly soft: number;
    readonly hard: number;
  }[];
  readonly extraHosts: readonly string[];
  /** `--restart`: `no`, `always`, `unless-stopped`, `on-failure[:N]`. */
  readonly restartPolicy: string;
  readonly groupAdd: readonly string[];
  readonly dns: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  /** `-p` values as given. */
  readonly publish: readonly string[];
  /** `-P`. */
  readonly publishAll: boolean;
  /** `--tmpfs` by path; the options as written. */
  readonly tmpfs: Readonly<Record<string, string>>;
}

export type ContainerMount =
  | {
      readonly type: 'volume';
      readonly name: string;
      readonly target: string;
      readonly readOnly: boolean;
      /** Anonymous volumes go with `rm -v` and `--rm`. */
      readonly anonymous: boolean;
    }
  | {
      readonly type: 'bind';
      /** Relative to the workspace. */
      readonly source: string;
      /** As shown by `inspect`. */
      readonly shown: string;
      readonly target: string;
      readonly readOnly: boolean;
    }
  | {
      readonly type: 'tmpfs';
      readonly target: string;
      readonly options: readonly string[];
      readonly size?: number;
      readonly mode?: number;
    };

export interface ContainerState {
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead';
  readonly exitCode: number;
  readonly error: string;
  readonly outOfMemory: boolean;
  readonly pid: number;
  /** ISO 8601, UTC; Go's zero time `0001-01-01T00:00:00Z` when it never was. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly restartCount: number;
  /** While running: the engine that runs it, as in `owner.ts`. */
  readonly owner?: string;
  readonly health?: HealthState;
}

export interface HealthState {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  readonly failingStreak: number;
  /** The last five, oldest first. */
  readonly log: readonly {
    readonly start: string;
    readonly end: string;
    readonly exitCode: number;
    readonly output: string;
  }[];
}

/** What the store remembers of a volume. */
export interface VolumeRecord {
  readonly name: string;
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly anonymous: boolean;
  /** Its content, as a stored layer; missing while it is empty. */
  readonly content?: Digest;
  /** While it is in use: the layer it was opened from and still reads, whatever was saved since. */
  readonly opened?: Digest | undefined;
}
