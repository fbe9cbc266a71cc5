/**
 * What to write to a shell so that it runs a command, whatever stands on its line already. Several
 * lines go as one paste where the shell knows pastes, so that it runs them as they were written.
 */
export function typed(
  command: string,
  state: { readonly halfTyped: boolean; readonly bracketedPaste: boolean },
): string {
  const text = command.replace(/\r?\n/g, '\r').replace(/\r+$/, '');
  const paste = state.bracketedPaste && text.includes('\r');
  return `${state.halfTyped ? KILL_LINE : ''}${paste ? `\u001b[200~${text}\u001b[201~` : text}\r`;
}

const KILL_LINE = '\u0015';

/** Enter, Ctrl+C, Ctrl+D, Ctrl+U: what stands on the line is what comes behind the last of them. */
const ENDS = ['\r', '\n', '\u0003', '\u0004', KILL_LINE];

/** Whether something stands on the shell's line after `data` was typed. */
export function isHalfTyped(before: boolean, data: string): boolean {
  const end = Math.max(...ENDS.map((key) => data.lastIndexOf(key)));
  return end < data.length - 1 || (end < 0 && before);
}
