import type { Digest } from '../oci/digest.ts';
import type { Descriptor, OciPlatform } from '../oci/image.ts';
import { readDescriptor, readDigest, readPlatform } from './documents.ts';
import {
  type Where,
  asArray,
  asObject,
  asSize,
  asString,
  asStringMap,
  asStrings,
  isObject,
  optional,
} from '../json.ts';
import type { StandIn } from './source.ts';

/** What the store remembers of one image, enough to list it without opening a blob. */
export interface ImageRecord {
  /** Digest of the config: the image ID. */
  readonly id: Digest;
  readonly manifest: Descriptor;
  readonly platform: OciPlatform;
  /** Canonical, with tag: `docker.io/library/busybox:latest`. In no other image. Sorted. */
  readonly names: readonly string[];
  /** Canonical `repository@digest`, after a pull. Sorted. */
  readonly digests: readonly string[];
  /** As in the config. */
  readonly created?: string;
  /** Sum of `layerSizes`. */
  readonly size: number;
  /** As `docker history` shows them (`sizeOfFiles` of a built layer, `sizeOnDisk` of another), in the manifest's order. */
  readonly layerSizes: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  readonly standIn?: StandIn;
  /**
   * When this store built it: the line of the Dockerfile (from 1) behind each row of the history,
   * null on the rows of its base image.
   */
  readonly lines?: readonly (number | null)[];
  /** When it last got a name by build, pull, load or tag. ISO 8601, UTC. */
  readonly tagged: string;
}

const WHERE: Where = { code: 'store-corrupt', name: 'the list of images in the store' };

/** Reads the record `images/index`. Errors: EngineError `store-corrupt`. */
export function parseIndexRecord(value: unknown): readonly ImageRecord[] {
  if (value === undefined) return [];
  const raw = asObject(value, WHERE, 'it');
  return asArray(raw['images'], WHERE, 'images').map(readRecord);
}

/** The opposite of `parseIndexRecord`. */
export function toIndexRecord(images: readonly ImageRecord[]): unknown {
  return { version: 1, images };
}

function readRecord(value: unknown): ImageRecord {
  const raw = asObject(value, WHERE, 'an image');
  const created = optional(raw['created'], WHERE, 'created', asString);
  const standIn = optional(raw['standIn'], WHERE, 'standIn', asObject);
  return {
    id: readDigest(raw['id'], WHERE, 'id'),
    manifest: readDescriptor(raw['manifest'], WHERE, 'manifest'),
    platform: readPlatform(raw['platform'], WHERE, 'platform'),
    names: asStrings(raw['names'], WHERE, 'names'),
    digests: asStrings(raw['digests'], WHERE, 'digests'),
    ...(created !== undefined && { created }),
    size: asSize(raw['size'], WHERE, 'size'),
    layerSizes: asArray(raw['layerSizes'], WHERE, 'layerSizes').map((size) =>
      asSize(size, WHERE, 'layerSizes'),
    ),
    labels: isObject(raw['labels']) ? asStringMap(raw['labels'], WHERE, 'labels') : {},
    ...(standIn && {
      standIn: {
        standsInFor: asString(standIn['standsInFor'], WHERE, 'standIn.standsInFor'),
        differs: asStrings(standIn['differs'], WHERE, 'standIn.differs'),
      },
    }),
    ...(Array.isArray(raw['lines']) && {
      lines: raw['lines'].map((line: unknown) => (typeof line === 'number' ? line : null)),
    }),
    tagged: asString(raw['tagged'], WHERE, 'tagged'),
  };
}
