import type { WorkbenchError } from './port.ts';

/** As the engine says it of a server: `http-request.ts`. */
const NO_ANSWER = /(\S+): (?:no answer|the transfer broke off|status \d{3})\b/g;

/**
 * What a command said of the server that has the site's images, when it could not be reached: a
 * terminal is not where everybody looks for it. `pantry` is the address of their folder.
 */
export function unreachableIn(said: string, pantry: string): WorkbenchError | undefined {
  const found = Array.from(said.matchAll(NO_ANSWER)).find(([, url = '']) => url.includes(pantry));
  return found && { code: 'source-unreachable', message: found[0] };
}
