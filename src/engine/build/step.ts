import type { Mount } from '../dockerfile/mounts.ts';
import type { SourceRange } from '../dockerfile/diagnostic.ts';
import type { Chmod } from './chmod.ts';

/** Where COPY, ADD and bind mounts take files from. */
export type Origin =
  | { readonly kind: 'context' }
  | { readonly kind: 'stage'; readonly index: number }
  /** Key of a base image of the plan. */
  | { readonly kind: 'image'; readonly key: string };

interface Common {
  /** As progress shows it: `[build 2/3] COPY a /a`. */
  readonly title: string;
  readonly range: SourceRange;
  readonly noCache: boolean;
}

/** WORKDIR. */
export interface MakeDirectoryStep extends Common {
  readonly kind: 'mkdir';
  /** Absolute. */
  readonly path: string;
  /** USER at that point; '' for root. */
  readonly user: string;
}

/** COPY and ADD, everything expanded. */
export interface CopyStep extends Common {
  readonly kind: 'copy';
  readonly origin: Origin;
  readonly unpack: boolean;
  readonly sources: readonly string[];
  readonly heredocs: readonly { readonly name: string; readonly content: string }[];
  /** Absolute, a slash at the end kept. */
  readonly destination: string;
  readonly chown: string | undefined;
  readonly chmod: { readonly text: string; readonly apply: Chmod } | undefined;
  readonly link: boolean;
  readonly parents: boolean;
  readonly exclude: readonly string[];
}

export interface RunStep extends Common {
  readonly kind: 'run';
  readonly argv: readonly string[];
  readonly env: readonly string[];
  /** Proxy settings: the process sees them, the cache does not. */
  readonly secretEnv: readonly string[];
  readonly cwd: string;
  readonly user: string;
  readonly network: 'default' | 'none' | 'host';
  readonly mounts: readonly PlannedMount[];
  /** A heredoc that begins with `#!`: put at this path, read only. */
  readonly script: { readonly path: string; readonly content: string } | undefined;
}

export interface PlannedMount {
  readonly mount: Mount;
  /** Bind and cache. */
  readonly origin: Origin | undefined;
}

export type Step = MakeDirectoryStep | CopyStep | RunStep;
