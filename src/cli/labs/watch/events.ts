import type { Lab } from '../../../labs/lab.ts';
import type { Call } from '../command.ts';
import type { LabFolder } from '../lab-folder.ts';
import type { Queue } from './queue.ts';
import type { RunEvent } from './runs.ts';

/** All that can happen while somebody watches. */
export type WatchEvent =
  | RunEvent
  | { readonly kind: 'saved'; readonly paths: readonly string[] }
  /** In the engine, while a live lab is done. */
  | { readonly kind: 'happened' }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'tick' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'stop' };

/** What a watch has in its hands. */
export interface Watch {
  readonly call: Call;
  readonly lab: Lab;
  readonly place: LabFolder;
  /** Whether all checks run. */
  readonly whole: boolean;
  readonly events: Queue<WatchEvent>;
  /** Begins a run, giving up the one before; resolves to its number. */
  readonly begin: () => number;
}
