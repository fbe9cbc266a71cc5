import type { Digest } from '../oci/digest.ts';
import type { ImageConfig, Manifest, OciPlatform } from '../oci/image.ts';
import type { FileTree } from '../layer/tree.ts';
import type { Diagnostic } from '../dockerfile/diagnostic.ts';
import type { BuildContext } from './context.ts';

/** What to build. Everything optional has Docker's default. */
export interface BuildRequest {
  /** `name` is for messages: `Dockerfile`. */
  readonly dockerfile: { readonly name: string; readonly source: string };
  /** The rules for the context: `.dockerignore`, or the one of the Dockerfile. */
  readonly ignore?: { readonly name: string; readonly source: string };
  /**
   * Opened when the first instruction needs it. `wants` says what need not be read; a context
   * that has more than it wants is fine.
   */
  readonly context: (wants: (path: string, isDir: boolean) => boolean) => Promise<BuildContext>;
  /** Name or number of a stage; the last one without it. */
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** What `FROM` takes when it does not say; also what TARGETPLATFORM is. */
  readonly platform?: OciPlatform;
  readonly noCache?: boolean;
  /** Stages that are built without the cache. */
  readonly noCacheFilter?: readonly string[];
  /** Ask the sources for base images even when the store has them. */
  readonly pull?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly secrets?: ReadonlyMap<string, Uint8Array>;
  /** Canonical names with tag for the result. */
  readonly names?: readonly string[];
  /** False: the result is not registered as an image (`--output type=local`). Default true. */
  readonly register?: boolean;
  readonly signal?: AbortSignal;
}

export interface BuildResult {
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  /** Digest of the config: the image ID. */
  readonly id: Digest;
  /** The root filesystem; reads the layers when it was all cached. */
  readonly tree: () => Promise<FileTree>;
  readonly warnings: readonly Diagnostic[];
}
