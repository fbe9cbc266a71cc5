import type { Duplex } from '../../engine/process/host.ts';

/**
 * What the machine asks of the agent, the small program that is process 1 of the guest. Made by
 * `connectAgent`; the agent's own side is src/machine/guest/agent.c.
 */
export interface Agent {
  /**
   * Once after every restore: sets the clock (ms since 1970), mounts 9P at /run/semdistro/9p, binds
   * the tools over the empty root, and mounts the workspace, whose 9P comes over port 1, when asked
   * to. Rejects with Error (`mount 9P: EIO`).
   */
  setUp(options: { readonly now: number; readonly workspace?: boolean }): Promise<void>;
  /** Rejects with Error when the program could not be executed: `exec: ENOENT`, `chdir: ENOTDIR`. */
  spawn(spec: SpawnSpec, io: SpawnIo): Promise<GuestProcess>;
  /** Resolves when everything written in the guest has reached the 9P server. */
  sync(): Promise<void>;
  /** Sends a signal to any process of the guest, or, with -pid, to a process group. Rejects with Error (`ESRCH`). */
  kill(pid: number, signal: number): Promise<void>;
  /** A `docker` was typed in a shell of the guest. The handler's result is its exit code. */
  onCommand(handler: (command: GuestCommand) => Promise<number>): void;
  /**
   * A process asked a resolver of the guest something, in the DNS's format: that of the machine
   * itself, 127.0.0.53, is namespace 0, the others are 127.0.0.11. The handler's result is the answer.
   */
  onQuery(handler: (namespace: number, query: Uint8Array) => Uint8Array | undefined): void;
  /**
   * Gives a network namespace interfaces, after making it, with its loopback and resolver, when it
   * is not there: its file is then `/run/semdistro/net/<namespace>`. Rejects with Error (`veth: EEXIST`);
   * what was made before the failure is there until `leave`.
   */
  join(namespace: number, interfaces: readonly GuestInterface[]): Promise<void>;
  /** Removes devices of the machine and with them their other ends; what is not there is no error. */
  leave(namespace: number, what: GuestLeave): Promise<void>;
  /** Passes connections to one place on to another, until released. Rejects with Error (`listen: EADDRINUSE`). */
  listen(at: Place, to: Place): Promise<{ release(): Promise<void> }>;
  /** Makes a TCP connection from the machine's own network. Rejects with Error (`connect: ECONNREFUSED`). */
  connect(to: Place): Promise<Duplex>;
}

/** One end of TCP: an IPv4 address of four bytes, and a port. */
export interface Place {
  readonly address: Uint8Array;
  readonly port: number;
}

/** A pair of devices between a bridge and a namespace. Names have 15 bytes at most. */
export interface GuestInterface {
  /** Made when it is missing, with `gateway` as the machine's address in it. */
  readonly bridge: string;
  /** The machine's end. */
  readonly device: string;
  /** The other: `eth0`. */
  readonly name: string;
  /** Four bytes. */
  readonly address: Uint8Array;
  readonly gateway: Uint8Array;
  /** Bits that the network's addresses share. */
  readonly prefix: number;
  /** Six bytes. */
  readonly mac: Uint8Array;
  /** What is not in a network of its own goes to this one's gateway. */
  readonly isDefault: boolean;
}

export interface GuestLeave {
  readonly devices: readonly string[];
  /** Where the default route goes from now on. */
  readonly gateway?: Uint8Array | undefined;
  /** The namespace is not needed any more: it goes with the last process in it. */
  readonly close?: boolean;
}

export interface SpawnSpec {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  /** The process gets a terminal of its own, as controlling terminal and as all three streams. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  /**
   * `{socket}` in argv is replaced by the path of a UNIX socket; the terminal that is sent there
   * (`crun --console-socket`) takes the place of stdin and stdout. What the process itself writes,
   * to stdout or stderr, is stream 2.
   */
  readonly consoleSocket?: { readonly columns: number; readonly rows: number };
  /** Streams beyond 2, read by the host: file descriptors 3, 4 … of the process. */
  readonly extraOutputs?: number;
}

export interface SpawnIo {
  /** Undefined: /dev/null. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** `stream` is 1, 2, or an extra output's number; what it returns is awaited before more comes. */
  output(stream: number, bytes: Uint8Array): void | Promise<void>;
}

export interface GuestProcess {
  readonly pid: number;
  /**
   * 128 + n after signal n; resolves after all output. Output that others hold open (a grandchild in
   * the background) is waited for 2 s, as dockerd does. Rejects with EngineError `machine-stopped`
   * when the machine stops, and with what `output` or `stdin` threw.
   */
  readonly exit: Promise<number>;
  resize(columns: number, rows: number): void;
  kill(signal: number): void;
}

/** One `docker …` typed in the guest; its streams are those of whoever typed it. */
export interface GuestCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Which of stdin, stdout, stderr are terminals. */
  readonly terminals: readonly [boolean, boolean, boolean];
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
  /** `stream` 1 or 2. Resolves when the reader has taken it, or has ended. */
  write(stream: 1 | 2, bytes: Uint8Array): Promise<void>;
  /** Turns the terminal's echo, line editing and signals off, and back on. */
  setRaw(raw: boolean): Promise<void>;
  onResize(listener: (columns: number, rows: number) => void): void;
  /** SIGINT, SIGTERM and SIGHUP by number; aborted also when the client was killed. */
  onSignal(listener: (signal: number) => void): void;
  readonly closed: AbortSignal;
}
