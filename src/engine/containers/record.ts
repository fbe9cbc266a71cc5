import type { Digest } from '../oci/digest.ts';
import type { ContainerConfig, OciPlatform } from '../oci/image.ts';

/** What the store remembers of a container: enough for `ps`, `inspect` and another `start`. */
export interface ContainerRecord {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly image: Digest;
  /** The image's manifest, by which its layers are found also after `docker rmi -f`. */
  readonly manifest: Digest;
  /** As it was typed. */
  readonly imageName: string;
  readonly platform: OciPlatform;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** Image's and command line's settings merged. */
  readonly config: ContainerConfig & {
    readonly Hostname: string;
    readonly Tty: boolean;
    readonly OpenStdin: boolean;
    readonly StopTimeout?: number;
  };
  readonly host: HostConfig;
  readonly mounts: readonly ContainerMount[];
  readonly state: ContainerState;
  /** What its processes changed, as a stored layer; missing while nothing was saved. */
  readonly changes?: Digest;
  /** Its output so far, as a stored blob of JSON lines (`{log, stream, time}`, as Docker's json-file). */
  readonly logs?: Digest;
}

/** What Docker calls HostConfig, as far as it does something here. */
export interface HostConfig {
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
  readonly memory?: number;
  readonly cpus?: number;
  readonly pidsLimit?: number;
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
  /** `-p` values as given; Services publishes them. */
  readonly publish: readonly string[];
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
  /** While running: the engine that runs it (a random ID per engine) and until when that is certain, in ms since 1970. */
  readonly owner?: { readonly engine: string; readonly until: number };
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
  /** While containers of an engine use it: as in `ContainerState`. */
  readonly owner?: { readonly engine: string; readonly until: number };
}
