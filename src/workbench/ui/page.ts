import type { Change } from '../port.ts';
import { attempt, type Desk } from './desk.ts';
import type { Layout } from './layout.ts';
import type { PagePanel } from './page-panel.ts';

/** The panel of pages before anybody looks at it: its code is fetched when somebody does. */
export interface PageHandle {
  shown(): Promise<void>;
  /** The machine runs, for the first time or again. */
  ready(): Promise<void>;
  changed(change: Change): void;
  dispose(): void;
}

/** `folder`: where the site has previews; without one the panel says that there are none. */
export function pagePanel(panels: Layout, desk: Desk, folder: string | undefined): PageHandle {
  const { words, workbench } = desk;
  let panel: Promise<PagePanel> | undefined;

  function fetched(): Promise<PagePanel> {
    panel ??= import('./page-panel.ts').then(({ mountPagePanel }) =>
      mountPagePanel(
        panels.panel('page'),
        desk,
        folder ?? new URL('/preview/', location.href).href,
      ),
    );
    panel.catch(() => (panel = undefined));
    return panel;
  }

  async function refresh(): Promise<void> {
    if (panel ?? panels.isShown('page')) await (await fetched()).refresh();
    const open = (await workbench.preview.ports()).filter((one) => one.open).length;
    panels.mark('page', open === 0 ? undefined : { tone: 'ok', label: words.page.open(open) });
  }

  return {
    shown: () => attempt(desk, async () => (await fetched()).refresh()),
    ready: () => attempt(desk, refresh),
    changed({ kind }) {
      if (kind === 'ports') void attempt(desk, refresh);
      if (kind === 'requests') {
        void panel?.then((one) => {
          one.requested();
        });
      }
    },
    dispose() {
      panel?.then(
        (one) => {
          one.dispose();
        },
        () => undefined,
      );
    },
  };
}
