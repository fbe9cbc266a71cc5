import type { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { WorkspaceFiles } from '../workbench/port.ts';
import { type CodeView, textOf, toText } from './code-view.ts';
import { isWithin, moved, type TreeEntry } from './file-tree-model.ts';
import {
  foundOnDisk,
  isUnsaved,
  keepMine,
  type OpenDocument,
  opened,
  takeTheirs,
  typedInto,
  written,
} from './open-document.ts';

/** A pause in typing after which a file is written, in milliseconds. */
const PAUSE = 700;

export type DocumentState = 'saved' | 'unsaved' | 'saving' | 'conflict' | 'failed';

interface Entry {
  path: string;
  document: OpenDocument;
  /** As it was when another file was shown; that of the file shown is in the view. */
  state: EditorState;
  saving: boolean;
  failed: boolean;
  /** Saves wait for each other. */
  work: Promise<void>;
  pause: ReturnType<typeof setTimeout> | undefined;
}

/** Files that were opened, the one that is shown, and the way of each to the disk and back. */
export interface FileDesk {
  readonly path: string | undefined;
  /** The size of the file shown when it is no text. */
  readonly noText: number | undefined;
  readonly conflict: OpenDocument['conflict'];
  /** What was typed into the file shown. */
  readonly text: string;
  readonly anyUnsaved: boolean;
  stateOf(path: string): DocumentState;
  open(path: string, line?: number): Promise<void>;
  /** Writes one file, or all. Never rejects: what could not be written stays unsaved. */
  save(path?: string): Promise<void>;
  /** Reads what is open and may have changed; without paths, all of it. */
  look(paths: readonly string[]): Promise<void>;
  typed(): void;
  keepMine(): Promise<void>;
  takeTheirs(): void;
  renamed(from: string, to: string): void;
  /** Forgets what is in there, without writing it. */
  forget(path: string): void;
  dispose(): void;
}

export function makeDesk(given: {
  readonly files: WorkspaceFiles;
  readonly code: CodeView;
  editable(path: string): boolean;
  /** The tree as it is on the disk now. */
  list(): Promise<readonly TreeEntry[]>;
  onChange(): void;
  onTrouble(error: unknown): void;
}): FileDesk {
  const { files, code } = given;
  const entries = new Map<string, Entry>();
  let path: string | undefined;
  let noText: number | undefined;
  /** Of `open`: an earlier one that is slower must not win. */
  let turn = 0;

  const shown = (): Entry | undefined => (path === undefined ? undefined : entries.get(path));
  const stateOf = (entry: Entry): EditorState =>
    entry === shown() ? code.view.state : entry.state;

  /** Text on the disk; undefined when the file is not there. */
  const read = async (name: string): Promise<string | undefined> => {
    try {
      const { text } = await files.read(name);
      return text;
    } catch (error) {
      const there = (await given.list()).some((one) => one.path === name);
      if (there) throw error;
      return undefined;
    }
  };

  /** Puts another text into the editor, so that undo brings back what was there. */
  const put = (entry: Entry, text: string): void => {
    const change = toText(stateOf(entry), text);
    if (change === undefined) {
      entry.state = code.newState(entry.path, text, given.editable(entry.path));
      if (entry === shown()) code.show(entry.path, entry.state);
    } else if (entry === shown()) code.view.dispatch(change);
    else entry.state = entry.state.update(change).state;
  };

  const meet = (entry: Entry, disk: string | undefined): OpenDocument => {
    const before = entry.document;
    const document = foundOnDisk(before, disk);
    entry.document = document;
    if (document.text !== before.text) put(entry, document.text);
    return document;
  };

  const write = async (entry: Entry): Promise<void> => {
    clearTimeout(entry.pause);
    if (entry.document.conflict || !isUnsaved(entry.document)) return;
    if (!given.editable(entry.path)) return;
    entry.saving = true;
    given.onChange();
    try {
      // Somebody may have written since: that is found before it is lost.
      const document = meet(entry, await read(entry.path));
      const { conflict, text } = document;
      if (conflict === undefined && isUnsaved(document)) {
        await files.write(entry.path, text);
        entry.document = written(entry.document, text);
      }
      entry.failed = false;
    } catch (error) {
      entry.failed = true;
      given.onTrouble(error);
    } finally {
      entry.saving = false;
      given.onChange();
    }
  };

  const save = (entry: Entry): Promise<void> => {
    entry.work = entry.work.then(() => write(entry));
    return entry.work;
  };

  const leave = (): void => {
    const entry = shown();
    if (!entry) return;
    entry.state = code.view.state;
    void save(entry);
  };

  const show = (entry: Entry, line: number | undefined): void => {
    leave();
    path = entry.path;
    noText = undefined;
    code.show(entry.path, entry.state);
    code.setEditable(given.editable(entry.path));
    if (line !== undefined) goTo(code.view, line);
    given.onChange();
  };

  return {
    get path() {
      return path;
    },
    get noText() {
      return noText;
    },
    get conflict() {
      return shown()?.document.conflict;
    },
    get text() {
      return shown()?.document.text ?? '';
    },
    get anyUnsaved() {
      return [...entries.values()].some(({ document }) => isUnsaved(document));
    },
    stateOf(name) {
      const entry = entries.get(name);
      if (!entry) return 'saved';
      if (entry.document.conflict) return 'conflict';
      if (entry.saving) return 'saving';
      if (entry.failed) return 'failed';
      return isUnsaved(entry.document) ? 'unsaved' : 'saved';
    },
    async open(name, line) {
      const mine = ++turn;
      const known = entries.get(name);
      if (known) {
        if (path === name && noText === undefined) {
          if (line !== undefined) goTo(code.view, line);
          return;
        }
        show(known, line);
        return;
      }
      const { text, size } = await files.read(name);
      if (mine !== turn) return;
      if (text === undefined) {
        leave();
        path = name;
        noText = size;
        given.onChange();
        return;
      }
      const entry: Entry = {
        ...{ path: name, document: opened(text), saving: false, failed: false },
        ...{ state: code.newState(name, text, given.editable(name)), pause: undefined },
        work: Promise.resolve(),
      };
      entries.set(name, entry);
      show(entry, line);
    },
    async save(name) {
      const chosen = [...entries.values()].filter(
        ({ path: one }) => name === undefined || one === name,
      );
      await Promise.all(chosen.map(save));
    },
    async look(paths) {
      const concerned = [...entries.values()].filter(
        (entry) => paths.length === 0 || paths.some((one) => isWithin(entry.path, one)),
      );
      await Promise.all(
        concerned.map(async (entry) => {
          // What is on its way to the disk would look like somebody else's.
          await entry.work;
          const disk = await read(entry.path);
          if (entries.get(entry.path) === entry) meet(entry, disk);
        }),
      );
      const entry = shown();
      if (entry) code.setEditable(given.editable(entry.path));
      given.onChange();
    },
    typed() {
      const entry = shown();
      if (!entry) return;
      entry.document = typedInto(entry.document, textOf(code.view.state));
      clearTimeout(entry.pause);
      if (isUnsaved(entry.document)) entry.pause = setTimeout(() => void save(entry), PAUSE);
      given.onChange();
    },
    async keepMine() {
      const entry = shown();
      if (!entry) return;
      entry.document = keepMine(entry.document);
      await save(entry);
    },
    takeTheirs() {
      const entry = shown();
      if (!entry) return;
      entry.document = takeTheirs(entry.document);
      put(entry, entry.document.text);
      given.onChange();
    },
    renamed(from, to) {
      for (const [name, entry] of [...entries]) {
        if (!isWithin(name, from)) continue;
        entries.delete(name);
        entry.path = moved(name, from, to);
        entries.set(entry.path, entry);
        // The kind of file may be another one now.
        const text = entry.document.text;
        entry.state = code.newState(entry.path, text, given.editable(entry.path));
        if (name === path) code.show(entry.path, entry.state);
      }
      if (path !== undefined) path = moved(path, from, to);
      given.onChange();
    },
    forget(name) {
      for (const [one, entry] of [...entries]) {
        if (!isWithin(one, name)) continue;
        clearTimeout(entry.pause);
        entries.delete(one);
      }
      if (path !== undefined && isWithin(path, name)) {
        path = undefined;
        noText = undefined;
      }
      given.onChange();
    },
    dispose() {
      for (const entry of entries.values()) void save(entry);
    },
  };
}

function goTo(view: EditorView, line: number): void {
  const { doc } = view.state;
  const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  view.dispatch({
    selection: { anchor: from },
    effects: EditorView.scrollIntoView(from, { y: 'center' }),
  });
}
