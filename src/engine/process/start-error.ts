/** Why a process could not be started, told by the kernel or the OCI runtime. */
export type StartFailure =
  /** No such program: by a path (`stat` fails) or nowhere in PATH. */
  | 'not-found'
  | 'permission-denied'
  /** The program is there but what it needs to start is not: its loader or its `#!` interpreter. */
  | 'loader-missing'
  /** Neither an executable for this machine nor a script. */
  | 'exec-format'
  | 'is-directory'
  /** The working directory is not one or may not be entered. */
  | 'cwd'
  /** A mount failed. */
  | 'mount'
  | 'other';

/** A process did not start. `message` is what the runtime said; the engine puts it in Docker's words. */
export class ProcessStartError extends Error {
  readonly failure: StartFailure;
  /** The program or path that the failure is about, as it was given. */
  readonly subject: string;

  constructor(failure: StartFailure, subject: string, message: string) {
    super(message);
    this.name = 'ProcessStartError';
    this.failure = failure;
    this.subject = subject;
  }
}
