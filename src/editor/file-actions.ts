import { h } from '../dom/h.ts';
import type { WorkspaceFiles } from '../workbench/port.ts';
import {
  freePath,
  isWithin,
  join,
  nameFault,
  nameOf,
  parentOf,
  type TreeEntry,
} from './file-tree-model.ts';
import { LARGEST_UPLOAD, type Upload } from './upload.ts';
import type { EditorWords } from './words.ts';

/** What can be done to files, and the line in which names are asked for. */
export interface FileActions {
  readonly element: HTMLElement;
  /** `near`: what is chosen in the tree; a new file goes beside it, or into it. */
  newFile(near: string): void;
  newFolder(near: string): void;
  rename(path: string): void;
  remove(path: string): void;
  upload(folder: string, files: readonly Upload[]): Promise<void>;
  download(): Promise<void>;
}

export interface ActionsGiven {
  readonly words: EditorWords;
  readonly files: WorkspaceFiles;
  entries(): readonly TreeEntry[];
  /** Everything typed must be on the disk before this is done. */
  save(): Promise<void>;
  onMade(path: string, kind: 'file' | 'dir'): Promise<void>;
  onRenamed(from: string, to: string): Promise<void>;
  onRemoved(path: string): Promise<void>;
  say(message: string): void;
  /** The line was closed. */
  onClose(): void;
}

export function makeActions(given: ActionsGiven): FileActions {
  const { words, files } = given;
  const element = h('div', { class: 'ed-ask', hidden: true });

  const trouble = (error: unknown): void => {
    given.say(words.failed(error instanceof Error ? error.message : String(error)));
  };

  const close = (): void => {
    element.hidden = true;
    element.replaceChildren();
    given.onClose();
  };

  const button = (label: string, click: () => void, kind = 'button'): HTMLButtonElement =>
    h('button', { type: kind, class: 'ed-button', click }, label);

  const open = (content: HTMLElement): void => {
    element.hidden = false;
    element.replaceChildren(content);
  };

  /** Asks for a name; `work` is done once it is one that can be used. */
  const ask = (
    label: string,
    confirm: string,
    value: string,
    work: (path: string) => Promise<void>,
  ): void => {
    const fault = h('p', { class: 'ed-fault', role: 'alert' });
    const input = h('input', {
      ...{ type: 'text', class: 'ed-input', 'aria-label': label, value, spellcheck: 'false' },
      ...{ autocomplete: 'off', autocapitalize: 'off' },
    });
    const form = h(
      'form',
      { class: 'ed-form' },
      h('span', { 'aria-hidden': 'true' }, label),
      input,
      button(confirm, () => undefined, 'submit'),
      button(words.cancel, close),
      fault,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const path = input.value.trim();
      if (path === value && path !== '') {
        close();
        return;
      }
      const wrong = nameFault(path, given.entries());
      if (wrong !== undefined) {
        fault.textContent = words.faults[wrong];
        return;
      }
      work(path).then(close, trouble);
    });
    form.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') close();
    });
    open(form);
    input.focus();
    const start = value.length - nameOf(value).length;
    const dot = value.lastIndexOf('.');
    input.setSelectionRange(start, dot > start ? dot : value.length);
  };

  const folderOf = (near: string): string =>
    given
      .entries()
      .some(({ path, kind }) =>
        path === near ? kind === 'dir' : near !== '' && isWithin(path, near),
      )
      ? near
      : parentOf(near);

  const prefix = (near: string): string => {
    const folder = folderOf(near);
    return folder === '' ? '' : `${folder}/`;
  };

  return {
    element,
    newFile(near) {
      ask(words.nameOf.file, words.create, prefix(near), async (path) => {
        await files.write(path, '');
        await given.onMade(path, 'file');
      });
    },
    newFolder(near) {
      ask(words.nameOf.folder, words.create, prefix(near), async (path) => {
        await files.makeFolder(path);
        await given.onMade(path, 'dir');
      });
    },
    rename(from) {
      ask(words.nameOf.rename, words.rename, from, async (to) => {
        await given.save();
        await files.rename(from, to);
        await given.onRenamed(from, to);
      });
    },
    remove(path) {
      const yes = button(words.remove, () => {
        files
          .remove(path)
          .then(() => given.onRemoved(path))
          .then(close, trouble);
      });
      const no = button(words.cancel, close);
      const content = h(
        'div',
        { class: 'ed-form', role: 'alertdialog', 'aria-label': words.reallyRemove(path) },
        h('span', {}, words.reallyRemove(path)),
        yes,
        no,
      );
      content.addEventListener('keydown', ({ key }) => {
        if (key === 'Escape') close();
      });
      open(content);
      no.focus();
    },
    async upload(folder, uploads) {
      let count = 0;
      let taken = given.entries();
      try {
        for (const { path, file } of uploads) {
          if (file.size > LARGEST_UPLOAD) {
            given.say(words.tooLarge(file.name));
            continue;
          }
          const free = freePath(join(folderOf(folder), path), taken);
          await files.write(free, new Uint8Array(await file.arrayBuffer()));
          taken = [...taken, { path: free, kind: 'file' }];
          count++;
          await given.onMade(free, 'file');
        }
        if (count > 0) given.say(words.uploaded(count));
      } catch (error) {
        trouble(error);
      }
    },
    async download() {
      try {
        await given.save();
        const zip = await files.zip();
        const url = URL.createObjectURL(
          new Blob([new Uint8Array(zip)], { type: 'application/zip' }),
        );
        h('a', { href: url, download: 'workspace.zip' }).click();
        URL.revokeObjectURL(url);
      } catch (error) {
        trouble(error);
      }
    },
  };
}
