import type { Lab } from '../../labs/lab.ts';
import type { Engine } from '../../verify/engine.ts';
import type { Output } from '../output.ts';
import type { FoundLab } from './find.ts';
import type { ReadFolder } from './folder.ts';
import type { Keyboard } from './keyboard.ts';

export const ENGINE_WISHES = ['auto', 'docker', 'podman', 'embedded'] as const;
export type EngineWish = (typeof ENGINE_WISHES)[number];

/** Everything outside that the commands touch. Tests bring their own. */
export interface Desk extends Output {
  readonly keyboard: Keyboard;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `$SEMDISTRO_HOME`. */
  readonly home: string;
  /** In the order of the lessons; none of their code is loaded. */
  labs(): Promise<readonly FoundLab[]>;
  /** With its checks. The slug must be one of `labs`. */
  lab(slug: string): Promise<Lab>;
  /** Rejects with EngineTrouble. Whoever opens closes. */
  openEngine(wish: EngineWish, signal: AbortSignal): Promise<Engine>;
  /** What a build of the folder sees. Files that `always` says are read whatever `.dockerignore` drops. */
  readFolder(dir: string, always: (path: string) => boolean): Promise<ReadFolder>;
  now(): Date;
  /** Calls whenever the terminal gets another size, until the function that it gives is called. */
  onResize(listener: () => void): () => void;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}
