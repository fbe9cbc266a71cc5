import type { Engine, Image } from './engine.ts';
import type { Folder } from './folder.ts';
import type { Words } from './words.ts';

/** One statement about the state of a learner's work. */
export interface Check {
  /** Unique in its lab, kebab-case. */
  readonly id: string;
  /** The statement, as it should be: "The image has no shell". */
  readonly title: Words;
  /** Checks that make this one meaningless when they do not pass: it is then skipped. */
  readonly needs?: readonly string[];
  /**
   * It looks at what the learner has running, and at nothing else, and answers at once: where the lab
   * is live it is looked at again whenever something happens in the engine.
   */
  readonly live?: true;
  run(context: CheckContext): Promise<Verdict>;
}

export interface CheckContext {
  readonly engine: Engine;
  /** The learner's folder with this run's planted files in it. */
  readonly folder: Folder;
  /** This run's random values, by the names in lab.yaml. */
  readonly nonce: Readonly<Record<string, string>>;
  /**
   * Builds once per run and context, however many checks ask. A build that fails is thrown as
   * `NotBuilt`, which fails the check with what the engine said.
   */
  readonly built: (options?: BuildOptions) => Promise<Image>;
  readonly signal: AbortSignal;
}

export interface BuildOptions {
  /** A path in `context`; `Dockerfile` when missing. */
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** A subfolder as the context, '' when missing. */
  readonly context?: string;
  /** Files written over the context, by paths in it: what is planted for this build alone. */
  readonly plant?: Readonly<Record<string, string>>;
}

/** What a check comes to, before anybody knows whether it was skipped or broken. */
export type Verdict =
  | { readonly status: 'pass'; readonly found?: Words }
  | {
      readonly status: 'fail';
      readonly expected: Words;
      readonly found: Words;
      readonly where?: Where;
      /** Name of a hint in lab.yaml; the first of this check's when missing. */
      readonly hint?: string;
    }
  /** It does not apply here: this engine cannot, that image is not there. */
  | { readonly status: 'skip'; readonly why: Words };

/** Where the evidence is; each part only when it is known. */
export interface Where {
  /** A file of the learner's folder, with a line from 1. */
  readonly source?: { readonly file: string; readonly line?: number };
  /** An absolute path in the image. */
  readonly path?: string;
  /** Index from the lowest, and what made it. */
  readonly layer?: { readonly index: number; readonly diffId: string; readonly createdBy: string };
  /**
   * `USER`: the last such instruction of what the check built, or of several (`FROM` of its stage
   * when there is none). The runner puts its line into `source`, as it does by itself for a layer
   * that the Dockerfile made, which goes first; and leaves this out.
   */
  readonly instruction?: string | readonly string[];
}

export type CheckStatus = 'pass' | 'fail' | 'skip' | 'broken';

export interface CheckResult {
  readonly id: string;
  readonly title: Words;
  readonly status: CheckStatus;
  readonly expected?: Words;
  /** What was found; for `skip` and `broken`, why. */
  readonly found?: Words;
  readonly where?: Where;
  readonly hint?: string;
  /** For `broken`: what to do about it, where that is known. */
  readonly advice?: Words;
  readonly seconds: number;
}

/** A verifier's answer. `broken` when a check was, `fail` when one failed, in this order. */
export interface Report {
  readonly status: 'pass' | 'fail' | 'broken';
  readonly seconds: number;
  readonly checks: readonly CheckResult[];
}

/** What `labs/<slug>/verify.ts` exports by default. */
export interface Verifier {
  readonly checks: readonly Check[];
}
