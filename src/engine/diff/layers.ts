import type { OpenedImage } from '../images/open.ts';
import type { Entry } from '../layer/entry.ts';
import type { Digest } from '../oci/digest.ts';
import type { FileState, ShadowedFile } from './model.ts';
import { historyRows } from './rows.ts';
import { shadowedFiles } from './shadowed.ts';

/** One layer of an image: what it adds, and where it comes from. Sizes are bytes. */
export interface LayerReport {
  /** From 0, oldest first. */
  readonly index: number;
  readonly diffId: Digest;
  readonly size: number;
  readonly createdBy: string;
  /** Line of the Dockerfile, from 1; absent for layers of a base image and for images not built here. */
  readonly line?: number;
  readonly files: readonly LayerFile[];
  /** What it stores that a layer above hides. */
  readonly hidden: readonly ShadowedFile[];
}

export interface LayerFile extends FileState {
  readonly path: string;
  /** `removed` for a whiteout, `emptied` for an opaque directory; otherwise whether the path existed below. */
  readonly change: 'added' | 'changed' | 'removed' | 'emptied';
}

/** Reads the table of every layer, no file contents. */
export async function describeLayers(image: OpenedImage): Promise<readonly LayerReport[]> {
  const layers = await image.layers();
  const shadowed = shadowedFiles(layers.map(({ entries }) => entries));
  const rows = historyRows(image).filter(({ diffId }) => diffId !== undefined);
  const below = new Set<string>();
  return layers.map(({ diffId, entries, size }, index) => {
    const row = rows[index]?.row;
    const files = entries.map((entry) => describe(entry, below));
    for (const entry of entries) remember(entry, below);
    return {
      index,
      diffId,
      size,
      createdBy: row?.createdBy ?? '',
      ...(row?.line !== undefined && { line: row.line }),
      files,
      hidden: shadowed.filter(({ layer }) => layer === index),
    };
  });
}

function describe(entry: Entry, below: ReadonlySet<string>): LayerFile {
  const { type, path, mode, uid, gid, size, target } = entry;
  const change =
    type === 'whiteout'
      ? 'removed'
      : type === 'opaque'
        ? 'emptied'
        : below.has(path)
          ? 'changed'
          : 'added';
  return { path, type, mode, uid, gid, size, ...(target !== undefined && { target }), change };
}

function remember({ type, path }: Entry, paths: Set<string>): void {
  if (type !== 'whiteout' && type !== 'opaque') {
    paths.add(path);
    return;
  }
  if (type === 'whiteout') paths.delete(path);
  const prefix = path === '' ? '' : `${path}/`;
  for (const known of paths) if (known.startsWith(prefix)) paths.delete(known);
}
