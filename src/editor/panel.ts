import type { Language } from '../i18n/languages.ts';
import type { WorkspaceFiles } from '../workbench/port.ts';

export interface EditorPanelOptions {
  readonly lang: Language;
  readonly files: WorkspaceFiles;
  /**
   * Calls back with paths that somebody changed, the editor itself or a program in the terminal,
   * until what it returns is called. No paths: anything may have changed.
   */
  onChange(listener: (paths: readonly string[]) => void): () => void;
  /** Whether the learner may change the file. Asked whenever it is drawn; `refresh` asks again. */
  editable(path: string): boolean;
  /** Names for FROM: `gcr.io/distroless/static-debian13`. Asked once, when first needed. */
  images?(): Promise<readonly string[]>;
  /** Opened at first, where it exists; else the Dockerfile, else nothing. */
  readonly first?: string;
}

/** A tree of files, and one of them in an editor. */
export interface EditorPanel {
  /** Rejects where there is no such file. Lines are counted from 1. */
  open(path: string, line?: number): Promise<void>;
  /** Writes what was not saved yet; resolves when nothing is left to write. */
  save(): Promise<void>;
  /** Reads the tree and the open file again: another lab, a reset. */
  refresh(): Promise<void>;
  readonly unsaved: boolean;
  focus(): void;
  /** Saves what can be saved, then goes. */
  dispose(): void;
}

/** `mountDiff`: two states of one file, one above the other. */
export interface DiffView {
  dispose(): void;
}

export interface DiffOptions {
  readonly lang: Language;
  /** Chooses the colours of the language. */
  readonly path?: string;
}
