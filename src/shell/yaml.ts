import { EngineError } from '../engine/errors.ts';

/** Aliases that a document may use, so that a small one does not become a large one. */
const MOST_ALIASES = 100;

/**
 * A YAML document as data, with `<<` merged. The library comes when it is first needed. Errors:
 * EngineError `yaml-invalid`, with the line.
 */
export async function parseYaml(text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { merge: true, prettyErrors: true });
  const [first] = document.errors;
  if (first) throw invalid(first.message.split('\n')[0]?.replace(/:$/, '') ?? '');
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (error instanceof ReferenceError) throw invalid(error.message);
    throw error;
  }
}

function invalid(why: string): EngineError {
  return new EngineError('yaml-invalid', `yaml: ${why}`, { exitCode: 15 });
}
