import { EngineError } from '../errors.ts';
import { type ImageRef, parseReference } from '../oci/reference.ts';
import { usageError } from './usage-error.ts';

/** A reference that Docker's client parses itself; its complaint does not come from a daemon. */
export function clientReference(text: string, word = (why: string) => why): ImageRef {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof EngineError) throw usageError(word(error.message), 1);
    throw error;
  }
}
