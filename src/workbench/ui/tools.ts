import type { LabData } from '../../curriculum/lab-data.ts';
import type { EditorPanel } from '../../editor/panel.ts';
import type { Language } from '../../i18n/languages.ts';
import type { TerminalPanel } from '../../terminal/panel.ts';
import type { LabState, Workbench } from '../port.ts';
import type { Parts } from './parts.ts';

export interface ToolsOptions {
  readonly workbench: Workbench;
  readonly lang: Language;
  readonly lab: LabData | undefined;
  readonly parts: Pick<Parts, 'mountEditor' | 'mountTerminal'>;
  /** Where they are drawn. */
  readonly editor: HTMLElement;
  readonly terminal: HTMLElement;
}

/** Editor and terminal, which are there as soon as the machine runs. */
export interface Tools {
  /** The editor once; terminals anew, as those of an earlier machine are gone. */
  mount(opened: LabState | undefined): Promise<void>;
  openFile(path: string, line?: number): Promise<void>;
  /** Reads all files again. */
  refreshFiles(): Promise<void>;
  readonly saveFiles: () => Promise<void>;
  run(command: string): Promise<boolean>;
  readonly closeTerminal: () => void;
  dispose(): Promise<void>;
}

export function tools({ workbench, lang, lab, parts, ...places }: ToolsOptions): Tools {
  let editor: EditorPanel | undefined;
  let terminal: TerminalPanel | undefined;
  let opened: LabState | undefined;
  /** What the lab gave out and is not to be changed; a file of one's own may be. */
  const editable = (path: string): boolean =>
    opened === undefined ||
    opened.editable.includes(path) ||
    lab?.start.every((file) => file.path !== path) === true;

  return {
    async mount(now) {
      opened = now;
      if (editor) await editor.refresh();
      editor ??= parts.mountEditor(places.editor, {
        ...{ lang, files: workbench.files, editable },
        onChange: (listener) =>
          workbench.onChange((change) => {
            if (change.kind === 'files') listener(change.paths);
          }),
        ...(lab && { images: () => Promise.resolve(lab.images), ...firstOf(lab, now) }),
      });
      terminal?.dispose();
      terminal = parts.mountTerminal(places.terminal, {
        lang,
        open: (options) => workbench.openTerminal(options),
      });
      // An empty terminal beside a workbench that says that it is ready would be taken for a broken one.
      await terminal.ready();
    },
    async openFile(path, line) {
      await editor?.open(path, line);
      editor?.focus();
    },
    async refreshFiles() {
      await editor?.refresh();
    },
    async saveFiles() {
      await editor?.save();
    },
    run: (command) => terminal?.run(command) ?? Promise.resolve(false),
    closeTerminal() {
      terminal?.dispose();
      terminal = undefined;
    },
    async dispose() {
      terminal?.dispose();
      await editor?.save();
      editor?.dispose();
    },
  };
}

/** What is opened first: of the files to be changed, the one that the lab names first. */
function firstOf({ edit }: LabData, opened: LabState | undefined): { readonly first?: string } {
  const first = edit.find((path) => opened?.editable.includes(path) === true);
  return first === undefined ? {} : { first };
}
