import type { ImageDiff } from '../../engine/diff/model.ts';
import type { GuestAddress } from '../../preview/address.ts';
import type { LogEntry } from '../../preview/log.ts';
import type { PreviewRequest } from '../../preview/session.ts';
import type { StepMarks } from '../../labs/steps.ts';
import type { CheckResult, Report } from '../../verify/check.ts';
import type {
  Change,
  ImageDetail,
  ImageFile,
  ImageSummary,
  LabState,
  PreviewPort,
  Progress,
  WorkbenchState,
  WorkspaceFile,
} from '../port.ts';

/** Where the site has what the machine needs. */
export interface WorkbenchUrls {
  /** Folder of the set-up's record and snapshot, with a slash at its end. */
  readonly machine: string;
  /** Folder of an OCI image layout, with a slash at its end. */
  readonly pantry: string;
  readonly wasm: string;
  /** Folder of previews, with a slash at its end; without one there are none. */
  readonly preview?: string;
}

/** What the page asks of the worker: by name, with plain arguments. */
export interface Calls {
  /** First of all, once. */
  connect(urls: WorkbenchUrls): Promise<void>;
  start(): Promise<void>;
  takeOver(): Promise<void>;
  openLab(slug: string): Promise<LabState>;
  listFiles(): Promise<readonly Omit<WorkspaceFile, 'text'>[]>;
  readFile(path: string): Promise<WorkspaceFile>;
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  makeFolder(path: string): Promise<void>;
  renameFile(from: string, to: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  zip(): Promise<Uint8Array>;
  /** `port` is the page's side of the terminal: see `terminal.ts`. */
  openTerminal(columns: number, rows: number, port: MessagePort): Promise<void>;
  /** Events: `CheckEvent`. */
  check(only: readonly string[] | undefined): Promise<Report>;
  skipStep(id: string, note: string | undefined): Promise<StepMarks>;
  solution(spoil: boolean): Promise<readonly WorkspaceFile[]>;
  listImages(): Promise<readonly ImageSummary[]>;
  openImage(name: string): Promise<ImageDetail>;
  imageFiles(name: string, path: string, layer: number | undefined): Promise<readonly ImageFile[]>;
  diffImages(from: string, to: string): Promise<ImageDiff>;
  readProgress(): Promise<Progress>;
  noteProgress(entry: { readonly lesson: string } | { readonly answer: string }): Promise<void>;
  exportProgress(): Promise<string>;
  importProgress(text: string): Promise<Progress>;
  previewPorts(): Promise<readonly PreviewPort[]>;
  /** The answer goes through the port: see `preview/wire.ts`. */
  previewAsk(request: PreviewRequest, port: MessagePort): Promise<void>;
  previewCookie(page: GuestAddress, cookie: string): Promise<void>;
  previewLog(): Promise<readonly LogEntry[]>;
  clearPreviewLog(): Promise<void>;
  resetLab(): Promise<void>;
  resetFile(path: string): Promise<void>;
  resetMachine(): Promise<void>;
  resetStore(): Promise<void>;
  close(): Promise<void>;
}

export type CheckEvent =
  | { readonly kind: 'start'; readonly id: string }
  | { readonly kind: 'result'; readonly result: CheckResult };

/** What the worker tells without being asked. */
export type Notice =
  | { readonly kind: 'state'; readonly state: WorkbenchState }
  | { readonly kind: 'change'; readonly change: Change };
