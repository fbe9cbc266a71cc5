import { type Child, fill, h, inked } from '../../dom/h.ts';
import type { WorkspaceFile } from '../port.ts';
import { button } from './button.ts';
import { attempt, type Desk } from './desk.ts';
import type { Parts } from './parts.ts';
import { asTrouble } from './trouble.ts';

export interface SolutionPanel {
  /** The lab has passed, now or before. */
  unlock(): void;
  /** Shows the solution, if it may be shown. */
  open(): Promise<void>;
  /** The lab begins anew: what was shown goes. */
  forget(): void;
  dispose(): void;
}

/** A file of the solution beside the learner's own; `mine` is undefined where they have none. */
interface Compared {
  readonly path: string;
  readonly theirs: string | undefined;
  readonly mine: string | undefined;
}

export function mountSolutionPanel(
  element: HTMLElement,
  desk: Desk,
  mountDiff: Parts['mountDiff'],
): SolutionPanel {
  const { words, lang, workbench } = desk;
  let isUnlocked = false;
  let isOpen = false;
  let diffs: { dispose(): void }[] = [];

  const clear = (): void => {
    for (const diff of diffs) diff.dispose();
    diffs = [];
  };
  const drawLocked = (): void => {
    clear();
    fill(
      element,
      h('p', {}, words.solution.locked),
      h('p', { class: 'wb-soft' }, words.solution.lockedHint),
      button(words.solution.anyway, () => void spoil(), { class: 'wb-button wb-quiet' }),
    );
  };
  const drawUnlocked = (): void => {
    clear();
    fill(
      element,
      h('p', {}, words.solution.intro),
      button(words.solution.show, () => void open(), { class: 'wb-button wb-primary' }),
    );
  };

  async function spoil(): Promise<void> {
    const { question, lost, confirm } = words.solution;
    const sure = await desk.confirm({
      ...{ title: question, lost: [lost], confirm, cancel: words.cancel },
    });
    if (sure) await load(true);
  }

  async function open(): Promise<void> {
    // What was shown once is no secret any more.
    await load(isOpen);
  }

  async function load(spoiled: boolean): Promise<void> {
    await attempt(desk, async () => {
      try {
        const files = await workbench.solution(spoiled);
        await desk.saveFiles();
        draw(await Promise.all(files.filter(({ kind }) => kind === 'file').map(compared)));
        isOpen = true;
      } catch (thrown) {
        if (asTrouble(thrown).code !== 'not-passed') throw thrown;
        drawLocked();
      }
    });
  }

  async function compared({ path, text }: WorkspaceFile): Promise<Compared> {
    const mine = await workbench.files.read(path).catch(() => undefined);
    return { path, theirs: text, mine: mine?.text };
  }

  function draw(files: readonly Compared[]): void {
    clear();
    const same = files.filter(({ theirs, mine }) => theirs !== undefined && theirs === mine);
    const others = files.filter((file) => !same.includes(file));
    fill(
      element,
      h('p', {}, others.length === 0 ? words.solution.allSame : words.solution.intro),
      ...others.map(fileElement),
      ...same.map(({ path }) => h('p', { class: 'wb-soft' }, ...inked(words.solution.same(path)))),
      button(words.solution.refresh, () => void load(true), {
        ...{ class: 'wb-button wb-quiet', 'data-focus': 'refresh' },
      }),
    );
  }

  function fileElement({ path, theirs, mine }: Compared): Child {
    if (theirs === undefined) return h('p', {}, ...inked(words.solution.binary(path)));
    const place = h('div', { class: 'wb-diff' });
    diffs.push(mountDiff(place, mine ?? '', theirs, { lang, path }));
    return h('section', {}, h('h3', { class: 'wb-file-name' }, path), place);
  }

  drawLocked();
  return {
    unlock() {
      isUnlocked = true;
      if (!isOpen) drawUnlocked();
    },
    open,
    forget() {
      isOpen = false;
      if (isUnlocked) drawUnlocked();
      else drawLocked();
    },
    dispose: clear,
  };
}
