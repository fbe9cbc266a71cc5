import type { ImageDiff } from '../engine/diff/model.ts';
import type { GuestAddress } from '../preview/address.ts';
import type { LogEntry } from '../preview/log.ts';
import type { PreviewRequest } from '../preview/session.ts';
import type { StepMarks } from '../labs/steps.ts';
import type { CheckResult, Report } from '../verify/check.ts';

/**
 * What the page may ask of the worker in which engine and machine live. All of it is plain data, so
 * that it passes between the two; the worker's side is `src/workbench/worker/`, the page's
 * `src/workbench/client.ts`. What fails rejects with `WorkbenchError`.
 */
export interface Workbench {
  readonly state: WorkbenchState;
  /** Calls back after every change of `state`, until what it returns is called. */
  onState(listener: (state: WorkbenchState) => void): () => void;
  /** Something changed that a panel may show. */
  onChange(listener: (change: Change) => void): () => void;
  /** Starts engine and machine; nothing happens when they run. */
  start(): Promise<void>;
  /** Ends the one in another tab, and starts here. */
  takeOver(): Promise<void>;
  /** Opens what was kept of it, or begins it: its files become the workspace. */
  openLab(slug: string): Promise<LabState>;
  readonly files: WorkspaceFiles;
  openTerminal(options: TerminalOptions): Promise<TerminalSession>;
  check(options?: CheckOptions): Promise<Report>;
  /** A step of a live lab is left out, with a note why; without one it is to be done again. */
  skipStep(id: string, note: string | undefined): Promise<StepMarks>;
  /** The files of the solution, after a pass or when `spoil`. Rejects with `not-passed`. */
  solution(spoil: boolean): Promise<readonly WorkspaceFile[]>;
  readonly images: ImageDesk;
  readonly progress: ProgressDesk;
  readonly preview: PreviewDesk;
  /** `lab`: files as at the start, other random values. `file`: one of them. `machine`: processes end, it starts anew. */
  reset(
    what:
      | { readonly kind: 'lab' }
      | { readonly kind: 'file'; readonly path: string }
      | { readonly kind: 'machine' }
      /** Images, containers and caches go. */
      | { readonly kind: 'store' },
  ): Promise<void>;
  close(): Promise<void>;
}

export type WorkbenchState =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'starting';
      /** `code`: the worker and v86; `loading`: the snapshot; `restoring`: the machine; `files`: the workspace. */
      readonly stage: 'code' | 'loading' | 'restoring' | 'files';
      readonly bytes: number;
      /** Of `bytes`, where it is known. */
      readonly total?: number;
      readonly seconds: number;
    }
  | { readonly kind: 'running'; readonly seconds: number }
  /** Another tab has it; `takeOver` brings it here. */
  | { readonly kind: 'elsewhere' }
  /** This browser cannot: which part is missing. */
  | { readonly kind: 'impossible'; readonly missing: Missing }
  /** `start` tries again; files and images are still there. */
  | { readonly kind: 'failed'; readonly error: WorkbenchError };

export type Missing = 'wasm' | 'worker' | 'storage' | 'locks';

/** `code` is stable and kebab-case; the page has its words in both languages, `message` is the detail in English. */
export interface WorkbenchError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export type Change =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'images' }
  /** Something happened that a live lab's checks may see. */
  | { readonly kind: 'happened' }
  /** Containers publish other ports than before. */
  | { readonly kind: 'ports' }
  /** The log of a preview's requests; not with every request, but soon after it. */
  | { readonly kind: 'requests' }
  /** A host was looked up, and there is no network. */
  | { readonly kind: 'lookup'; readonly name: string }
  /** Trouble that is nobody's answer: a blob that could not be fetched. */
  | { readonly kind: 'trouble'; readonly error: WorkbenchError };

export interface LabState {
  readonly slug: string;
  /** Paths that the learner may change; others are there and can be read. */
  readonly editable: readonly string[];
  readonly passed: boolean;
  /** Random values of this start, by name. */
  readonly nonce: Readonly<Record<string, string>>;
  /** Of a live lab: the steps that were done, or skipped. */
  readonly steps: StepMarks;
}

