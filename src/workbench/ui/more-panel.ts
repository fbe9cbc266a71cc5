import { type Child, fill, h } from '../../dom/h.ts';
import type { Progress } from '../port.ts';
import { button } from './button.ts';
import { attempt, type Desk } from './desk.ts';
import type { ResetKind } from './words/index.ts';

export interface MorePanel {
  /** Progress has changed, or is seen for the first time. */
  refresh(): Promise<void>;
}

export interface MorePanelEvents {
  /** After a reset; `lab` forgets what was checked. */
  onReset(kind: ResetKind, path: string): void;
}

/** What is needed now and then: to begin again, and to take one's progress along. */
export function mountMorePanel(
  element: HTMLElement,
  desk: Desk,
  events: MorePanelEvents,
): MorePanel {
  const { words, lab, workbench } = desk;
  const progress = h('p', { class: 'wb-soft' });
  const kinds: readonly ResetKind[] = lab
    ? ['lab', 'file', 'machine', 'store']
    : ['machine', 'store'];
  element.append(
    h('h3', {}, words.reset.heading),
    h('ul', { class: 'wb-resets' }, ...kinds.map((kind) => h('li', {}, ...resetRow(kind)))),
    h('h3', {}, words.progress.heading),
    h('p', {}, words.progress.about),
    progress,
    h(
      'div',
      { class: 'wb-actions' },
      button(words.progress.export, () => void save()),
      fileChooser(),
    ),
  );

  function resetRow(kind: ResetKind): readonly Child[] {
    const { title, about, confirm } = words.reset[kind];
    const paths = (lab?.start ?? []).map(({ path }) => path);
    const choice =
      kind === 'file'
        ? h(
            'select',
            {
              class: 'wb-select',
              'aria-label': words.reset.chooseFile,
              'data-focus': 'reset-path',
            },
            ...paths.map((path) => h('option', { value: path }, path)),
          )
        : undefined;
    return [
      h('h4', {}, title),
      h('p', { class: 'wb-soft' }, about),
      h(
        'div',
        { class: 'wb-actions' },
        choice,
        button(confirm, () => void reset(kind, choice?.value ?? ''), {
          'data-focus': `reset-${kind}`,
        }),
      ),
    ];
  }

  async function reset(kind: ResetKind, path: string): Promise<void> {
    const { question, lost, kept, confirm, done } = words.reset[kind];
    const sure = await desk.confirm({
      ...{ title: question(path), lostTitle: words.reset.lostTitle, lost, kept, confirm },
      cancel: words.cancel,
    });
    if (!sure) return;
    await attempt(desk, async () => {
      desk.announce(words.reset.doing);
      await workbench.reset(kind === 'file' ? { kind, path } : { kind });
      desk.notify({ kind: 'done', text: done(path) });
      events.onReset(kind, path);
    });
  }

  async function save(): Promise<void> {
    await attempt(desk, async () => {
      const text = await workbench.progress.export();
      const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
      h('a', { href: url, download: words.progress.fileName }).click();
      URL.revokeObjectURL(url);
      desk.announce(words.progress.exported);
    });
  }

  function fileChooser(): Child {
    const input = h('input', {
      type: 'file',
      accept: '.json,application/json',
      class: 'wb-unseen',
      tabindex: -1,
      'aria-hidden': 'true',
    });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      input.value = '';
      if (file) void bring(file);
    });
    const choose = button(words.progress.import, () => {
      input.click();
    });
    return h('span', {}, choose, input);
  }

  async function bring(file: File): Promise<void> {
    await attempt(desk, async () => {
      draw(await workbench.progress.import(await file.text()));
      desk.notify({ kind: 'done', text: words.progress.imported });
    });
  }

  function draw({ labs, lessons }: Progress): void {
    const passed = Object.values(labs).filter(({ state }) => state === 'passed').length;
    fill(progress, `${words.progress.labs(passed)}, ${words.progress.lessons(lessons.length)}.`);
  }

  return {
    async refresh() {
      await attempt(desk, async () => {
        draw(await workbench.progress.read());
      });
    },
  };
}
