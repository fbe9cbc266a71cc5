import type { ByteStream } from '../bytes.ts';
import type { Entry } from '../layer/entry.ts';
import type { FileTree } from '../layer/tree.ts';

/** Port: runs a process in a root filesystem. Machine implements it; without one, RUN is refused. */
export interface ProcessHost {
  run(request: RunRequest, output: RunOutput): Promise<RunResult>;
}

export interface RunRequest {
  readonly root: FileTree;
  readonly argv: readonly string[];
  /** `NAME=value` pairs. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** As in the image config: `name`, `uid`, `uid:gid`, … */
  readonly user: string;
  readonly stdin?: ByteStream;
  readonly mounts: readonly RunMount[];
  readonly network: 'default' | 'none' | 'host';
  readonly signal?: AbortSignal;
}

export type RunMount =
  | {
      readonly kind: 'bind';
      readonly target: string;
      readonly tree: FileTree;
      readonly source: string;
      readonly writable: boolean;
    }
  | {
      readonly kind: 'cache';
      readonly target: string;
      readonly id: string;
      readonly sharing: 'shared' | 'private' | 'locked';
      readonly writable: boolean;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly seed?: { readonly tree: FileTree; readonly source: string };
    }
  | { readonly kind: 'tmpfs'; readonly target: string; readonly size?: number }
  | {
      readonly kind: 'secret';
      readonly target: string;
      readonly content: Uint8Array;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

export interface RunOutput {
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
}

export interface RunResult {
  readonly exitCode: number;
  /** What the process changed, as the entries of a layer. */
  readonly changes: readonly Entry[];
}
