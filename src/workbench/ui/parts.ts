import type { DiffOptions, DiffView, EditorPanel, EditorPanelOptions } from '../../editor/panel.ts';
import type { Page } from '../../i18n/href.ts';
import type { TerminalPanel, TerminalPanelOptions } from '../../terminal/panel.ts';

/** What the workbench is put together from, and does not know how to make. */
export interface Parts {
  readonly mountEditor: (element: HTMLElement, options: EditorPanelOptions) => EditorPanel;
  readonly mountTerminal: (element: HTMLElement, options: TerminalPanelOptions) => TerminalPanel;
  /** Two states of one file. */
  readonly mountDiff: (
    element: HTMLElement,
    before: string,
    after: string,
    options: DiffOptions,
  ) => DiffView;
  /** What a link to a page of the site needs, in the reader's language. */
  readonly address: (page: Page) => string;
  /** Where the site has previews: an absolute URL with a slash at its end; none without. */
  readonly previews?: string | undefined;
}
