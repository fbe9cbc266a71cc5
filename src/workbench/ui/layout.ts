import { h } from '../../dom/h.ts';
import { isMain, type PanelName, tabAfter } from './panels.ts';
import { splitter } from './splitter.ts';
import type { WorkbenchWords } from './words/index.ts';

/** From this size of the workbench on, editor and terminal stand beside the other panels, in pixels. */
const WIDE = 900;
const HIGH = 464;

/** Where the panels are: side by side, or where there is little room one at a time. */
export interface Layout {
  readonly element: HTMLElement;
  panel(name: PanelName): HTMLElement;
  /** Brings a panel into sight; with `focus` the keyboard goes there, too. */
  readonly show: (name: PanelName, focus?: boolean) => void;
  /** The keyboard goes to the tab of what is in sight. */
  focus(): void;
  /** Whether a panel can be seen now. */
  isShown(name: PanelName): boolean;
  /** A sign beside the name of a panel's tab: a check that failed. Undefined takes it away. */
  mark(name: PanelName, mark: { readonly tone: string; readonly label: string } | undefined): void;
  onShow(listener: (name: PanelName) => void): void;
  dispose(): void;
}

let made = 0;

export function layout(panels: readonly PanelName[], words: WorkbenchWords): Layout {
  const id = `wb${++made}`;
  const side = panels.filter((name) => !isMain(name));
  const listeners: ((name: PanelName) => void)[] = [];
  let wide = true;
  let chosenSide = side[0] ?? 'images';
  let chosen: PanelName = 'editor';

  const sections = new Map(
    panels.map((name) => {
      const panel = h('section', { id: `${id}-${name}`, class: `wb-panel wb-${name}` });
      return [name, panel] as const;
    }),
  );
  const tabs = new Map(
    panels.map((name) => {
      const tab = h(
        'button',
        {
          ...{ type: 'button', role: 'tab', id: `${id}-${name}-tab`, class: 'wb-tab' },
          'aria-controls': `${id}-${name}`,
          click: () => {
            show(name);
          },
        },
        words.panels[name],
      );
      return [name, tab] as const;
    }),
  );
  const panel = (name: PanelName): HTMLElement => {
    const found = sections.get(name);
    if (found === undefined) throw new RangeError(`there is no panel ${name}`);
    return found;
  };

  const tabList = h('div', { class: 'wb-tabs', role: 'tablist', 'aria-label': words.panelList });
  const main = h('div', { class: 'wb-main', id: `${id}-main` });
  main.append(
    panel('editor'),
    splitter({
      ...{ name: 'rows', label: words.splitters.rows, frame: main, initial: 55 },
      controls: `${id}-editor`,
    }),
    panel('terminal'),
  );
  const sideColumn = h('div', { class: 'wb-side' }, ...side.map(panel));
  const element = h('div', { class: 'wb-body' });
  const columns = splitter({
    ...{ name: 'columns', label: words.splitters.columns, frame: element, initial: 60 },
    controls: main.id,
  });
  element.append(main, columns, sideColumn);

  const inTabs = (): readonly PanelName[] => (wide ? side : panels);
  const isShown = (name: PanelName): boolean =>
    wide ? isMain(name) || name === chosenSide : name === chosen;

  function arrange(): void {
    element.dataset['layout'] = wide ? 'wide' : 'narrow';
    // In the order of the page, so that the keyboard meets the tabs just before what they show.
    if (wide) sideColumn.prepend(tabList);
    else element.prepend(tabList);
    tabList.replaceChildren(...inTabs().flatMap((name) => tabs.get(name) ?? []));
    draw();
  }

  function draw(): void {
    for (const name of panels) {
      const shown = isShown(name);
      const section = panel(name);
      const isTab = inTabs().includes(name);
      section.hidden = !shown;
      section.setAttribute('role', isTab ? 'tabpanel' : 'region');
      if (isTab) section.setAttribute('aria-labelledby', `${id}-${name}-tab`);
      else section.removeAttribute('aria-labelledby');
      if (isTab) section.removeAttribute('aria-label');
      else section.setAttribute('aria-label', words.panels[name]);
      const tab = tabs.get(name);
      tab?.setAttribute('aria-selected', String(shown));
      tab?.setAttribute('tabindex', shown ? '0' : '-1');
    }
  }

  function show(name: PanelName, focus = false): void {
    if (!isMain(name)) chosenSide = name;
    chosen = name;
    draw();
    for (const listener of listeners) listener(name);
    if (focus) panel(name).querySelector<HTMLElement>('[data-focus], button, a, input')?.focus();
  }

  tabList.addEventListener('keydown', (event) => {
    const next = tabAfter(inTabs(), wide ? chosenSide : chosen, event.key);
    if (next === undefined) return;
    event.preventDefault();
    show(next);
    tabs.get(next)?.focus();
  });

  const resized = new ResizeObserver(([entry]) => {
    const width = entry?.contentRect.width ?? 0;
    // Of all of it: a notice above the panels must not put them elsewhere.
    const height = (element.closest('.wb') ?? element).clientHeight;
    const now = width >= WIDE && height >= HIGH;
    if (now === wide || width === 0) return;
    wide = now;
    const active = document.activeElement;
    const hadFocus = active instanceof HTMLElement && element.contains(active) ? active : undefined;
    chosen = panels.find((name) => panel(name).contains(active)) ?? chosen;
    arrange();
    hadFocus?.focus();
  });
  resized.observe(element);
  arrange();

  return {
    element,
    panel,
    show,
    focus() {
      tabs.get(wide ? chosenSide : chosen)?.focus();
    },
    isShown,
    mark(name, mark) {
      const tab = tabs.get(name);
      if (tab === undefined) return;
      tab.querySelector('.wb-mark')?.remove();
      if (mark === undefined) return;
      tab.append(
        h('span', { class: 'wb-mark', 'data-tone': mark.tone, title: mark.label }),
        h('span', { class: 'wb-mark wb-unseen' }, ` (${mark.label})`),
      );
    },
    onShow(listener) {
      listeners.push(listener);
    },
    dispose() {
      resized.disconnect();
    },
  };
}
