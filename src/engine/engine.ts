import type { ImageSource } from './images/source.ts';
import type { OciPlatform } from './oci/image.ts';
import type { Platform } from './platform.ts';
import type { ProcessHost } from './process/host.ts';
import type { Store } from './store/port.ts';

/** Everything an operation of the engine may use; operations are functions that take one. */
export interface Engine {
  readonly store: Store;
  readonly sources: readonly ImageSource[];
  readonly platform: Platform;
  /** What `FROM` and `pull` take without `--platform`. */
  readonly defaultPlatform: OciPlatform;
  readonly processHost?: ProcessHost;
}
