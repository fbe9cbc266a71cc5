import type { EngineError } from '../errors.ts';
import type { Session } from './session.ts';

/** Errors that Docker's client finds itself; all others come from its daemon, and say so. */
const CLIENT_CODES = new Set([
  'usage',
  'template-invalid',
  'template-failed',
  'template-too-large',
  'is-a-directory',
  'permission-denied',
  'output-missing-dir',
  'copy-refused',
  'compose-invalid',
  'compose-missing',
  'yaml-invalid',
]);

/** Whether Docker's client would have found it. */
export function isClientError({ code }: EngineError): boolean {
  return CLIENT_CODES.has(code);
}

/** An error as Docker shows it, with what to do about it on a line of its own. */
export function printError(error: EngineError, session: Session): void {
  const daemon = isClientError(error) ? '' : 'Error response from daemon: ';
  session.stderr.write(`${daemon}${error.message}\n`);
  if (error.hint !== undefined) session.stderr.write(`${error.hint}\n`);
}
