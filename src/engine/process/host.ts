import type { ByteStream } from '../bytes.ts';
import type { Entry } from '../layer/entry.ts';
import type { FileTree } from '../layer/tree.ts';

/**
 * Port: runs processes in containers. Machine implements it. The engine decides everything that is
 * OCI or Docker (users, defaults, names, words); the host is told numbers and paths.
 */
export interface ProcessHost {
  /**
   * A file system that processes can write to: `lower` under what they change. `changes` are there
   * from the start, as if a process had made them. Costs nothing until it is used and needs no
   * running machine.
   */
  writable(lower: FileTree, changes?: Iterable<Entry>): WritableTree;
  /**
   * Starts a container. Resolves when its first process runs; rejects with `ProcessStartError` when
   * it could not, and with EngineError `machine-*` when the machine itself failed.
   */
  start(spec: ContainerSpec, io: ProcessIo): Promise<RunningContainer>;
  /**
   * Listens in the machine's own network and passes connections on to a container. Missing where
   * there is no network. Rejects with EngineError `port-taken` when something listens there already.
   */
  publish?(port: HostPort): Promise<Published>;
  /**
   * A TCP connection made from the machine's own network, to its loopback when no address is given.
   * Missing where there is no network. Rejects with EngineError `connection-refused`.
   */
  dial?(port: number, address?: string): Promise<Duplex>;
}

/** A network of the machine: a bridge, made when its first container joins and gone with the last. */
export interface HostNetwork {
  /** Unique among the host's networks, hexadecimal digits. */
  readonly id: string;
  /** `172.18.0.0/16`. */
  readonly subnet: string;
  /** The machine's own address in it. */
  readonly gateway: string;
  /** Containers have no route out of it. */
  readonly internal: boolean;
}

/** How a container takes part in a network. */
export interface Attachment {
  readonly network: HostNetwork;
  /** In the container: `eth0`. */
  readonly interface: string;
  /** `172.18.0.2`; its prefix is the network's. */
  readonly address: string;
  /** `02:42:ac:12:00:02`. */
  readonly mac: string;
  /** The container's default route goes through this one; true for one at most. */
  readonly isDefault: boolean;
}

/** A port of the machine that leads to one of a container. */
export interface HostPort {
  /** Where the machine listens, `0.0.0.0` or `127.0.0.1`. */
  readonly hostIp: string;
  readonly hostPort: number;
  /** The container's. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp';
}

export interface Published {
  /** Stops listening; connections that are there stay. */
  release(): Promise<void>;
}

/** One TCP connection. */
export interface Duplex {
  /** Ends when the other side ends; fails when the connection is reset. */
  readonly readable: AsyncIterable<Uint8Array>;
  /** Resolves when more may be written. */
  write(bytes: Uint8Array): Promise<void>;
  /** Nothing more will be written; the other side may still write. */
  end(): void;
  /** Drops the connection both ways. */
  close(): void;
}

export interface WritableTree {
  /**
   * What differs from `lower`, as the entries of a layer. What processes wrote before the call is in
   * it. Contents are as of this moment, whatever is written later.
   */
  changes(): Promise<readonly Entry[]>;
  /** How everything looks now, `lower` included; a snapshot like `changes`. */
  view(): Promise<FileTree>;
  /** Puts entries on top, as `docker cp` does; processes that run see them. */
  apply(entries: Iterable<Entry>): Promise<void>;
  /** Bytes of file content that are not in `lower`. */
  size(): number;
  /** Another number whenever something was changed since it was last asked for: whether saving is due. */
  version(): number;
}

/** A process's streams. What `stdout` and `stderr` return is awaited before more of the stream comes. */
export interface ProcessIo {
  /** Nothing to read, ever, when missing. Its end closes the process's input. */
  readonly stdin?: ByteStream;
  stdout(bytes: Uint8Array): void | Promise<void>;
  /** Never called for a process with a terminal. */
  stderr(bytes: Uint8Array): void | Promise<void>;
  /** Somebody in the machine's network asked for a host by this name, which there is not: it has no internet. */
  lookup?(name: string): void;
}

