import type { ImageDetail } from '../workbench/port.ts';
import { instruction, sizeOfRows } from './listing.ts';

/** An image as a stack of layers. */
export interface StackModel {
  readonly name: string;
  /** Lowest first. */
  readonly layers: readonly StackLayer[];
}

export interface StackLayer {
  /** What made it, or what is in it: `COPY site /srv`, `libc6`. */
  readonly label: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Names of other images that have this very layer. */
  readonly sharedWith?: readonly string[];
}

export function stackOfImage({ names, id, layers }: ImageDetail): StackModel {
  return {
    name: names[0] ?? id,
    layers: layers.map(({ createdBy, size, sharedWith }) => ({
      label: instruction(createdBy),
      size,
      sharedWith,
    })),
  };
}

/** A band of the drawing: one layer, or small ones that lie together. */
export interface Band {
  /** Lowest first. */
  readonly layers: readonly StackLayer[];
  readonly size: number;
  /** Every layer of it is in another image too. */
  readonly shared: boolean;
  /** Colour, 1 to 6, from the ground up. */
  readonly tone: number;
}

/** Layers under this part of the whole may share a band. */
const SMALL = 0.02;
/** As many bands as can be read in one look. */
const MOST_BANDS = 12;

/** Lowest first. Small layers lie together when there are more layers than one look can read, shared ones apart from others. */
export function bandsOf({ layers }: StackModel): readonly Band[] {
  const limit = layers.length > MOST_BANDS ? sizeOfRows(layers) * SMALL : -1;
  const groups: StackLayer[][] = [];
  for (const layer of layers) {
    const before = groups.at(-1)?.at(-1);
    const joins =
      before !== undefined &&
      isSmall(before, limit) &&
      isSmall(layer, limit) &&
      isShared(before) === isShared(layer);
    if (joins) groups.at(-1)?.push(layer);
    else groups.push([layer]);
  }
  return groups.map((group, index) => ({
    layers: group,
    size: sizeOfRows(group),
    shared: group.every(isShared),
    tone: 1 + Math.floor((index * 6) / Math.max(groups.length, 6)),
  }));
}

/** Where a band is drawn, as parts of the drawing's height. */
export interface Place {
  readonly top: number;
  readonly height: number;
}

/** A layer of a few bytes, or none, is a thin line and not nothing. */
const THINNEST = 0.008;

/** By size, in the order given; what is too light to be seen takes its line from the heavy ones. */
export function placesOf(bands: readonly Pick<Band, 'size'>[]): readonly Place[] {
  const total = sizeOfRows(bands);
  const parts = bands.map(({ size }) => (total === 0 ? 0 : size / total));
  const thin = parts.filter((part) => part < THINNEST);
  const heavy = 1 - thin.reduce((sum, part) => sum + part, 0);
  const scale = heavy === 0 ? 0 : (1 - thin.length * THINNEST) / heavy;
  // A stack of nothing but empty layers has equal lines.
  const alone = thin.length === bands.length;
  let top = 0;
  return parts.map((part) => {
    const height = alone ? 1 / bands.length : part < THINNEST ? THINNEST : part * scale;
    top += height;
    return { top: top - height, height };
  });
}

function isSmall({ size }: StackLayer, limit: number): boolean {
  return size < limit;
}

export function isShared({ sharedWith }: StackLayer): boolean {
  return sharedWith !== undefined && sharedWith.length > 0;
}
