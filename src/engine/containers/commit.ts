import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { addImage } from '../images/catalog.ts';
import { openDocuments } from '../images/open.ts';
import type { ImageRecord } from '../images/record.ts';
import { writeLayer } from '../layer/write.ts';
import { digestOf } from '../oci/digest.ts';
import type { HistoryEntry, Manifest } from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import { baseTree } from './base-tree.ts';
import { pathChanges } from './changes.ts';
import type { ContainerRecord } from './record.ts';
import { containerChanges } from './roots.ts';

export interface Commit {
  readonly author: string;
  readonly comment: string;
  /** JSON of Docker's container.Config, with the changes and without. */
  readonly config: string;
  readonly containerConfig: string;
  readonly dockerVersion: string;
  /** Canonical, with tag. */
  readonly names: readonly string[];
}

/**
 * Makes an image of what a container changed, on top of the container's own image, with the row of
 * history that Docker writes. To be called under a lease. Errors: those of the store and of layers.
 */
export async function commitContainer(
  engine: Engine,
  record: ContainerRecord,
  commit: Commit,
): Promise<ImageRecord> {
  const base = await openDocuments(engine, { id: record.image, manifest: record.manifest });
  const below = await baseTree(engine, record);
  // Docker leaves the root's own entry out, and makes no layer where only directories were looked into.
  const changes = (await containerChanges(engine, record)).filter(({ path }) => path !== '');
  const { done } = pathChanges(below, below.apply(changes)).next();
  const layer = done === true ? undefined : await writeLayer(engine, changes);
  const created = new Date(engine.platform.now()).toISOString();
  const { author, comment } = commit;
  const row: HistoryEntry = {
    created,
    ...(author !== '' && { author }),
    created_by: (record.config.Cmd ?? []).join(' '),
    ...(comment !== '' && { comment }),
    ...(!layer && { empty_layer: true }),
  };
  const { architecture, os, variant } = base.config;
  const config: unknown = JSON.parse(commit.config);
  const containerConfig: unknown = JSON.parse(commit.containerConfig);
  // In the order of names, as Docker writes it.
  const document = {
    architecture,
    ...(author !== '' && { author }),
    ...(comment !== '' && { comment }),
    config,
    container: record.id,
    container_config: containerConfig,
    created,
    docker_version: commit.dockerVersion,
    history: [...base.config.history, row],
    os,
    rootfs: {
      type: 'layers',
      diff_ids: [...base.config.rootfs.diff_ids, ...(layer ? [layer.diffId] : [])],
    },
    ...(variant !== undefined && { variant }),
  };
  const bytes = utf8(JSON.stringify(document));
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.ociManifest,
    config: {
      mediaType: MEDIA.ociConfig,
      digest: digestOf(engine.platform, bytes),
      size: bytes.length,
    },
    layers: [...base.manifest.layers, ...(layer ? [layer.descriptor] : [])],
  };
  return addImage(engine, { manifest, config: bytes, names: commit.names });
}
