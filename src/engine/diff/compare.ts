import type { Engine } from '../engine.ts';
import { findImage } from '../images/find.ts';
import { type OpenedImage, openImage } from '../images/open.ts';
import { platformName } from '../oci/platform.ts';
import { compareConfigs } from './config.ts';
import { compareFiles } from './files.ts';
import { type AlignedRow, alignHistories, compareLayers } from './history.ts';
import type { ImageDiff, ImageSide, LayerChange } from './model.ts';
import { comparePackages, listPackages } from './packages.ts';
import { historyRows } from './rows.ts';
import { shadowedFiles, wastedBytes } from './shadowed.ts';

/** Compares two images by name or ID. Errors: those of `findImage` and of opening layers. */
export async function compareImages(engine: Engine, a: string, b: string): Promise<ImageDiff> {
  const from = await openImage(engine, await findImage(engine, a));
  const to = await openImage(engine, await findImage(engine, b));
  const [before, after] = [await from.tree(), await to.tree()];
  const [oldRows, newRows] = [historyRows(from), historyRows(to)];
  const [oldPackages, newPackages] = [await listPackages(before), await listPackages(after)];
  const changes = {
    history: alignHistories(oldRows, newRows),
    layers: compareLayers(layersOf(oldRows), layersOf(newRows)),
    files: await compareFiles(engine.platform, before, after),
    config: compareConfigs(from.config, to.config),
    packages: comparePackages(oldPackages, newPackages),
  };
  return {
    from: await side(from, a),
    to: await side(to, b),
    identical: isNothing(changes),
    ...changes,
  };
}

function isNothing({ history, layers, config }: Pick<ImageDiff, 'history' | 'layers' | 'config'>) {
  // Equal layers make equal files and packages.
  return (
    config.length === 0 &&
    layers.every(({ kind }) => kind === 'shared') &&
    history.every(({ kind }) => kind === 'same')
  );
}

async function side(image: OpenedImage, name: string): Promise<ImageSide> {
  const layers = await image.layers();
  const shadowed = shadowedFiles(layers.map(({ entries }) => entries));
  const { id, platform, size } = image.record;
  return {
    name,
    id,
    platform: platformName(platform),
    size,
    wasted: wastedBytes(shadowed),
    shadowed,
  };
}

function layersOf(rows: readonly AlignedRow[]): readonly Omit<LayerChange, 'kind'>[] {
  return rows.flatMap(({ row, diffId }) =>
    diffId === undefined ? [] : [{ diffId, size: row.size, createdBy: row.createdBy }],
  );
}
