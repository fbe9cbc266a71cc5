import wasm from 'v86/build/v86.wasm?url';
import { h } from '../../../dom/h.ts';
import type { LabData } from '../../../curriculum/lab-data.ts';
import styles from '../../../workbench/ui/bench.css?url';
import type { Workbench } from '../../../workbench/port.ts';
import type { NextStep } from '../../../workbench/ui/index.ts';

/** Opens the page's workbench, at most once. */
export interface Opener {
  /** Opens it, when it is not open, and has it run a command. */
  readonly open: (command?: string) => Promise<void>;
  /** Opens it again where this tab had it open: after a reload, and in the other language. */
  readonly reopen: () => void;
  /** Fetches its code and does nothing with it. */
  readonly prefetch: () => void;
}

/** Of `sessionStorage`: the lab whose page has its workbench open. */
const OPEN = 'semdistro:open';

const code = (): Promise<typeof import('../../../workbench/ui/index.ts')> =>
  import('../../../workbench/ui/index.ts');

const client = (): Promise<typeof import('../../../workbench/client.ts')> =>
  import('../../../workbench/client.ts');

let styled: Promise<void> | undefined;

/** The workbench's styles, which no page waits for that does not open it. */
function style(): Promise<void> {
  styled ??= new Promise((resolve, reject) => {
    const link = h('link', {
      ...{ rel: 'stylesheet', href: styles },
      load: () => {
        resolve();
      },
      error: () => {
        link.remove();
        styled = undefined;
        reject(new Error(`${styles} could not be fetched`));
      },
    });
    document.head.append(link);
  });
  return styled;
}

/** `section` is what `Workbench.astro` made, with the addresses in its data. */
export function workbenchOpener(section: HTMLElement): Opener {
  let opened: Promise<void> | undefined;
  let fold: (folded: boolean) => void = () => undefined;

  const { labData = '', machine = '', pantry = '', preview = '', next = '[]' } = section.dataset;
  const lang = section.dataset['lang'] === 'en' ? 'en' : 'pt-BR';
  const urls = {
    ...{ machine: absolute(machine), pantry: absolute(pantry), wasm: absolute(wasm) },
    preview: absolute(preview),
  };
  let workbench: Workbench | undefined;

  /** The machine starts while what shows it is still on its way. */
  const start = async (): Promise<Workbench> => {
    const { openWorkbench } = await client();
    workbench ??= openWorkbench({ urls, lang });
    // What goes wrong is in its state, which is shown.
    workbench.start().catch(() => undefined);
    return workbench;
  };

  const mount = async (): Promise<void> => {
    const place = section.querySelector<HTMLElement>('[data-place]');
    if (place === null) return;
    const [{ mountWorkbench }, started, lab] = await Promise.all([
      code(),
      start(),
      fetchLab(labData),
      style(),
    ]);
    const hadFocus = section.contains(document.activeElement);
    for (const button of section.querySelectorAll<HTMLElement>('.open')) button.hidden = true;
    place.hidden = false;
    document.documentElement.dataset['workbench'] = 'open';
    fold = foldable(section);
    if (section.classList.contains('whole')) keepOpen(section.dataset['lab'] ?? '');
    // Written by `Workbench.astro`, of this type.
    const steps = JSON.parse(next) as readonly NextStep[];
    mountWorkbench(place, { lab, lang, urls, next: steps }, () => started);
    // The button that opened it is gone: the keyboard goes on in what it opened.
    if (hadFocus) place.querySelector<HTMLElement>('.wb-cover')?.focus();
  };

  /** Whether it is open now. */
  const openIt = async (): Promise<boolean> => {
    const trouble = section.querySelector<HTMLElement>('[data-trouble]');
    if (trouble !== null) trouble.textContent = '';
    opened ??= mount();
    try {
      await opened;
      return true;
    } catch (error) {
      // The next click tries again: a page that was offline may be online by then.
      opened = undefined;
      if (trouble !== null) trouble.textContent = section.dataset['missing'] ?? '';
      console.error(error);
      return false;
    }
  };

  return {
    async open(command) {
      if (!(await openIt())) return;
      fold(false);
      // Beside a lesson it is at the bottom of the window, wherever one is.
      if (section.classList.contains('whole')) section.scrollIntoView({ block: 'nearest' });
      if (command === undefined) return;
      document.dispatchEvent(new CustomEvent('semdistro:run', { detail: { command } }));
    },
    reopen() {
      const place = section.querySelector<HTMLElement>('[data-place]');
      if (place === null || wasOpen() !== section.dataset['lab']) return;
      // At once, with its whole height: where the page was scrolled to is below it.
      place.hidden = false;
      void openIt().then((isOpen) => {
        if (!isOpen) place.hidden = true;
      });
    },
    prefetch() {
      // What cannot be fetched now is told when it is asked for.
      for (const part of [code, client, style]) part().catch(() => undefined);
    },
  };
}

/** Lets it be put away and shown again, where there is a button for that. */
function foldable(section: HTMLElement): (folded: boolean) => void {
  const button = section.querySelector<HTMLButtonElement>('[data-fold]');
  if (button === null) return () => undefined;
  const { textContent: hide, dataset } = button;
  const fold = (folded: boolean): void => {
    section.classList.toggle('folded', folded);
    button.setAttribute('aria-expanded', String(!folded));
    button.textContent = folded ? (dataset['show'] ?? '') : hide;
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    fold(!section.classList.contains('folded'));
  });
  return fold;
}

function keepOpen(lab: string): void {
  try {
    sessionStorage.setItem(OPEN, lab);
  } catch {
    // Without storage it is a click to open it again.
  }
}

function wasOpen(): string | undefined {
  try {
    return sessionStorage.getItem(OPEN) ?? undefined;
  } catch {
    return undefined;
  }
}

const absolute = (address: string): string => new URL(address, location.href).href;

async function fetchLab(address: string): Promise<LabData> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  // Made by this very site, of the same type.
  return (await response.json()) as LabData;
}
