import type { Language } from '../i18n/languages.ts';
import type { TerminalOptions, TerminalSession } from '../workbench/port.ts';

export interface TerminalPanelOptions {
  readonly lang: Language;
  /** Starts a shell; called for every tab, and again when its shell has ended and Enter is pressed. */
  open(options: TerminalOptions): Promise<TerminalSession>;
}

/** Up to four terminals in one element. */
export interface TerminalPanel {
  /**
   * Types a command of one or more lines and Enter into the active tab; into another one, or a new
   * one, while a full-screen program such as vi has it. Resolves when it was typed; false when there
   * is no tab to type it into.
   */
  run(command: string): Promise<boolean>;
  /** Resolves when the active tab's shell shows its prompt; false when it could not be started. */
  ready(): Promise<boolean>;
  focus(): void;
  /** Ends every session. */
  dispose(): void;
}
