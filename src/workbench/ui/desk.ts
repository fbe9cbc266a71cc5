import type { LabData } from '../../curriculum/lab-data.ts';
import type { Language } from '../../verify/words.ts';
import type { Workbench } from '../port.ts';
import type { Question } from './confirm.ts';
import type { Notice } from './notices.ts';
import type { PanelName } from './panels.ts';
import { asTrouble } from './trouble.ts';
import type { WorkbenchWords } from './words/index.ts';

/** What a panel works with: the workbench, its words, and the other panels. */
export interface Desk {
  readonly workbench: Workbench;
  readonly lang: Language;
  readonly words: WorkbenchWords;
  readonly lab: LabData | undefined;
  /** To screen readers, politely. */
  announce(text: string): void;
  notify(notice: Notice): void;
  confirm(question: Question): Promise<boolean>;
  show(panel: PanelName, focus?: boolean): void;
  /** In the editor, with the keyboard there. */
  openFile(path: string, line?: number): void;
  /** In the images panel: the newest image that has the layer, and there the path. */
  openLayer(diffId: string, path?: string): void;
  /** Writes what the editor has not saved yet. */
  saveFiles(): Promise<void>;
}

/** Runs something for a panel; what it fails with becomes a notice. */
export async function attempt(
  desk: Pick<Desk, 'notify'>,
  what: () => Promise<void>,
): Promise<void> {
  try {
    await what();
  } catch (thrown) {
    desk.notify({ kind: 'trouble', error: asTrouble(thrown) });
  }
}
