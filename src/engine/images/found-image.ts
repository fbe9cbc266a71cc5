import type { ImageConfig, Manifest } from '../oci/image.ts';
import type { StandIn } from './source.ts';

/** An image found in an archive, nothing of it registered yet. */
export interface FoundImage {
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
  /** Canonical, with tag. */
  readonly names: readonly string[];
  readonly standIn?: StandIn;
}
