import { Terminal } from '@xterm/xterm';
import { h } from '../dom/h.ts';
import { icon } from '../dom/icons.ts';
import { copyText, readClipboard } from './clipboard.ts';
import { systemOf } from './keys.ts';
import type { TerminalPanel, TerminalPanelOptions } from './panel.ts';
import { makeSearchBar } from './search-bar.ts';
import { makeTabList } from './tab-list.ts';
import { makeTab, type TabGiven, type TerminalTab } from './terminal-tab.ts';
import { onTheme, readLook } from './theme.ts';
import { makeTouchKeys } from './touch-keys.ts';
import { wordsIn } from './words.ts';

export type { TerminalPanel, TerminalPanelOptions } from './panel.ts';

const MOST_TABS = 4;

let panels = 0;

/** Puts terminals into an element, whose size they take, and opens the first. */
export function mountTerminal(element: HTMLElement, options: TerminalPanelOptions): TerminalPanel {
  const words = wordsIn(options.lang);
  const system = systemOf(navigator.platform);
  const id = `term-${++panels}`;
  Terminal.strings.tooMuchOutput = words.tooMuchOutput;

  let tabs: readonly TerminalTab[] = [];
  let active: TerminalTab | undefined;
  let aloud = false;

  const status = h('p', { class: 'term-status', role: 'status' });
  const leaving = h('span', { id: `${id}-leave` }, words.leave);
  const say = (message: string): void => {
    status.textContent = message;
  };

  const tabList = makeTabList({
    id,
    words,
    onChoose(number) {
      const tab = tabs.find((one) => one.number === number);
      if (tab) choose(tab);
    },
    onClose(number) {
      const tab = tabs.find((one) => one.number === number);
      if (tab) close(tab);
    },
  });

  const searchBar = makeSearchBar({
    words,
    onClose() {
      active?.terminal.focus();
    },
  });

  const draw = (): void => {
    const shown = tabs.map(({ number, element: panel }) => ({ number, panel }));
    tabList.show(shown, active?.number ?? 0);
    const full = tabs.length === MOST_TABS;
    more.setAttribute('aria-disabled', String(full));
    more.title = full ? words.noMoreTabs : words.newTab;
    const label = active === undefined ? '' : words.closeTab(active.number);
    less.title = label;
    less.setAttribute('aria-label', label);
    less.hidden = tabs.length < 2;
  };

  const choose = (tab: TerminalTab): void => {
    active = tab;
    draw();
    searchBar.look(tab.search, readLook(element).marks);
    tab.fit();
  };

  const add = (): TerminalTab | undefined => {
    if (tabs.length === MOST_TABS) {
      say(words.noMoreTabs);
      return undefined;
    }
    const taken = new Set(tabs.map((tab) => tab.number));
    const number = [1, 2, 3, 4].find((one) => !taken.has(one)) ?? 1;
    const describedBy = leaving.id;
    const tab = makeTab({
      ...{ number, words, system, say, describedBy, onAction },
      open: (given) => options.open(given),
    });
    tabs = [...tabs, tab].sort((a, b) => a.number - b.number);
    screens.append(tab.element);
    choose(tab);
    tab.start();
    tab.readAloud(aloud);
    return tab;
  };

  const close = (tab: TerminalTab): void => {
    // The last one stays: a panel without a terminal would be of no use.
    if (tabs.length < 2) return;
    const at = tabs.indexOf(tab);
    tabs = tabs.filter((one) => one !== tab);
    const next = active === tab ? (tabs[at] ?? tabs.at(-1)) : active;
    if (next) choose(next);
    tab.dispose();
  };

  const copy = async (text: string): Promise<void> => {
    if (text.trim() === '') say(words.nothingToCopy);
    else say((await copyText(text)) ? words.copied : words.cannotCopy);
  };

  const copySelection = (): void => {
    const selection = active?.terminal.getSelection() ?? '';
    active?.terminal.clearSelection();
    void copy(selection);
  };

  const copyAll = (): void => {
    const terminal = active?.terminal;
    if (terminal?.hasSelection() === true) {
      copySelection();
      return;
    }
    terminal?.selectAll();
    const text = terminal?.getSelection() ?? '';
    terminal?.clearSelection();
    void copy(text.trimEnd());
  };

  const paste = async (): Promise<void> => {
    const text = await readClipboard();
    if (text === undefined) say(words.cannotPaste(system));
    else active?.terminal.paste(text);
    active?.terminal.focus();
  };

  const find = (): void => {
    searchBar.open(active?.terminal.getSelection() ?? '');
  };

  const onAction: TabGiven['onAction'] = (action) => {
    if (action === 'copy') copySelection();
    else if (action === 'find') find();
  };

  const tool = (name: Parameters<typeof icon>[0], label: string, click: () => void) =>
    h(
      'button',
      { type: 'button', class: 'term-tool', 'aria-label': label, title: label, click },
      icon(name),
    );

  const more = tool('plus', words.newTab, () => {
    add()?.terminal.focus();
  });
  const less = tool('close', '', () => {
    if (active) close(active);
    active?.terminal.focus();
  });
  const reader = tool('reader', words.reader, () => {
    aloud = !aloud;
    reader.setAttribute('aria-pressed', String(aloud));
    for (const tab of tabs) tab.readAloud(aloud);
    active?.terminal.focus();
  });
  reader.setAttribute('aria-pressed', 'false');

  const screens = h('div', { class: 'term-screens' });
  const touchKeys = makeTouchKeys(words.keys, (data) => {
    const arrows = active?.terminal.modes.applicationCursorKeysMode === true;
    active?.input(arrows ? data.replace('\u001b[', '\u001bO') : data);
  });
  const root = h(
    'div',
    { class: 'term' },
    h(
      'div',
      { class: 'term-bar' },
      tabList.element,
      more,
      h('span', { class: 'term-gap' }),
      tool('find', words.find, find),
      tool('copy', words.copy, copyAll),
      tool('paste', words.paste, () => void paste()),
      reader,
      less,
    ),
    searchBar.element,
    screens,
    touchKeys,
    h(
      'p',
      { class: 'term-foot' },
      leaving,
      ' ',
      h('span', { class: 'term-clipboard' }, words.clipboard(system)),
    ),
    status,
  );
  element.append(root);

  const sized = new ResizeObserver(() => active?.fit());
  sized.observe(screens);
  const unwatch = onTheme(() => {
    for (const tab of tabs) tab.restyle();
    if (active) searchBar.look(active.search, readLook(element).marks);
  });
  add();

  return {
    async run(command) {
      const free = [active, ...tabs].find((tab) => tab?.fullScreen === false) ?? add();
      if (!free) return false;
      if (free !== active) choose(free);
      return free.run(command);
    },
    ready: () => active?.ready() ?? Promise.resolve(false),
    focus() {
      active?.terminal.focus();
    },
    dispose() {
      sized.disconnect();
      unwatch();
      for (const tab of tabs) tab.dispose();
      tabs = [];
      active = undefined;
      root.remove();
    },
  };
}
