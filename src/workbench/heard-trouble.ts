import type { WorkbenchError } from './port.ts';

/** As the engine says it of a server: `http-request.ts`. */
const NO_ANSWER = /(\S+): (?:no answer|the transfer broke off|status \d{3})\b/g;
/** As it says it of what a server sent: `http-layout.ts`, `estargz/read.ts`. */
const DAMAGED =
  /(?:content digest|layer) sha256:\S+ (?:damaged on its way\b.*|does not hold what its table of contents says)/;

/**
 * What a command or the machine said of the images on the site's server, when they could not be had or came damaged:
 * a terminal is not where everybody looks for it. `pantry` is the address of their folder.
 */
export function troubleHeard(said: string, pantry: string): WorkbenchError | undefined {
  const unanswered = Array.from(said.matchAll(NO_ANSWER)).find(([, url = '']) =>
    url.includes(pantry),
  );
  if (unanswered) return { code: 'source-unreachable', message: unanswered[0] };
  const damaged = DAMAGED.exec(said);
  return damaged ? { code: 'blob-corrupt', message: damaged[0] } : undefined;
}
