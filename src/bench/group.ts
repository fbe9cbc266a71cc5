import type { Measurement } from './row.ts';

/** Things that are measured together: `npm run bench -- --only NAME`. */
export interface Group {
  readonly name: string;
  /** One sentence without a full stop. */
  readonly about: string;
  /**
   * What cannot be measured here is reported too, with its reason. Throwing ends the group only:
   * what it has reported stays, and its message becomes a row's reason.
   */
  measure(): AsyncIterable<Measurement>;
}
