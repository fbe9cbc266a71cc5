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
  /** The reader's time zone; UTC when missing. */
  readonly zone?: Zone;
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
