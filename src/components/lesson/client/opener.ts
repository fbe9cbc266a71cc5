import type { Language } from '../../../i18n/languages.ts';
import type { LabData } from '../../../curriculum/lab-data.ts';

/** Opens the page's workbench, at most once. */
export interface Opener {
  /** Opens it, when it is not open, and has it run a command. */
  readonly open: (command?: string) => Promise<void>;
  /** Fetches its code and does nothing with it. */
  readonly prefetch: () => void;
}

interface Code {
  readonly mountWorkbench: (
    place: HTMLElement,
    options: { lang: Language; lab: LabData; urls: { machine: string; pantry: string } },
  ) => unknown;
}

const code = async (): Promise<Code> => {
  const [load] = Object.values(import.meta.glob<Code>('../../../workbench/ui/index.ts'));
  if (load === undefined) throw new Error('there is no workbench');
  return load();
};

/** `section` is what `Workbench.astro` made, with the addresses in its data. */
export function workbenchOpener(section: HTMLElement): Opener {
  let opened: Promise<void> | undefined;

  const mount = async (): Promise<void> => {
    const place = section.querySelector<HTMLElement>('[data-place]');
    const { labData = '', machine = '', pantry = '' } = section.dataset;
    if (place === null) return;
    const [{ mountWorkbench }, lab] = await Promise.all([code(), fetchLab(labData)]);
    for (const button of section.querySelectorAll<HTMLElement>('.open')) button.hidden = true;
    place.hidden = false;
    document.documentElement.dataset['workbench'] = 'open';
    const lang = section.dataset['lang'] === 'en' ? 'en' : 'pt-BR';
    mountWorkbench(place, { lang, lab, urls: { machine, pantry } });
  };

  return {
    async open(command) {
      const trouble = section.querySelector<HTMLElement>('[data-trouble]');
      if (trouble !== null) trouble.textContent = '';
      opened ??= mount();
      try {
        await opened;
      } catch (error) {
        // The next click tries again: a page that was offline may be online by then.
        opened = undefined;
        if (trouble !== null) trouble.textContent = section.dataset['missing'] ?? '';
        console.error(error);
        return;
      }
      section.scrollIntoView({ block: 'nearest' });
      if (command === undefined) return;
      document.dispatchEvent(new CustomEvent('semdistro:run', { detail: { command } }));
    },
    prefetch() {
      // What cannot be fetched now is told when it is asked for.
      code().catch(() => undefined);
    },
  };
}

async function fetchLab(address: string): Promise<LabData> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  // Made by this very site, of the same type.
  return (await response.json()) as LabData;
}
