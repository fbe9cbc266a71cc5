import type { CheckStatus } from '../../../verify/check.ts';

/** What somebody has done with a lab. */
export type LabState = 'new' | 'started' | 'passed';

/** Codes of EngineErrors that a learner can meet here. */
export type KnownCode =
  | 'store-full'
  | 'disk-full'
  | 'store-permission'
  | 'store-path'
  | 'store-locked'
  | 'store-io'
  | 'permission-denied'
  | 'not-found'
  | 'is-a-directory'
  | 'not-a-directory'
  | 'name-too-long'
  | 'too-many-links'
  | 'too-many-files'
  | 'file-io'
  | 'machine-missing'
  | 'machine-damaged'
  | 'lab-invalid';

/** The commands that explain themselves with these words. */
export type LabCommandName =
  'list' | 'start' | 'verify' | 'watch' | 'hint' | 'solution' | 'reset' | 'status' | 'doctor';

/** A sentence about what is wrong, and one about what to do. */
export interface Says {
  readonly message: string;
  readonly hint?: string;
}

/** All that the lab commands say, in one language. A language that misses something does not compile. */
export interface CommandWords {
  readonly help: Readonly<Record<LabCommandName, string>>;
  /** What an option must be followed by. */
  readonly values: Readonly<Record<string, string>>;
  readonly seeHelp: (command: string) => string;
  /** Days, hours and minutes, for `status`. */
  readonly date: (date: Date) => string;
  readonly minutes: (minutes: number) => string;
  readonly seconds: (seconds: number) => string;
  /** The letter for "yes" that a question takes, lower case. */
  readonly yes: string;

  readonly list: {
    readonly columns: readonly [
      lesson: string,
      lab: string,
      title: string,
      level: string,
      time: string,
    ];
    readonly state: Readonly<Record<LabState, string>>;
    readonly count: (passed: number, all: number) => string;
    readonly next: (slug: string) => string;
    readonly none: string;
  };

  readonly start: {
    readonly made: (slug: string, shown: string) => string;
    readonly resumed: (shown: string) => string;
    readonly files: string;
    /** Beside the name of a file that the learner edits. */
    readonly toEdit: string;
    readonly commands: string;
    readonly cd: (shown: string) => string;
    /** Command lines, with what they do. */
    readonly then: readonly string[];
    readonly thenPlay: readonly string[];
  };

  /** The file with goal and commands that `start` puts in the folder. */
  readonly readme: {
    readonly name: string;
    readonly text: (lab: {
      readonly slug: string;
      readonly title: string;
      readonly goal: string;
      readonly lesson: number;
      readonly minutes: string;
      readonly edit: readonly string[];
      readonly checks: readonly string[];
    }) => string;
  };

  readonly verify: {
    readonly engine: (kind: string, version: string, platform: string) => string;
    readonly opening: string;
    readonly running: (title: string) => string;
    readonly labels: Readonly<
      Record<'expected' | 'found' | 'where' | 'hint' | 'why' | 'advice', string>
    >;
    readonly hintSeen: (name: string) => string;
    readonly place: {
      readonly line: (file: string, line: number) => string;
      readonly layer: (number: number, createdBy: string) => string;
      readonly inImage: (path: string) => string;
    };
    readonly counts: (counts: Readonly<Record<CheckStatus, number>>, seconds: string) => string;
    readonly passed: string;
    readonly passedPart: string;
    readonly failed: string;
    readonly broken: string;
    readonly noChecks: string;
    readonly solutionIs: (slug: string) => string;
    readonly nextIs: (slug: string) => string;
    readonly allPassed: string;
    readonly changed: string;
    readonly interrupted: string;
    readonly leftOut: (path: string, why: string) => string;
    readonly notRemembered: (why: string) => string;
    readonly statusOf: Readonly<Record<CheckStatus, string>>;
  };

  readonly watch: {
    /** A live lab is watched. */
    readonly live: (shown: string) => string;
    readonly steps: (counts: {
      readonly done: number;
      readonly skipped: number;
      readonly left: number;
    }) => string;
    readonly allSteps: string;
    readonly keys: readonly (readonly [key: string, does: string])[];
    readonly waiting: string;
    readonly started: (shown: string) => string;
    readonly changed: (files: readonly string[]) => string;
    readonly more: (lines: number) => string;
    readonly running: string;
    readonly resetQuestion: string;
    readonly resetDone: (backup: string) => string;
    readonly anyKey: string;
    readonly ended: string;
    readonly gone: (shown: string) => string;
    readonly verdictAt: (time: string) => string;
  };

  readonly hint: {
    readonly head: (number: number, of: number, check: string) => string;
    readonly left: (left: number) => string;
    readonly noMore: string;
    readonly none: string;
    readonly passed: string;
  };

  readonly solution: {
    readonly locked: (slug: string) => Says;
    readonly same: string;
    readonly intro: (shown: string) => string;
    readonly introStart: string;
    readonly binary: (path: string) => string;
    readonly none: string;
  };

  readonly reset: {
    readonly question: (shown: string) => string;
    readonly needsYes: Says;
    readonly kept: string;
    readonly done: (backup: string | undefined) => string;
  };

  readonly status: {
    readonly columns: readonly [
      lab: string,
      state: string,
      runs: string,
      hints: string,
      when: string,
    ];
    readonly failing: (title: string) => string;
    readonly folder: (shown: string) => string;
    readonly none: string;
  };

  readonly doctor: {
    readonly fine: string;
    readonly missing: (count: number) => string;
    readonly looking: string;
  };

  /** What can go wrong before anything is checked. */
  readonly trouble: {
    readonly unknownLab: (slug: string, meant: string | undefined) => Says;
    readonly noLabNamed: (command: string) => Says;
    readonly notLabFolder: (command: string, shown: string) => Says;
    readonly otherLab: (here: string, asked: string) => Says;
    readonly noFolderOf: (slug: string) => Says;
    readonly labGone: (slug: string, file: string) => Says;
    readonly badMarker: (file: string) => Says;
    readonly notAFolder: (shown: string) => Says;
    readonly folderMissing: (shown: string) => Says;
    readonly notEmpty: (shown: string, some: readonly string[]) => Says;
    readonly alreadyStarted: (slug: string, shown: string) => Says;
    readonly insideLab: (slug: string) => Says;
    readonly unknownOption: (option: string, meant: string | undefined) => string;
    readonly needsValue: (option: string, what: string) => string;
    readonly takesNoValue: (option: string) => string;
    readonly tooMany: (extra: string) => string;
    readonly badLanguage: (value: string) => Says;
    readonly badEngine: (value: string, meant: string | undefined) => Says;
    readonly unknownCheck: (
      value: string,
      meant: string | undefined,
      all: readonly string[],
    ) => Says;
    readonly notBoth: (one: string, other: string) => string;
    readonly startFirst: (slug: string) => Says;
    /** Failures of other parts, by the code of their EngineError. */
    readonly byCode: Readonly<Record<KnownCode, Says>>;
  };
}
