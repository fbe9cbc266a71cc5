import type { Language } from '../i18n/languages.ts';
import type { System } from './keys.ts';

/** All that the terminal's panel says, in one language. */
export interface TerminalWords {
  readonly tabs: string;
  readonly tab: string;
  readonly prompt: (tab: number) => string;
  readonly newTab: string;
  readonly noMoreTabs: string;
  readonly closeTab: (tab: number) => string;
  readonly find: string;
  readonly findWhat: string;
  readonly findNext: string;
  readonly findPrevious: string;
  readonly findClose: string;
  /** `at` counts from 1; 0 when none is chosen. */
  readonly found: (at: number, count: number) => string;
  readonly cannotFind: string;
  readonly copy: string;
  readonly copied: string;
  readonly nothingToCopy: string;
  readonly cannotCopy: string;
  readonly paste: string;
  readonly cannotPaste: (system: System) => string;
  readonly reader: string;
  readonly tooMuchOutput: string;
  readonly keys: string;
  readonly leave: string;
  readonly clipboard: (system: System) => string;
  readonly ended: (code: number) => string;
  readonly failed: (message: string) => string;
  readonly again: string;
  readonly insideLink: (uri: string) => string;
}

const KEYS: Readonly<Record<System, readonly [copy: string, paste: string]>> = {
  mac: ['⌘C', '⌘V'],
  windows: ['Ctrl+C', 'Ctrl+V'],
  other: ['Ctrl+Shift+C', 'Ctrl+Shift+V'],
};

const portuguese: TerminalWords = {
  tabs: 'Terminais',
  tab: 'Terminal',
  prompt: (tab) => `Terminal ${tab}: digite comandos`,
  newTab: 'Abrir outro terminal',
  noMoreTabs: 'Quatro terminais é o máximo. Feche um para abrir outro.',
  closeTab: (tab) => `Fechar o terminal ${tab}`,
  find: 'Buscar no terminal',
  findWhat: 'Buscar',
  findNext: 'Próximo',
  findPrevious: 'Anterior',
  findClose: 'Fechar a busca',
  cannotFind: 'A busca não pôde ser carregada: confira a conexão.',
  found: (at, count) =>
    count === 0 ? 'Nada encontrado' : at === 0 ? `${count} encontrados` : `${at} de ${count}`,
  copy: 'Copiar a seleção, ou tudo',
  copied: 'Copiado.',
  nothingToCopy: 'Ainda não há nada para copiar.',
  cannotCopy: 'O navegador não deixou copiar.',
  paste: 'Colar',
  cannotPaste: (system) =>
    `O navegador não deixa este botão colar. Clique no terminal e use ${KEYS[system][1]}.`,
  reader: 'Modo leitor de tela',
  tooMuchOutput: 'Saída demais para anunciar; percorra as linhas à mão.',
  keys: 'Teclas que faltam no celular',
  leave: 'Para sair do terminal: Esc, depois Tab.',
  clipboard: (system) => `Copiar: ${KEYS[system][0]} · Colar: ${KEYS[system][1]}`,
  ended: (code) => `Este terminal terminou (código ${code}).`,
  failed: (message) => `O terminal não abriu: ${message}`,
  again: 'Aperte Enter para abrir outro aqui.',
  insideLink: (uri) =>
    `${uri} é um endereço de dentro da máquina, e o navegador não chega lá. No terminal: curl ${uri}`,
};

const english: TerminalWords = {
  tabs: 'Terminals',
  tab: 'Terminal',
  prompt: (tab) => `Terminal ${tab}: type commands`,
  newTab: 'Open another terminal',
  noMoreTabs: 'Four terminals is the limit. Close one to open another.',
  closeTab: (tab) => `Close terminal ${tab}`,
  find: 'Find in the terminal',
  findWhat: 'Find',
  findNext: 'Next',
  findPrevious: 'Previous',
  findClose: 'Close the search',
  cannotFind: 'The search could not be fetched: look at your connection.',
  found: (at, count) =>
    count === 0 ? 'Nothing found' : at === 0 ? `${count} found` : `${at} of ${count}`,
  copy: 'Copy the selection, or everything',
  copied: 'Copied.',
  nothingToCopy: 'There is nothing to copy yet.',
  cannotCopy: 'The browser did not allow copying.',
  paste: 'Paste',
  cannotPaste: (system) =>
    `The browser does not let this button paste. Click the terminal and press ${KEYS[system][1]}.`,
  reader: 'Screen-reader mode',
  tooMuchOutput: 'Too much output to announce; go through the lines by hand.',
  keys: 'Keys that phones lack',
  leave: 'To leave the terminal: Esc, then Tab.',
  clipboard: (system) => `Copy: ${KEYS[system][0]} · Paste: ${KEYS[system][1]}`,
  ended: (code) => `This terminal has ended (code ${code}).`,
  failed: (message) => `The terminal did not open: ${message}`,
  again: 'Press Enter to open another one here.',
  insideLink: (uri) =>
    `${uri} is an address inside the machine, out of the browser's reach. In the terminal: curl ${uri}`,
};

const WORDS: Readonly<Record<Language, TerminalWords>> = { 'pt-BR': portuguese, en: english };

export function wordsIn(lang: Language): TerminalWords {
  return WORDS[lang];
}
