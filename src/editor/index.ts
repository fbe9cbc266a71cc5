import type { LintSource } from '@codemirror/lint';
import { h } from '../dom/h.ts';
import { icon } from '../dom/icons.ts';
import { makeCodeView, textOf } from './code-view.ts';
import { completionSource } from './completion.ts';
import { makeConflictBar } from './conflict-bar.ts';
import { type FileDesk, makeDesk } from './desk.ts';
import { diagnose, isDockerfile } from './diagnose.ts';
import { makeActions } from './file-actions.ts';
import { join, parentOf, type TreeEntry } from './file-tree-model.ts';
import type { EditorPanel, EditorPanelOptions } from './panel.ts';
import { makeProblemList, marksOf } from './problems.ts';
import { makeTree } from './tree-view.ts';
import { asUpload, dropped, takeDrops } from './upload.ts';
import { wordsIn } from './words.ts';

export { mountDiff } from './mount-diff.ts';
export type { DiffOptions, DiffView, EditorPanel, EditorPanelOptions } from './panel.ts';

/** Pixels; the same as in editor.css. */
const NARROW = 544;

let panels = 0;

/** Puts a tree of files and an editor into an element, whose size they take. */
export function mountEditor(element: HTMLElement, options: EditorPanelOptions): EditorPanel {
  const { lang, files } = options;
  const words = wordsIn(lang);
  const id = `ed-${++panels}`;
  let entries: readonly TreeEntry[] = [];
  /** The text of the .dockerignore beside the file shown. */
  let ignore: string | undefined;

  const status = h('p', { class: 'ed-status', role: 'status' });
  const say = (message: string): void => {
    status.textContent = message;
  };
  const trouble = (error: unknown): void => {
    say(words.failed(error instanceof Error ? error.message : String(error)));
  };

  const list = async (): Promise<readonly TreeEntry[]> => {
    entries = await files.list();
    tree.show(entries);
    return entries;
  };

  const lint: LintSource = ({ state }) => {
    const diagnostics = diagnose(textOf(state), ignore);
    problems.show(diagnostics);
    return marksOf(state, diagnostics, words, lang);
  };

  const code = makeCodeView({
    ...{ words, lint },
    complete: completionSource({
      lang,
      path: () => desk.path,
      entries: () => entries,
      images: async () => options.images?.() ?? [],
    }),
    onTyped: () => {
      desk.typed();
    },
    onSave: () => void desk.save(desk.path),
    onBlur: () => void desk.save(desk.path),
  });

  const desk: FileDesk = makeDesk({
    ...{ files, code, list, onTrouble: trouble },
    editable: (path) => options.editable(path),
    onChange: () => {
      draw();
    },
  });

  const tree = makeTree({
    words,
    isUnsaved: (path) => desk.stateOf(path) !== 'saved',
    isEditable: (path) => options.editable(path),
    onOpen: (path) => {
      void open(path).then(() => {
        code.view.focus();
      }, trouble);
    },
    onRename: (path) => {
      actions.rename(path);
    },
    onRemove: (path) => {
      actions.remove(path);
    },
  });

  const actions = makeActions({
    ...{ words, files, say },
    entries: () => entries,
    save: () => desk.save(),
    async onMade(path, kind) {
      await list();
      if (kind === 'file') await open(path);
      tree.reveal(path);
    },
    async onRenamed(from, to) {
      desk.renamed(from, to);
      await list();
      // Word of it may have come before, when the old name was all that was known.
      await desk.look([to]);
      tree.reveal(to);
    },
    async onRemoved(path) {
      desk.forget(path);
      await list();
      say(words.removed(path));
    },
    onClose: () => {
      tree.focus();
    },
  });

  const problems = makeProblemList({
    ...{ words, lang },
    onGo(line) {
      if (desk.path !== undefined) void desk.open(desk.path, line);
      code.view.focus();
    },
  });

  const open = async (path: string, line?: number): Promise<void> => {
    const folder = parentOf(path);
    const near = entries.find((entry) => entry.path === join(folder, '.dockerignore'));
    ignore = near && isDockerfile(path) ? (await files.read(near.path)).text : undefined;
    await desk.open(path, line);
    if (!isDockerfile(path)) problems.show(undefined);
    tree.reveal(path);
  };

  const name = h('span', { class: 'ed-open' });
  const mark = h('span', { class: 'ed-mark' });
  const state = h('span', { class: 'ed-state' });
  const blank = h('p', { class: 'ed-blank' });
  const conflict = makeConflictBar({
    ...{ words, lang, desk, list, onTrouble: trouble },
    onAnswered: () => {
      code.view.focus();
    },
  });

  const draw = (): void => {
    const { path, noText } = desk;
    const readOnly = path !== undefined && noText === undefined && !options.editable(path);
    name.textContent = path ?? '';
    name.title = path ?? '';
    mark.textContent = readOnly ? words.readOnly : '';
    mark.title = readOnly ? words.readOnlyWhy : '';
    const now =
      path === undefined || noText !== undefined || readOnly ? undefined : desk.stateOf(path);
    state.textContent = now === undefined ? '' : words.state[now];
    state.dataset['state'] = now ?? '';
    code.element.hidden = path === undefined || noText !== undefined;
    blank.hidden = !code.element.hidden;
    blank.textContent = noText === undefined ? words.nothingOpen : words.noText(noText);
    if (code.element.hidden) problems.show(undefined);
    conflict.draw();
    tree.redraw();
  };

  const tool = (drawing: Parameters<typeof icon>[0], label: string, click: () => void) =>
    h(
      'button',
      { type: 'button', class: 'ed-tool', 'aria-label': label, title: label, click },
      icon(drawing),
    );

  const chooser = h('input', { type: 'file', multiple: true, hidden: true });
  chooser.addEventListener('change', () => {
    const chosen = Array.from(chooser.files ?? [], asUpload);
    chooser.value = '';
    void actions.upload(tree.current, chosen);
  });

  const treeToggle = tool('tree', words.files, () => {
    const isOpen = root.classList.toggle('ed-without-tree');
    treeToggle.setAttribute('aria-expanded', String(!isOpen));
  });

  const side = h(
    'div',
    { class: 'ed-side', 'data-drop': words.dropHere },
    h(
      'div',
      { class: 'ed-tools', role: 'toolbar', 'aria-label': words.files },
      tool('file', words.newFile, () => {
        actions.newFile(tree.current);
      }),
      tool('folder', words.newFolder, () => {
        actions.newFolder(tree.current);
      }),
      tool('rename', words.rename, () => {
        if (tree.current !== '') actions.rename(tree.current);
      }),
      tool('remove', words.remove, () => {
        if (tree.current !== '') actions.remove(tree.current);
      }),
      tool('upload', words.upload, () => {
        chooser.click();
      }),
      tool('download', words.download, () => void actions.download()),
      chooser,
    ),
    tree.element,
  );

  const root = h(
    'div',
    { class: 'ed' },
    h('div', { class: 'ed-bar' }, treeToggle, name, mark, h('span', { class: 'ed-space' }), state),
    actions.element,
    h(
      'div',
      { class: 'ed-body' },
      side,
      h('div', { class: 'ed-main' }, conflict.element, blank, code.element, problems.element),
    ),
    h('p', { class: 'ed-foot', id: `${id}-leave` }, words.leave),
    status,
  );
  element.append(root);
  // Where it would leave no room for the code, the tree is a click away.
  const narrow = (element.clientWidth || window.innerWidth) < NARROW;
  root.classList.toggle('ed-without-tree', narrow);
  treeToggle.setAttribute('aria-expanded', String(!narrow));
  takeDrops(side, (transfer, folder) => {
    void dropped(transfer).then((found) => actions.upload(folder, found), trouble);
  });

  const refresh = async (): Promise<void> => {
    await list();
    await desk.look([]);
    if (desk.path !== undefined) return;
    const wanted = [
      options.first,
      'Dockerfile',
      entries.find(({ path }) => isDockerfile(path))?.path,
    ];
    const first = wanted.find((path) => entries.some((entry) => entry.path === path));
    if (first !== undefined) await open(first);
    else draw();
  };

  const unwatch = options.onChange((paths) => {
    void list()
      .then(() => desk.look(paths))
      .catch(trouble);
  });
  const warn = (event: BeforeUnloadEvent): void => {
    if (desk.anyUnsaved) event.preventDefault();
  };
  window.addEventListener('beforeunload', warn);
  refresh().catch(trouble);

  return {
    async open(path, line) {
      await list();
      await open(path, line);
    },
    save: () => desk.save(),
    refresh,
    get unsaved() {
      return desk.anyUnsaved;
    },
    focus() {
      if (code.element.hidden) tree.focus();
      else code.view.focus();
    },
    dispose() {
      unwatch();
      window.removeEventListener('beforeunload', warn);
      desk.dispose();
      conflict.dispose();
      code.view.destroy();
      root.remove();
    },
  };
}
