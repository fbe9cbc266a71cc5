import type { Entry } from '../layer/entry.ts';
import type { Digest } from '../oci/digest.ts';

/**
 * What changed between two images: plain data, ready for JSON, a terminal or a picture.
 * All sizes are bytes of file content, as Docker counts a layer.
 */
export interface ImageDiff {
  readonly from: ImageSide;
  readonly to: ImageSide;
  readonly identical: boolean;
  readonly history: readonly HistoryChange[];
  readonly layers: readonly LayerChange[];
  readonly files: FileChanges;
  readonly config: readonly ConfigChange[];
  readonly packages: PackageChanges;
}

export interface ImageSide {
  readonly name: string;
  readonly id: Digest;
  readonly platform: string;
  readonly size: number;
  /** Stored but hidden by a layer above: what a smaller image would not carry. */
  readonly wasted: number;
  readonly shadowed: readonly ShadowedFile[];
}

export interface ShadowedFile {
  readonly path: string;
  readonly bytes: number;
  /** Index of the layer that stores it. */
  readonly layer: number;
  /** Index of the layer that hides it. */
  readonly by: number;
  readonly how: 'replaced' | 'removed';
}

/** One row of the history; `layer` is its index among the layers, absent on a row without one. */
export interface HistoryRow {
  readonly createdBy: string;
  readonly comment: string;
  readonly size: number;
  readonly layer?: number;
  /** Line of the Dockerfile that made the row, from 1, when this store built it. */
  readonly line?: number;
}

export type HistoryChange =
  | { readonly kind: 'same' | 'changed'; readonly from: HistoryRow; readonly to: HistoryRow }
  | { readonly kind: 'removed'; readonly from: HistoryRow }
  | { readonly kind: 'added'; readonly to: HistoryRow };

export interface LayerChange {
  readonly kind: 'shared' | 'removed' | 'added';
  readonly diffId: Digest;
  readonly size: number;
  readonly createdBy: string;
}

export interface FileChanges {
  readonly added: readonly FileChange[];
  readonly removed: readonly FileChange[];
  readonly changed: readonly FileChange[];
}

export interface FileChange {
  readonly path: string;
  readonly from?: FileState;
  readonly to?: FileState;
  /** For a changed file: which of its properties differ. */
  readonly differs: readonly ('type' | 'mode' | 'owner' | 'content' | 'target' | 'xattrs')[];
}

export type FileState = Pick<Entry, 'type' | 'mode' | 'uid' | 'gid' | 'size' | 'target'>;

/** `field` is a path: `User`, `Env.PATH`, `Labels.version`. Undefined: not set on that side. */
export interface ConfigChange {
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

export interface Package {
  readonly manager: 'deb' | 'apk' | 'python' | 'npm';
  readonly name: string;
  readonly version: string;
  /** Where it is recorded. */
  readonly path: string;
}

export interface PackageChanges {
  readonly added: readonly Package[];
  readonly removed: readonly Package[];
  readonly changed: readonly { readonly from: Package; readonly to: Package }[];
}
