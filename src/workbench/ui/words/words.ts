import type { CheckStatus } from '../../../verify/check.ts';
import type { Missing, WorkbenchState } from '../../port.ts';
import type { PanelName } from '../panels.ts';
import type { PageWords } from './page-words.ts';

/** A sentence about what is the matter, and one about what to do. */
export interface Says {
  readonly message: string;
  readonly hint?: string;
}

export type Stage = Extract<WorkbenchState, { readonly kind: 'starting' }>['stage'];

/** What can be put back to how it was. */
export type ResetKind = 'lab' | 'file' | 'machine' | 'store';

/** A reset: what it is, what stays and what is lost, and what is said when it is done. */
export interface ResetWords {
  readonly title: string;
  readonly about: string;
  readonly question: (path: string) => string;
  /** What is lost, a line each. */
  readonly lost: readonly string[];
  readonly kept: string;
  readonly confirm: string;
  readonly done: (path: string) => string;
}

/** All that the workbench says, in one language; `backticks` become code. */
export interface WorkbenchWords {
  readonly name: string;
  readonly panels: Readonly<Record<PanelName, string>>;
  readonly panelList: string;
  readonly splitters: Readonly<Record<'columns' | 'rows', string>>;
  readonly cancel: string;
  readonly tryAgain: string;
  readonly detail: string;

  readonly start: {
    readonly title: string;
    readonly stages: Readonly<Record<Stage, string>>;
    readonly bytes: (done: string, total: string | undefined) => string;
    readonly running: (seconds: string) => string;
    /** Short, beside the lab's title. */
    readonly state: Readonly<Record<WorkbenchState['kind'], string>>;
    readonly elsewhere: Says & { readonly takeOver: string };
    readonly impossible: { readonly title: string; readonly meanwhile: string };
    readonly missing: Readonly<Record<Missing, Says>>;
    readonly ownMachine: string;
    readonly failed: { readonly title: string; readonly kept: string };
  };

  readonly check: {
    readonly run: string;
    readonly stop: string;
    readonly continuous: string;
    readonly continuousAbout: string;
    readonly notYet: string;
    readonly none: string;
    readonly list: string;
    readonly checking: (title: string) => string;
    readonly again: string;
    /** Why it takes long, when it does. */
    readonly patience: string;
    readonly passed: string;
    readonly failed: string;
    readonly broken: string;
    readonly stopped: string;
    readonly crashed: string;
    readonly stale: string;
    readonly counts: (counts: Readonly<Record<CheckStatus, number>>, seconds: string) => string;
    readonly status: Readonly<Record<CheckStatus | 'waiting' | 'running', string>>;
    readonly labels: Readonly<Record<'expected' | 'found' | 'where' | 'why' | 'advice', string>>;
    readonly notYours: string;
    readonly place: {
      readonly line: (file: string, line: number) => string;
      readonly layer: (number: number, createdBy: string) => string;
      readonly inImage: (path: string) => string;
    };
    readonly openLine: string;
    readonly openLayer: string;
    readonly noImage: string;
  };

  readonly hint: {
    readonly first: string;
    readonly another: string;
    readonly head: (number: number, of: number) => string;
    readonly last: string;
  };

  readonly solution: {
    readonly locked: string;
    readonly lockedHint: string;
    readonly anyway: string;
    readonly question: string;
    readonly lost: string;
    readonly confirm: string;
    readonly show: string;
    readonly refresh: string;
    readonly intro: string;
    readonly same: (path: string) => string;
    readonly allSame: string;
    readonly binary: (path: string) => string;
    readonly loading: string;
  };

  readonly reset: Readonly<Record<ResetKind, ResetWords>> & {
    readonly heading: string;
    readonly chooseFile: string;
    readonly lostTitle: string;
    readonly doing: string;
  };

  readonly images: {
    readonly empty: string;
    readonly loading: string;
    readonly all: string;
    readonly standIn: (upstream: string) => string;
    readonly unnamed: string;
    readonly created: (date: string) => string;
    readonly layer: (number: number) => string;
    readonly files: string;
    readonly allFiles: string;
    readonly removed: string;
    readonly more: (count: number) => string;
    readonly emptyFolder: string;
    readonly history: string;
    readonly config: string;
    readonly packages: (count: number) => string;
    readonly noPackages: string;
    readonly compare: string;
    readonly from: string;
    readonly to: string;
    readonly compareShow: string;
    readonly compareNeedsTwo: string;
    readonly sameImage: string;
  };

  readonly page: PageWords;

  readonly notices: {
    readonly title: string;
    readonly lookup: (names: readonly string[]) => Says;
    readonly dismiss: string;
    readonly noTerminal: string;
  };

  readonly progress: {
    readonly heading: string;
    readonly about: string;
    readonly labs: (passed: number) => string;
    readonly lessons: (read: number) => string;
    readonly export: string;
    readonly import: string;
    readonly imported: string;
    readonly exported: string;
    readonly fileName: string;
    readonly nextLab: (title: string) => string;
    readonly nextLesson: (title: string) => string;
    readonly backToLesson: (number: number) => string;
    readonly allLessons: string;
  };

  /** Trouble by the code of its error. */
  readonly trouble: Readonly<Record<string, Says>> & { readonly unknown: Says };
}
