import type { ContainerConfig } from '../engine/oci/image.ts';
import type { ContainerState, ExecResult, HttpAnswer, HttpRequest } from './engine.ts';

/**
 * What a learner has running: containers, networks and what happened to them, without anything that
 * checks made. A look and no more: nothing here creates, stops or removes. What is gone since it was
 * listed rejects with `EngineTrouble` `engine-failed`; so does what another process runs, as the
 * shell of `semdistro sh` does, with what to do about it.
 */
export interface LiveEngine {
  /** All, also those that have ended; newest first. */
  containers(): Promise<readonly LiveContainer[]>;
  /** By ID; undefined when it is not there, or checks made it. */
  container(id: string): Promise<LiveContainer | undefined>;
  /** All, the three that are always there first: `bridge`, `host`, `none`. */
  networks(): Promise<readonly LiveNetwork[]>;
  /**
   * What happened since then (milliseconds since 1970), oldest first. An engine remembers its last 256
   * events and forgets them when it ends: what is not told may have happened all the same.
   */
  events(since: number): Promise<readonly LiveEvent[]>;
  /**
   * Every event from now on, until what it returns is called. An engine that goes away is silent; its
   * next question says so.
   */
  follow(listener: (event: LiveEvent) => void): () => void;
  /** Paths that differ from the image, with `/` in front: what `docker diff` prints. */
  changes(id: string): Promise<readonly LiveChange[]>;
  /** So far, each stream cut to its first MiB; of one with a terminal all is `stdout`. */
  logs(id: string): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /**
   * What a container prints, as it comes: of one that runs also what it printed before. One that was
   * never started may have nothing to listen to yet; with `created`, for one that was made just now,
   * nothing is asked first, so that it cannot be over before it is listened to.
   */
  listen(
    id: string,
    listener: (text: string, stream: 'stdout' | 'stderr') => void,
    options?: { readonly created?: boolean },
  ): LiveListening;
  /** A program in a running container; two minutes at most. It is in the events, as anybody's is. */
  exec(
    id: string,
    command: readonly string[],
    options?: { readonly user?: string },
  ): Promise<ExecResult>;
  /**
   * As somebody outside who goes to the published port: undefined when this port of the container is
   * not published, or nobody answers there.
   */
  request(id: string, port: number, request: HttpRequest): Promise<HttpAnswer | undefined>;
}

export interface LiveListening {
  /** Resolves when there is no more to come: it has ended, is gone, or is not listened to any more. */
  readonly ended: Promise<void>;
  stop(): void;
}

export interface LiveContainer {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  /** Digest of the image's config, as `Image.id`. */
  readonly image: string;
  /** The image as it was typed. */
  readonly imageName: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly state: LiveState;
  /** Image's and command line's settings merged: `Env`, `User`, `Cmd`, `Entrypoint`, `Labels` … */
  readonly config: ContainerConfig;
  /** The networks it belongs to; none of one that shares another's. */
  readonly networks: readonly LiveAttachment[];
  /** What `-p` and `-P` opened, while it runs; an entry for each address. */
  readonly ports: readonly LivePort[];
  readonly mounts: readonly LiveMount[];
  /** `bridge`, `host`, `none`, a network's name, or `container:` and the whole ID. */
  readonly networkMode: string;
  /** '', `host`, or `container:` and the whole ID. */
  readonly pidMode: string;
  /** Upper case, without `CAP_`: `SYS_PTRACE`, `ALL`. */
  readonly capAdd: readonly string[];
  readonly privileged: boolean;
  readonly readOnly: boolean;
}

export interface LiveState extends ContainerState {
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  /** Milliseconds since 1970; undefined when it never was. */
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly restartCount: number;
}

export interface LiveAttachment {
  /** The network's name. */
  readonly network: string;
  /** IPv4; '' while the container does not run. */
  readonly address: string;
  /** What `--network-alias` gave it; its name, and its short ID where the engine tells that. */
  readonly aliases: readonly string[];
}

export interface LivePort {
  /** In the container. */
  readonly port: number;
  readonly protocol: string;
  /** `0.0.0.0`, `127.0.0.1`, `::`. */
  readonly hostIp: string;
  readonly hostPort: number;
}

export interface LiveMount {
  readonly type: 'volume' | 'bind' | 'tmpfs';
  /** A volume's name; of a bind the path as the engine sees it; '' of a tmpfs. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface LiveNetwork {
  readonly id: string;
  readonly name: string;
  /** `bridge`, `host`, `null`. */
  readonly driver: string;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export interface LiveEvent {
  readonly type: 'container' | 'image' | 'volume' | 'network';
  /** `create`, `start`, `die`, `destroy`, `exec_create: sh -c true`; of a network `connect`, `disconnect`. */
  readonly action: string;
  /** A container's or network's ID, an image's ID or name, a volume's name. */
  readonly id: string;
  /** A container's `name`, `image` and labels; of a network also the `container`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface LiveChange {
  readonly path: string;
  readonly kind: 'A' | 'C' | 'D';
}
