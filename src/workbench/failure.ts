import { EngineError } from '../engine/errors.ts';
import { EngineTrouble } from '../verify/engine.ts';
import type { WorkbenchError } from './port.ts';

/** What the workbench rejects with. */
export class WorkbenchFailure extends Error implements WorkbenchError {
  readonly code: string;
  readonly hint?: string;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.name = 'WorkbenchFailure';
    this.code = code;
    if (hint !== undefined) this.hint = hint;
  }
}

/** Of whatever part an error comes, as plain data. What nobody expects is a bug, and says where it is. */
export function plainError(error: unknown): WorkbenchError {
  if (error instanceof WorkbenchFailure || error instanceof EngineError) {
    const { code, message, hint } = error;
    return { code, message, ...(hint !== undefined && { hint }) };
  }
  if (error instanceof EngineTrouble) {
    const { code, message, advice } = error;
    return { code, message, ...(advice && { hint: advice.en }) };
  }
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'bug', message: said };
}
