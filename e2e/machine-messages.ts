import type { Outcome } from './messages.ts';
import type { WireEntry } from './wire-entry.ts';

/** What a page asks of the machine's worker. */
export type MachineMessage =
  | {
      readonly kind: 'start';
      /** URLs: of the pantry's layout, of the folder with machine.json, of v86.wasm. */
      readonly pantry: string;
      readonly machine: string;
      readonly wasm: string;
      /** The name of the store that pages of one site share. */
      readonly store: string;
    }
  /** Puts a folder where `docker build PATH` finds it. */
  | { readonly kind: 'folder'; readonly path: string; readonly entries: readonly WireEntry[] }
  /** A shell script in the guest. */
  | { readonly kind: 'sh'; readonly script: string }
  /** A program with a terminal; every text is typed when what comes before it was shown. */
  | { readonly kind: 'type'; readonly argv: readonly string[]; readonly typed: readonly Typed[] }
  /** `docker ARGS…`, without a terminal. */
  | { readonly kind: 'docker'; readonly args: readonly string[]; readonly stdin?: string }
  /** `docker ARGS…` at a terminal. */
  | {
      readonly kind: 'docker-typed';
      readonly args: readonly string[];
      readonly typed: readonly Typed[];
    }
  | { readonly kind: 'stop' };

export interface Typed {
  readonly after: string;
  readonly text: string;
}

/** How a script ended; `output` is both streams, or what its terminal showed. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly milliseconds: number;
}

/** In ms, since the worker was asked. */
export interface Started {
  /** The machine runs: the agent has set it up. */
  readonly running: number;
  /** A first command has answered. */
  readonly answered: number;
  /** What the worker may not have: more than a site without special headers has. */
  readonly isolated: boolean;
  readonly globals: readonly string[];
}

export interface MachineAnswers {
  readonly start: Started;
  readonly sh: Ended;
  readonly type: Ended;
  readonly folder: undefined;
  readonly docker: Outcome;
  readonly 'docker-typed': Ended;
  readonly stop: undefined;
}