export interface WorkspaceFile {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'dir';
  /** Missing for a directory, and for a file that is no text of at most 1 MiB. */
  readonly text?: string;
  readonly size: number;
}

export interface WorkspaceFiles {
  list(): Promise<readonly Omit<WorkspaceFile, 'text'>[]>;
  read(path: string): Promise<WorkspaceFile>;
  /** Makes folders on the way. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** With all in it. */
  remove(path: string): Promise<void>;
  zip(): Promise<Uint8Array>;
}

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  onOutput(bytes: Uint8Array): void;
  onExit(code: number): void;
}

/** A shell of the guest's in /workspace. */
export interface TerminalSession {
  /** What was typed. */
  write(data: string): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

export interface CheckOptions {
  readonly only?: readonly string[];
  readonly onStart?: (id: string) => void;
  readonly onResult?: (result: CheckResult) => void;
  readonly signal?: AbortSignal;
}

export interface ImageDesk {
  list(): Promise<readonly ImageSummary[]>;
  /** `name`: as in a FROM line, or an id. */
  open(name: string): Promise<ImageDetail>;
  /** What is in a layer, or in the whole image, below a path. */
  files(name: string, path: string, layer?: number): Promise<readonly ImageFile[]>;
  diff(from: string, to: string): Promise<ImageDiff>;
}

export interface ImageSummary {
  readonly id: string;
  readonly names: readonly string[];
  /** Bytes, unpacked. */
  readonly size: number;
  /** ISO 8601; missing where the config has none. */
  readonly created?: string;
  /** What it is rebuilt after. */
  readonly standIn?: string;
}

export interface ImageDetail extends ImageSummary {
  readonly platform: string;
  /** Lowest first. */
  readonly layers: readonly {
    readonly diffId: string;
    readonly size: number;
    readonly createdBy: string;
    /** Other images in the store that have it. */
    readonly sharedWith: readonly string[];
  }[];
  /** Oldest first. */
  readonly history: readonly {
    readonly createdBy: string;
    readonly size: number;
    readonly created?: string;
    readonly comment?: string;
    readonly layer?: number;
  }[];
  /** `USER`, `ENTRYPOINT` and so on, as `docker inspect` prints them. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

export interface ImageFile {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly target?: string;
}

export interface ProgressDesk {
  read(): Promise<Progress>;
  /** Lessons that were read to the end, answers that were given. */
  note(entry: { readonly lesson: string } | { readonly answer: string }): Promise<void>;
  /** A file to keep, and back. Rejects with `progress-invalid`. */
  export(): Promise<string>;
  import(text: string): Promise<Progress>;
}

export interface Progress {
  readonly lessons: readonly string[];
  readonly labs: Readonly<
    Record<
      string,
      { readonly state: 'started' | 'passed'; readonly at: string; readonly steps?: StepMarks }
    >
  >;
  readonly answers: readonly string[];
}

/** Pages of servers in containers: `src/workbench/preview/` shows them. */
export interface PreviewDesk {
  /** Ports that containers publish, by number. */
  ports(): Promise<readonly PreviewPort[]>;
  /** Resolves when the answer went through the port, as `preview/wire.ts` has it, or was given up. */
  ask(
    request: PreviewRequest,
    port: InstanceType<typeof MessagePort>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** What a script of a page wrote to `document.cookie`. */
  setCookie(page: GuestAddress, cookie: string): Promise<void>;
  /** Oldest first. */
  log(): Promise<readonly LogEntry[]>;
  clearLog(): Promise<void>;
}

export interface PreviewPort {
  /** The machine's. */
  readonly port: number;
  /** The container's name. */
  readonly container: string;
  /** In it: `80/tcp`. */
  readonly inside: string;
  /** False for a container that has ended: started again, it publishes the port again. */
  readonly open: boolean;
}
