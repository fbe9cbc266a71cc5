import { EngineError } from '../errors.ts';
import { isClientError } from './print-error.ts';
import type { Session } from './session.ts';

/**
 * A failure as `docker run` and, of its own client's, `docker create` show it. `asksForHelp` is true
 * until the container is there.
 */
export function printRunError(
  error: EngineError,
  session: Session,
  { command, asksForHelp }: { readonly command: string; readonly asksForHelp: boolean },
): void {
  const daemon = isClientError(error) ? '' : 'Error response from daemon: ';
  session.stderr.write(`docker: ${daemon}${error.message.replace(/\.$/, '')}.\n`);
  if (asksForHelp) session.stderr.write(`See 'docker ${command} --help'.\n`);
  if (error.hint !== undefined) session.stderr.write(`${error.hint}\n`);
}
