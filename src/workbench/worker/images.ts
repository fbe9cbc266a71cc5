import { compareImages } from '../../engine/diff/compare.ts';
import type { Package } from '../../engine/diff/model.ts';
import { listPackages } from '../../engine/diff/packages.ts';
import { historyRows } from '../../engine/diff/rows.ts';
import { containerConfig } from '../../engine/docker/inspect-config.ts';
import type { Engine } from '../../engine/engine.ts';
import { goJson } from '../../engine/gotemplate/json.ts';
import { type ImageRecord, listImages } from '../../engine/images/catalog.ts';
import { findImage } from '../../engine/images/find.ts';
import { type OpenedImage, openImage } from '../../engine/images/open.ts';
import { isObject, parseJsonObject } from '../../engine/json.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { platformName } from '../../engine/oci/platform.ts';
import { familiarName, parseReference } from '../../engine/oci/reference.ts';
import { WorkbenchFailure } from '../failure.ts';
import type { ImageDesk, ImageDetail, ImageFile, ImageSummary } from '../port.ts';

/** Names of images that checks make, which nobody else has made. */
const OF_CHECKS = /^semdistro\.invalid\//;

/**
 * What the engine's store has of images, as the page shows it. Rejects with EngineError
 * `image-unknown`, `reference-invalid`, `blob-missing`, `blob-corrupt`, `source-unreachable`.
 */
export function imageDesk(engine: Engine): ImageDesk {
  const opened = async (name: string): Promise<OpenedImage> =>
    openImage(engine, await findImage(engine, name));
  return {
    async list() {
      const images = await listImages(engine);
      return images.filter(isLearners).map(summary);
    },
    async open(name) {
      const image = await opened(name);
      const others = (await listImages(engine)).filter(
        (other) => other.id !== image.record.id && isLearners(other),
      );
      return detail(engine, image, others);
    },
    async files(name, path, layer) {
      const image = await opened(name);
      const wanted = path.replace(/^\/+|\/+$/g, '');
      if (layer === undefined) {
        const tree = await image.tree();
        return Array.from(tree.walk(wanted), ({ entry }) => fileOf(entry));
      }
      const one = (await image.layers())[layer];
      if (!one) throw new WorkbenchFailure('layer-unknown', `${name} has no layer ${layer}`);
      const prefix = wanted === '' ? '' : `${wanted}/`;
      return one.entries
        .filter((entry) => entry.path !== '' && entry.path.startsWith(prefix))
        .map(fileOf);
    },
    diff: (from, to) => compareImages(engine, from, to),
  };
}

function isLearners({ names, labels }: ImageRecord): boolean {
  if (labels['semdistro.verify'] !== undefined) return false;
  return names.length === 0 || names.some((name) => !OF_CHECKS.test(name));
}

function summary({ id, names, size, created, standIn }: ImageRecord): ImageSummary {
  return {
    ...{ id, size },
    names: names.map((name) => familiarName(parseReference(name))),
    ...(created !== undefined && { created }),
    ...(standIn && { standIn: standIn.standsInFor }),
  };
}

async function detail(
  engine: Engine,
  image: OpenedImage,
  others: readonly ImageRecord[],
): Promise<ImageDetail> {
  const { record, config } = image;
  const rows = historyRows(image);
  const names = new Map<string, string[]>();
  for (const other of others) {
    const { config: theirs } = await openImage(engine, other);
    const [name = other.id] = summary(other).names;
    for (const diffId of theirs.rootfs.diff_ids) {
      const known = names.get(diffId);
      if (known) known.push(name);
      else names.set(diffId, [name]);
    }
  }
  return {
    ...summary(record),
    platform: platformName(record.platform),
    layers: rows.flatMap(({ row, diffId }) =>
      diffId === undefined
        ? []
        : [
            {
              ...{ diffId, size: row.size, createdBy: row.createdBy },
              sharedWith: [...new Set(names.get(diffId))],
            },
          ],
    ),
    history: rows.map(({ row }, index) => {
      const created = config.history[index]?.created;
      return {
        ...{ createdBy: row.createdBy, size: row.size },
        ...(created !== undefined && { created }),
        ...(row.comment !== '' && { comment: row.comment }),
        ...(row.layer !== undefined && { layer: row.layer }),
      };
    }),
    config: shownConfig(image),
    packages: (await listPackages(await image.tree())).map(({ name, version }: Package) => ({
      ...{ name, version },
    })),
  };
}

/** As `docker inspect` prints it, with its names. */
function shownConfig({ config, configBytes }: OpenedImage): Readonly<Record<string, unknown>> {
  const raw = parseJsonObject(configBytes, { code: 'config-invalid', name: 'image config' });
  const inner = isObject(raw['config']) ? raw['config'] : {};
  const shown: unknown = JSON.parse(goJson(containerConfig(config.config, inner)));
  return isObject(shown) ? shown : {};
}

function fileOf({ path, type, size, mode, uid, gid, target }: Entry): ImageFile {
  return { path, type, size, mode, uid, gid, ...(target !== undefined && { target }) };
}
