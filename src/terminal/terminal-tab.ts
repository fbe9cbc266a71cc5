import { FitAddon } from '@xterm/addon-fit';
import type { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import { h } from '../dom/h.ts';
import { drawFast } from './renderer.ts';
import { isModifier, type KeyAction, keyAction, type System } from './keys.ts';
import { linkKind } from './links.ts';
import type { TerminalPanelOptions } from './panel.ts';
import { quietly } from './quiet-styles.ts';
import { shellOf } from './shell.ts';
import { readLook } from './theme.ts';
import { isHalfTyped, typed } from './typed.ts';
import type { TerminalWords } from './words.ts';

/** Lines above the screen that can be scrolled back to. */
const SCROLLBACK = 5000;
const FONT_SIZE = 14;
const SMALL_FONT_SIZE = 12;
/** Below this a terminal of 14 pixels has too few columns to read what Docker prints, in pixels. */
const NARROW = 520;

/** One terminal and its shell. */
export interface TerminalTab {
  /** From 1; what its label says. */
  readonly number: number;
  readonly element: HTMLElement;
  readonly terminal: Terminal;
  /** What looks for text in it, fetched when it is first asked for. */
  readonly search: () => Promise<SearchAddon>;
  /** A program has the whole screen: vi, less. */
  readonly fullScreen: boolean;
  /** Opens it where it stands in the page, and starts its shell. */
  start(): void;
  /** As if typed on the keyboard. */
  input(data: string): void;
  /** Resolves when its shell shows its prompt; false when none could be started. */
  ready(): Promise<boolean>;
  /** Types a command and Enter. False when no shell could be started for it. */
  run(command: string): Promise<boolean>;
  /** Makes as many columns and rows as there is room for. */
  fit(): void;
  /** Takes the page's colours again. */
  restyle(): void;
  readAloud(on: boolean): void;
  dispose(): void;
}

export interface TabGiven {
  readonly number: number;
  readonly words: TerminalWords;
  readonly system: System;
  readonly open: TerminalPanelOptions['open'];
  /** Keys that are not the program's. */
  onAction(action: Exclude<KeyAction, 'send'>): void;
  /** Something to say that is not the shell's. */
  say(message: string): void;
  /** Id of what describes the keys that leave it. */
  readonly describedBy: string;
}

export function makeTab(given: TabGiven): TerminalTab {
  const { number, words, system } = given;
  const element = h('div', { class: 'term-screen', role: 'tabpanel', tabindex: undefined });
  const terminal = new Terminal({
    // The search marks what it found by decorations, which xterm calls proposed.
    allowProposedApi: true,
    scrollback: SCROLLBACK,
    cursorBlink: false,
    minimumContrastRatio: 4.5,
    drawBoldTextInBrightColors: false,
    lineHeight: 1.25,
    linkHandler: {
      activate: (_, uri) => {
        follow(uri);
      },
    },
    macOptionClickForcesSelection: true,
    rightClickSelectsWord: false,
  });
  const fitting = new FitAddon();
  terminal.loadAddon(fitting);
  terminal.loadAddon(
    new WebLinksAddon((_, uri) => {
      follow(uri);
    }),
  );

  let searching: Promise<SearchAddon> | undefined;
  const search = (): Promise<SearchAddon> => {
    searching ??= import('@xterm/addon-search')
      .then(({ SearchAddon: Search }) => {
        const addon = new Search();
        terminal.loadAddon(addon);
        return addon;
      })
      .catch((error: unknown) => {
        // The next time may be one with a connection.
        searching = undefined;
        throw error;
      });
    return searching;
  };

  const shell = shellOf({ terminal, open: given.open, words });
  let halfTyped = false;
  let afterEscape = false;

  const follow = (uri: string): void => {
    const kind = linkKind(uri);
    if (kind === 'web') window.open(uri, '_blank', 'noopener,noreferrer');
    else if (kind === 'inside') given.say(words.insideLink(uri));
  };

  const isFullScreen = (): boolean => terminal.buffer.active.type === 'alternate';

  const onKey = (event: KeyboardEvent): boolean => {
    if (event.type !== 'keydown' || isModifier(event)) return true;
    const selected = terminal.hasSelection();
    const context = { system, selected, fullScreen: isFullScreen(), afterEscape };
    const action = keyAction(event, context);
    afterEscape = event.key === 'Escape' && action === 'send';
    if (action === 'send') return true;
    // Pasting and leaving are the browser's to do.
    if (action !== 'paste' && action !== 'leave') event.preventDefault();
    given.onAction(action);
    return false;
  };

  terminal.attachCustomKeyEventHandler(onKey);
  terminal.onData((data) => {
    halfTyped = isHalfTyped(halfTyped, data);
    shell.write(data);
  });
  terminal.onResize(({ cols, rows }) => {
    shell.resize(cols, rows);
  });

  const fit = (): void => {
    // Hidden, or not laid out yet: whatever it would fit then is wrong.
    if (element.clientWidth === 0 || element.clientHeight === 0) return;
    const size = element.clientWidth < NARROW ? SMALL_FONT_SIZE : FONT_SIZE;
    if (terminal.options.fontSize !== size) terminal.options.fontSize = size;
    fitting.fit();
  };

  const restyle = (): void => {
    const { theme, font } = readLook(element);
    terminal.options.theme = theme;
    if (terminal.options.fontFamily !== font) terminal.options.fontFamily = font;
  };

  /** xterm measures its font once; the page's own may arrive after that. */
  const measureAgain = async (): Promise<void> => {
    const family = terminal.options.fontFamily ?? 'monospace';
    const loaded = await document.fonts.load(`${FONT_SIZE}px ${family}`).catch(() => []);
    if (loaded.length === 0 || !element.isConnected) return;
    terminal.options.fontFamily = 'monospace';
    terminal.options.fontFamily = family;
    terminal.clearTextureAtlas();
    fit();
  };

  return {
    number,
    element,
    terminal,
    search,
    get fullScreen() {
      return isFullScreen();
    },
    start() {
      restyle();
      quietly(terminal, () => {
        terminal.open(element);
      });
      terminal.textarea?.setAttribute('aria-label', words.prompt(number));
      terminal.textarea?.setAttribute('aria-describedby', given.describedBy);
      fit();
      void drawFast(terminal);
      void measureAgain();
      void shell.start();
    },
    input(data) {
      terminal.input(data);
    },
    ready: () => shell.ready(),
    async run(command) {
      if (!(await shell.ready())) return false;
      const bracketedPaste = terminal.modes.bracketedPasteMode;
      terminal.scrollToBottom();
      shell.write(typed(command, { halfTyped, bracketedPaste }));
      halfTyped = false;
      return true;
    },
    fit,
    restyle,
    readAloud(on) {
      terminal.options.screenReaderMode = on;
    },
    dispose() {
      shell.end();
      terminal.dispose();
      element.remove();
    },
  };
}
