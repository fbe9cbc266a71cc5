import type { Diagnostic } from '../dockerfile/diagnostic.ts';

/** What a build tells while it runs, in BuildKit's terms. Times are milliseconds since the build began. */
export type BuildEvent =
  | { readonly type: 'vertex'; readonly vertex: Vertex }
  | { readonly type: 'started'; readonly id: number; readonly at: number }
  | {
      readonly type: 'log';
      readonly id: number;
      readonly stream: 'stdout' | 'stderr';
      readonly bytes: Uint8Array;
      readonly at: number;
    }
  /** A named part of a vertex: `transferring context: 2.10kB`, `exporting layers`. */
  | {
      readonly type: 'status';
      readonly id: number;
      readonly name: string;
      readonly done: boolean;
      readonly at: number;
      readonly startedAt: number;
    }
  | {
      readonly type: 'finished';
      readonly id: number;
      readonly at: number;
      readonly cached: boolean;
      readonly error?: string;
    }
  | { readonly type: 'warning'; readonly diagnostic: Diagnostic };

/** The error of a vertex that was interrupted, and did not fail. */
export const CANCELED = 'context canceled';

export interface Vertex {
  /** From 1, in the order first shown: the `#5` of plain progress. */
  readonly id: number;
  /** `[build 2/3] COPY . .`, `[internal] load .dockerignore`. */
  readonly name: string;
}
