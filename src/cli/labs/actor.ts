import type { Folder } from '../../verify/folder.ts';

/**
 * Somebody at a shell that has `docker`: for proofs alone, which act out what a learner types. What is
 * typed is a script in the folder; what it made is found by words that are in its names.
 */
export interface Actor {
  /** Runs a script of the folder there, and ends at the first command that fails. */
  act(folder: Folder, script: string, signal: AbortSignal): Promise<Acted>;
  /** Removes every container, network, volume and image that has one of the words in its name. */
  clear(words: readonly string[], signal: AbortSignal): Promise<void>;
}

export interface Acted {
  readonly code: number;
  /** Both streams as they came. */
  readonly output: string;
  /** The files afterwards. */
  readonly folder: Folder;
}

/** What a shell of an actor's kind does: a script in a folder, all of its output. */
export type Shell = (what: {
  readonly args: readonly string[];
  readonly signal: AbortSignal;
}) => Promise<{ readonly code: number; readonly output: string }>;

/** For `sh -c`: the same words work on every engine, since every engine has its `docker`. */
export function clearing(words: readonly string[]): string {
  return words
    .flatMap((word) => [
      `docker ps -aq --filter name=${word} | xargs -r docker rm -f -v`,
      `docker network ls -q --filter name=${word} | xargs -r docker network rm`,
      `docker volume ls -q --filter name=${word} | xargs -r docker volume rm -f`,
      `docker images --format '{{.Repository}}:{{.Tag}}' | grep -F ${word} | xargs -r docker rmi -f`,
    ])
    .join('\n');
}
