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
  /** A process asked the guest's resolver for a name, which does not exist for want of a network. */
  onLookup(listener: (name: string) => void): void;
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
