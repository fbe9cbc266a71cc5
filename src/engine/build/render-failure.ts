import type { Diagnostic } from '../dockerfile/diagnostic.ts';
import { LocatedError } from '../dockerfile/located-error.ts';
import type { EngineError } from '../errors.ts';
import { excerpt } from './excerpt.ts';
import { type ProgressState, sinceStart } from './progress-state.ts';

/** What `docker build` prints behind its progress when it failed: the step's output, the
 * place, the message. `solving` is false when the command line was to blame. */
export function failureText(
  error: EngineError,
  dockerfile: { readonly name: string; readonly source: string } | undefined,
  state: ProgressState,
  solving: boolean,
  /** How many of the last lines of its output: those that plain progress has shown before are 10. */
  lines = Infinity,
): string {
  const { failed } = state;
  const rule = '------\n';
  let text = '';
  if (failed) {
    const log = failed.log
      .slice(-lines)
      .map((line) => `${sinceStart(failed, line.at)} ${line.text}\n`)
      .join('');
    text += `${rule} > ${failed.name}:\n${log}${rule}`;
  }
  if (error instanceof LocatedError && dockerfile) {
    text += printable(excerpt(dockerfile.name, dockerfile.source, error.range));
  }
  text += `ERROR: ${solving ? 'failed to solve: ' : ''}${printable(error.message)}\n`;
  // Last, where who reads a terminal looks first.
  return error.hint === undefined ? text : `${text}${error.hint}\n`;
}

/** Control characters made visible: a Dockerfile that is none, or wants to command the terminal, does no harm there. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what it is about
  return text.replace(/[\0-\b\v-\x1f\x7f-\x9f]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** The list of warnings as `docker build` ends with it; empty without warnings. */
export function warningsText(warnings: readonly Diagnostic[]): string {
  if (warnings.length === 0) return '';
  const count = `${warnings.length} warning${warnings.length === 1 ? '' : 's'}`;
  const lines = warnings.map(({ code, message, range }) => {
    const place = code === 'UnconsumedBuildArg' ? '' : ` (line ${range.start.line + 1})`;
    return ` - ${code}: ${message}${place}\n`;
  });
  return `\n ${count} found (use docker --debug to expand):\n${lines.join('')}`;
}
