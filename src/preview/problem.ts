/**
 * Why a request has no answer. Stable: a page has its words for each, in both languages.
 *
 * - `refused`: nothing listens at the port; `no-machine`: the machine does not run
 * - `not-http`: what came is no HTTP/1.1; `head-too-large`: its head has no end within the limit
 * - `empty`: the connection ended without a byte, as when a port is published and nobody listens behind it
 * - `cut-off`: the connection ended before the answer did; `too-slow`: no head came in time
 * - `too-large`: a page of more bytes than a page may have; `encoding`: compressed in an unknown way
 * - `too-many`: more requests at once than are kept waiting; `redirects`: from one place to another without end
 * - `outside`: it leads to a host that is not this machine; `forbidden`: another port does not allow this one to read it
 */
export type Problem =
  | 'refused'
  | 'no-machine'
  | 'not-http'
  | 'head-too-large'
  | 'empty'
  | 'cut-off'
  | 'too-slow'
  | 'too-large'
  | 'encoding'
  | 'too-many'
  | 'redirects'
  | 'outside'
  | 'forbidden';

export class PreviewFailure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PreviewFailure';
    this.problem = problem;
  }
}

/** Whatever ended a connection, as a problem of the answer that was on its way. */
export function failureOf(error: unknown): PreviewFailure {
  if (error instanceof PreviewFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new PreviewFailure('cut-off', message, error);
}
