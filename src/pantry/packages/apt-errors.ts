import { EngineError } from '../../engine/errors.ts';
import { errnoOf } from '../errno.ts';
import type { RunResult } from './run.ts';

const LOCKED = /Could not get lock|Unable to lock/;

const CASES: readonly {
  readonly pattern: RegExp;
  readonly code: string;
  readonly hint: string;
}[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|don't have enough free space/,
    code: 'packages-disk',
    hint: 'Free some space and run the command again; what is already downloaded is kept.',
  },
  {
    pattern: LOCKED,
    code: 'packages-busy',
    hint: 'Another semdistro is using the same folder: wait for it and run the command again.',
  },
  {
    pattern: /Permission denied|Read-only file system|Operation not permitted/,
    code: 'packages-permission',
    hint: 'Run the command as the user who owns the project folder.',
  },
  {
    pattern:
      /Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Network is unreachable|No route to host|Connection (?:timed out|refused|failed)/,
    code: 'packages-network',
    hint: "The Debian mirror of this machine's apt cannot be reached: check the network (or its proxy) and run the command again.",
  },
  {
    pattern: /NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|is not signed|not valid yet|is expired/,
    code: 'packages-untrusted',
    hint: 'Check the clock of this machine and update the package debian-archive-keyring.',
  },
];

/** Whether it failed because another process is at work in the same folder. */
export function isLocked(result: RunResult): boolean {
  return result.code !== 0 && LOCKED.test(result.stderr);
}

/** What a failed apt command means for the person who ran it. Its own words stay in the message. */
export function aptError(what: string, result: RunResult): EngineError {
  const text = `${result.stderr}\n${result.stdout}`;
  const known = CASES.find(({ pattern }) => pattern.test(text));
  const options = known === undefined ? {} : { hint: known.hint };
  return new EngineError(
    known?.code ?? 'packages-failed',
    `${what}: ${firstError(result)}`,
    options,
  );
}

/** The first thing apt complained about, on one line. */
function firstError(result: RunResult): string {
  const lines = result.stderr.split('\n');
  const line =
    lines.find((text) => text.startsWith('E: ')) ??
    lines.find((text) => text.startsWith('W: ')) ??
    lines.find((text) => text !== '');
  return line?.replace(/^[EW]: /, '') ?? `apt ended with exit code ${result.code}`;
}

/** The same without addresses: what may be kept or shown where no mirror should be named. */
export function reasonWithoutHosts(result: RunResult): string {
  return firstError(result)
    .replace(/\b[a-z][a-z0-9+.-]*:\/\S+\s*/gi, '')
    .replace(/\s*\[IP:[^\]]*\]/g, '')
    .replace(/\b(resolving) '[^']*'/g, '$1 its address')
    .replace(/\b(connect to|connection to) \S+(?: \([^)]*\))?/gi, '$1 the mirror')
    .replace(/^Failed to fetch\s+/, '')
    .trim();
}

/** What a program that could not be started means: without apt there are no packages on this system. */
export function startError(error: unknown): unknown {
  if (errnoOf(error) !== 'ENOENT') return error;
  return new EngineError(
    'packages-unavailable',
    'Debian packages are needed to build the base images, and this system has no apt-get',
    { hint: "Use the workshop's container image: it has everything in it." },
  );
}
