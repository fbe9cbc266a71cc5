import type { Words } from '../verify/words.ts';

/**
 * What the workbench shows of a lab before its engine has started, and what it says in both
 * languages: `lab-data/<slug>.json`. The checks themselves are code in the worker.
 */
export interface LabData {
  readonly slug: string;
  readonly title: Words;
  readonly goal: Words;
  readonly minutes: number;
  readonly difficulty: 1 | 2 | 3;
  /** Its lesson; none for a playground. */
  readonly lesson?: { readonly number: number; readonly slug: string };
  /** What the learner may change: patterns as in a .dockerignore. */
  readonly edit: readonly string[];
  /** Base images that it uses, as after FROM. */
  readonly images: readonly string[];
  /** Whether it runs processes; false when images alone are enough. */
  readonly processes: boolean;
  /** Its checks are steps: confirmed as soon as they are done, and for good. */
  readonly live: boolean;
  /** In the order in which they are checked; none for a playground. */
  readonly checks: readonly LabCheck[];
  /** In the order in which they are given. */
  readonly hints: readonly LabHint[];
  /** What the learner starts with, sorted by path. */
  readonly start: readonly LabFile[];
}

export interface LabCheck {
  readonly id: string;
  readonly title: Words;
  /** Checks without which this one is skipped. */
  readonly needs: readonly string[];
  /** Looked at whenever something happens in the engine; the others after a save. */
  readonly live: boolean;
}

export interface LabHint {
  readonly id: string;
  /** The check that it helps with. */
  readonly check: string;
  readonly text: Words;
}

export interface LabFile {
  readonly path: string;
  /** Missing for what is no text. `{{name}}` in it is a random value that the workbench fills in. */
  readonly text?: string;
  readonly size: number;
}
