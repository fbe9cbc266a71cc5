import type { WorkbenchError } from '../port.ts';
import type { Says, WorkbenchWords } from './words/index.ts';

/** Trouble in the reader's words; what is known by no code keeps its own hint. */
export function troubleWords(error: WorkbenchError, { trouble }: WorkbenchWords): Says {
  const known = Object.hasOwn(trouble, error.code) ? trouble[error.code] : undefined;
  return known ?? trouble.unknown;
}

/** Whatever was thrown, as an error of the workbench. */
export function asTrouble(thrown: unknown): WorkbenchError {
  if (isTrouble(thrown)) {
    const { code, message, hint } = thrown;
    return { code, message, ...(hint !== undefined && { hint }) };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'unknown', message };
}

function isTrouble(thrown: unknown): thrown is WorkbenchError {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    typeof thrown.code === 'string' &&
    'message' in thrown &&
    typeof thrown.message === 'string'
  );
}
