import type { LabData } from '../../curriculum/lab-data.ts';
import { h } from '../../dom/h.ts';
import type { Language } from '../../i18n/languages.ts';
import type { Workbench, WorkbenchState } from '../port.ts';
import { secondsIn } from './amounts.ts';
import { commandIn, commandsOf } from './commands.ts';
import { confirm } from './confirm.ts';
import { drawCover } from './cover-view.ts';
import type { Desk } from './desk.ts';
import { mountImagesPanel } from './images-panel.ts';
import { layout } from './layout.ts';
import { mountLessonPanels } from './lesson-panels.ts';
import { lifetime } from './lifetime.ts';
import { liveRegion } from './live-region.ts';
import { mountMorePanel } from './more-panel.ts';
import { pagePanel } from './page.ts';
import type { NextStep } from './next-steps.ts';
import { noticeOf } from './notices.ts';
import { noticesView } from './notices-view.ts';
import { panelsWith } from './panels.ts';
import type { Parts } from './parts.ts';
import { coverOf } from './startup.ts';
import { tools } from './tools.ts';
import { wordsOf } from './words/index.ts';

export interface BenchOptions {
  readonly lang: Language;
  /** None: the playground, with nothing to check. */
  readonly lab?: LabData;
  /** What comes after the lab. */
  readonly next?: readonly NextStep[];
}

export interface MountedWorkbench {
  /** Types a command into the terminal, as soon as there is one. */
  run(command: string): void;
  dispose(): Promise<void>;
}

/** Draws a workbench into an element and starts it; `semdistro:run` events go to its terminal. */
export function mountBench(
  element: HTMLElement,
  { lang, lab, next = [] }: BenchOptions,
  workbench: Workbench,
  parts: Parts,
): MountedWorkbench {
  const words = wordsOf[lang];
  const live = liveRegion();
  const notices = noticesView(words, live.announce);
  const hasChecks = lab !== undefined && lab.checks.length > 0;
  const panels = layout(panelsWith(hasChecks), words);
  const cover = h('div', { class: 'wb-cover', tabindex: -1, hidden: true });
  const state = h('span', { class: 'wb-state' });
  const root = h(
    'section',
    { class: 'wb', 'aria-label': words.name },
    h('header', { class: 'wb-bar' }, h('h2', {}, lab?.title[lang] ?? words.name), state),
    notices.element,
    h('div', { class: 'wb-frame' }, panels.element, cover),
    live.element,
  );
  element.replaceChildren(root);

  const open = tools({
    ...{ workbench, lang, lab, parts },
    editor: panels.panel('editor'),
    terminal: panels.panel('terminal'),
  });
  const desk: Desk = {
    ...{ workbench, lang, words, lab, announce: live.announce, notify: notices.add },
    confirm: (question) => confirm(root, question),
    show: panels.show,
    openFile(path, line) {
      panels.show('editor');
      void open.openFile(path, line).catch(() => {
        live.announce(words.trouble.unknown.message);
      });
    },
    openLayer(diffId, path) {
      panels.show('images');
      void images.openLayer(diffId, path);
    },
    saveFiles: open.saveFiles,
  };
  const images = mountImagesPanel(panels.panel('images'), desk, () => panels.isShown('images'));
  const page = pagePanel(panels, desk, parts.previews);
  const lesson = hasChecks ? mountLessonPanels(panels, desk, next, parts) : undefined;
  const more = mountMorePanel(panels.panel('more'), desk, {
    onReset(kind) {
      if (kind === 'lab') lesson?.forget();
      if (kind === 'lab' || kind === 'file') void open.refreshFiles();
    },
  });
  panels.onShow((name) => {
    if (name === 'images') void images.shown();
    if (name === 'page') void page.shown();
    if (name === 'more') void more.refresh();
  });

  const commands = commandsOf((command) => {
    panels.show('terminal');
    return open.run(command);
  });
  /** What is covered, or uncovered, loses the keyboard: it goes on with what is in sight then. */
  let keyboardWasHere = false;
  const hasKeyboard = (): boolean =>
    [panels.element, cover].some((part) => part.contains(document.activeElement));

  const life = lifetime(workbench, {
    async prepare() {
      const opened = lab && (await workbench.openLab(lab.slug));
      if (opened) lesson?.opened(opened);
      await open.mount(opened);
      if (panels.isShown('images')) await images.shown();
      void page.ready();
    },
    gone() {
      keyboardWasHere = hasKeyboard();
      open.closeTerminal();
    },
    show: showState,
  });

  function showState(now: WorkbenchState): void {
    const covered = coverOf(now, words, lang);
    const wasCovered = !cover.hidden;
    const hadKeyboard = keyboardWasHere || hasKeyboard();
    keyboardWasHere = false;
    root.dataset['state'] = now.kind;
    state.textContent =
      now.kind === 'running'
        ? words.start.running(secondsIn(lang, now.seconds))
        : words.start.state[now.kind];
    cover.hidden = covered === undefined;
    panels.element.toggleAttribute('inert', covered !== undefined);
    if (covered === undefined) {
      if (hadKeyboard && wasCovered) panels.focus();
      live.announce(state.textContent);
      commands.ready();
      return;
    }
    commands.wait();
    drawCover(cover, covered, words, {
      start: () => void life.retry(),
      takeOver: () => void life.takeOver(),
      ownMachine: parts.address({ name: 'machine' }),
    });
    if (hadKeyboard && !cover.contains(document.activeElement)) {
      (cover.querySelector<HTMLElement>('.wb-primary') ?? cover).focus();
    }
    if (covered.kind !== 'starting') live.announce(cover.querySelector('h3')?.textContent ?? '');
  }

  const heard = workbench.onChange((change) => {
    images.changed(change);
    page.changed(change);
    lesson?.check.changed(change);
    const notice = noticeOf(change);
    if (notice) notices.add(notice);
  });
  const asked = (event: Event): void => {
    const command = commandIn(event);
    if (command === undefined) return;
    if (!life.ready) live.announce(words.notices.noTerminal);
    commands.run(command);
  };
  document.addEventListener('semdistro:run', asked);
  void life.retry();

  return {
    run: commands.run,
    async dispose() {
      document.removeEventListener('semdistro:run', asked);
      heard();
      life.dispose();
      lesson?.dispose();
      page.dispose();
      await open.dispose();
      panels.dispose();
      root.remove();
      await workbench.close();
    },
  };
}
