import type { Descriptor, OciPlatform } from '../oci/image.ts';
import type { ImageRef } from '../oci/reference.ts';
import type { BlobReader } from '../store/port.ts';

/** Port: where images come from that are not in the store yet. The pantry is one. */
export interface ImageSource {
  /** Shown to the user: `pantry`. */
  readonly name: string;
  /** The image that answers to a reference on a platform, or undefined. */
  resolve(ref: ImageRef, platform: OciPlatform): Promise<SourcedImage | undefined>;
  list(): Promise<readonly SourcedImage[]>;
  readonly blobs: BlobReader;
  /**
   * What is recorded of a build step that ran elsewhere, by the build cache's key (`build/imported-steps.ts`
   * says what a record holds); undefined when nothing is.
   */
  step?(key: string): Promise<unknown>;
}

export interface SourcedImage {
  /** Normalised, with tag: `gcr.io/distroless/static:nonroot`. */
  readonly reference: string;
  readonly platform: OciPlatform;
  readonly manifest: Descriptor;
  /** Present on a stand-in: what it stands for and how it differs, one sentence each, said on every pull. */
  readonly standIn?: StandIn;
}

export interface StandIn {
  readonly standsInFor: string;
  readonly differs: readonly string[];
}
