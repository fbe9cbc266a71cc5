import type { ByteStream } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import type { Content } from '../layer/entry.ts';
import type { BuildContext } from '../build/context.ts';
import type { Zone } from '../format/time.ts';

/** One invocation of the `docker` command: who runs it and what it can reach. */
export interface Session {
  readonly engine: Engine;
  readonly stdin: ByteStream;
  /** True when nothing was redirected into it: `load` then does not wait for an archive to be typed. */
  readonly stdinIsTerminal?: boolean;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly files: HostFiles;
  /** DOCKER_DEFAULT_PLATFORM, SOURCE_DATE_EPOCH, BUILDKIT_PROGRESS, NO_COLOR … */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** True when the engine, and with it every container, ends with this command. */
  readonly endsEngine?: boolean;
  /** The terminal the command was typed at; missing when stdin and stdout are none. */
  readonly terminal?: SessionTerminal;
  /** Signals sent to the command; missing where nobody can send any. */
  readonly signals?: SessionSignals;
  /** The files that containers can be given; missing where there are none. */
  readonly workspace?: Workspace;
  /** A YAML document as data, for `docker compose`; rejects with EngineError `yaml-invalid`. */
  readonly parseYaml?: (text: string) => Promise<unknown>;
  /** The reader's time zone; UTC when missing. */
  readonly zone?: Zone;
}

/** What `docker run -t` needs of a terminal. */
export interface SessionTerminal {
  size(): { readonly columns: number; readonly rows: number };
  /** Calls back after every change of the size, until what it returns is called. */
  onResize(listener: () => void): () => void;
  /**
   * With `true` every key reaches `stdin` as it is typed, unechoed, Ctrl-C too. Whoever makes it raw
   * makes it as it was again.
   */
  setRaw(raw: boolean): void;
}

export interface SessionSignals {
  /**
   * Calls back with the number of each signal: SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 and
   * whatever else can be caught, until what it returns is called. As long as somebody listens, SIGINT
   * does not abort `signal`.
   */
  listen(listener: (signal: number) => void): () => void;
}

/** Port: the folder that the machine mounts live. */
export interface Workspace {
  /**
   * Where a path, relative to the working directory or absolute, lies in the workspace; undefined
   * when it is outside. `source` is relative to the workspace's root, '' for all of it; `absolute`
   * is the whole path as the reader knows it.
   */
  locate(path: string): { readonly source: string; readonly absolute: string } | undefined;
  /** What is at a `source`. */
  kind(source: string): Promise<'file' | 'dir' | 'none'>;
  /** Makes a directory and those above it. */
  makeDirectory(source: string): Promise<void>;
}

export interface Sink {
  write(data: string | Uint8Array): void;
  /** Resolves when the reader has taken what was written; a large producer awaits it. */
  drain(): Promise<void>;
  /** Columns of the terminal, when it is one. */
  readonly columns: number | undefined;
}

/** Port: the files of the person who typed the command. Paths are as typed, relative to their working directory. */
export interface HostFiles {
  /** Undefined when there is no such file; EngineError `is-a-directory`, `permission-denied`. */
  open(path: string): Promise<Content | undefined>;
  /** Writes aside and renames, so that a failure leaves what was there. */
  write(path: string, bytes: ByteStream): Promise<void>;
  kind(path: string): Promise<'file' | 'dir' | 'none'>;
  /** A directory as a build context. `wants(path, isDir)` prunes what need not be read. */
  context(path: string, wants?: (path: string, isDir: boolean) => boolean): Promise<BuildContext>;
  /** `--output type=local`: writes a tree below a directory; nothing outside it, whatever the tree holds. */
  writeTree(path: string, tree: BuildContext['tree']): Promise<void>;
}