export interface ProcessSpec {
  /** The program is looked up in the container by the `PATH` of `env` when it has no slash. */
  readonly argv: readonly string[];
  /** `NAME=value` pairs. */
  readonly env: readonly string[];
  /** Absolute; made when missing. */
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
  /** With a terminal of this size; without one stdin, stdout and stderr are pipes. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  /** `CAP_CHOWN` …: bounding set; a process of root has them all, another has none. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  readonly ulimits: readonly {
    readonly name: string;
    readonly soft: number;
    readonly hard: number;
  }[];
}

export interface ContainerSpec {
  /** Unique among the host's containers, hexadecimal digits. */
  readonly id: string;
  readonly root: WritableTree;
  readonly readOnlyRoot: boolean;
  readonly process: ProcessSpec;
  /** Mounted in this order. Mount points that are missing are made in `root`. */
  readonly mounts: readonly Mount[];
  readonly hostname: string;
  /** A small init as process 1 that reaps and passes signals on. */
  readonly init: boolean;
  /** All devices, nothing masked, `/sys` writable. */
  readonly privileged: boolean;
  /** Without the filter of system calls, which a privileged container has not anyway. */
  readonly unconfined?: boolean;
  readonly pid: Namespace;
  readonly ipc: Namespace;
  /** `private` has a loopback interface only; attachments are there before its first process runs. */
  readonly network: Namespace | { readonly attachments: readonly Attachment[] };
  /**
   * Asked by the resolver at 127.0.0.11 in the container's network, when it has one of its own: the
   * IPv4 addresses of a name. Undefined when nobody here has the name; then `ProcessIo.lookup` is told.
   */
  resolve?(name: string): readonly string[] | undefined;
  readonly limits: ContainerLimits;
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** Whose namespace: one of its own, the machine's, or that of another running container. */
export type Namespace = 'private' | 'host' | { readonly container: string };

export interface ContainerLimits {
  /** Bytes. */
  readonly memory?: number;
  /** Processors, `0.5`. */
  readonly cpus?: number;
  readonly pids?: number;
}

export type Mount =
  /** A file or directory of an unchanging tree, read-only. `source` is a path in `tree`, '' for all. */
  | {
      readonly kind: 'tree';
      readonly target: string;
      readonly tree: FileTree;
      readonly source: string;
    }
  /** A file or directory of a writable tree. */
  | {
      readonly kind: 'writable';
      readonly target: string;
      readonly tree: WritableTree;
      readonly source: string;
      readonly readOnly: boolean;
    }
  /** A file or directory of the workspace; `source` is relative to its root, '' for all. */
  | {
      readonly kind: 'workspace';
      readonly target: string;
      readonly source: string;
      readonly readOnly: boolean;
    }
  | {
      readonly kind: 'tmpfs';
      readonly target: string;
      /** Bytes. */
      readonly size?: number;
      /** 0o1777 when missing. */
      readonly mode?: number;
      /** Mount options as written after `--tmpfs /path:`, without size and mode: `noexec`. */
      readonly options?: readonly string[];
    }
  /** One file made for this container: `/etc/hosts`, a secret. */
  | {
      readonly kind: 'file';
      readonly target: string;
      readonly content: Uint8Array;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly readOnly: boolean;
    };

export interface RunningProcess {
  /** In the machine's own numbering; what `docker inspect` shows as `State.Pid`. */
  readonly pid: number;
  /** Resolves after the last of the output was delivered. Rejects with EngineError `machine-*`. */
  readonly exit: Promise<ProcessExit>;
  /** Sends a signal by number; nothing happens when the process has ended. */
  kill(signal: number): Promise<void>;
  /** Nothing happens without a terminal. */
  resize(columns: number, rows: number): Promise<void>;
}

export interface ProcessExit {
  /** As a shell would show it: 128 + n after signal n. */
  readonly code: number;
  /** It was killed for want of memory. */
  readonly outOfMemory: boolean;
}

export interface RunningContainer extends RunningProcess {
  /** Another process in the container. Rejects with `ProcessStartError`. */
  exec(process: ProcessSpec, io: ProcessIo): Promise<RunningProcess>;
  /** Processes of the container, numbers as the machine sees them. */
  processes(): Promise<readonly ProcessRow[]>;
  usage(): Promise<ContainerUsage>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Joins one more network. Missing where there is no network. */
  connect?(attachment: Attachment): Promise<void>;
  /** Leaves a network, by the network's ID. */
  disconnect?(networkId: string): Promise<void>;
  /** Changes what a `file` mount of the container holds; processes that open it afterwards read the new. */
  rewrite?(target: string, content: Uint8Array): Promise<void>;
}

export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  /** Seconds of CPU. */
  readonly cpu: number;
  /** Seconds since 1970. */
  readonly started: number;
  /** `pts/0`, `?`. */
  readonly tty: string;
  readonly command: string;
}

export interface ContainerUsage {
  /** Nanoseconds of CPU since the start. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  readonly memoryLimit: number;
  readonly pids: number;
}
