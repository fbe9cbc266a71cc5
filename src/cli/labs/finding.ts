import type { Words } from '../../verify/words.ts';

/** One line of `semdistro doctor`. */
export interface Finding {
  /** Stable, for `--json`: `docker`, `port-5000`. */
  readonly id: string;
  /** At most two words: it stands in a column of its own. */
  readonly name: Words;
  readonly value: Words;
  /** `note` is worth knowing and needs no repair; only `missing` makes the exit code 1. */
  readonly status: 'ok' | 'note' | 'missing';
  /** What to do about it, with the command. */
  readonly repair?: Words;
}
