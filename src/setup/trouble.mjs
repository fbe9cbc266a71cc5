// Turns what a failed step printed into the one thing its reader can do about it.

/** @typedef {'network' | 'disk' | 'permission' | 'other'} TroubleKind */

/** @type {readonly (readonly [TroubleKind, RegExp])[]} */
const signs = [
  // A full disk comes first: what fails after it (a half-written file, a lost lock) only follows from it.
  ['disk', /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i],
  ['permission', /\b(EACCES|EPERM|EROFS)\b|permission denied|read-only file system/i],
  [
    'network',
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network (timeout|request)|temporary failure resolving|could not (resolve|connect)|unable to connect/i,
  ],
];

/**
 * @param {string} text what a step printed, or the message of what it threw
 * @returns {{ kind: TroubleKind, path: string | undefined }} the path that may not be written, where it was named
 */
export function diagnose(text) {
  const kind = signs.find(([, sign]) => sign.test(text))?.[0] ?? 'other';
  // Node says `mkdir '/x'`, npm says `error path /x`.
  const path = /(?:EACCES|EPERM|EROFS)[^\n']*'([^'\n]+)'|error path (\S.*)/.exec(text);
  return { kind, path: kind === 'permission' ? (path?.[1] ?? path?.[2])?.trim() : undefined };
}

/** A step that failed; `output` is what its program printed, for {@link diagnose}. */
export class StepFailure extends Error {
  /**
   * @param {string} output
   * @param {{ shown?: boolean }} [options] shown: the output has been on the screen already
   */
  constructor(output, { shown = false } = {}) {
    super(output);
    this.name = 'StepFailure';
    this.output = output;
    this.shown = shown;
  }
}
