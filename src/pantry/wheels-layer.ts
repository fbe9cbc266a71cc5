import { collect, utf8 } from '../engine/bytes.ts';
import { hasPip, openWheelhouse, WHEELS_FOLDER } from '../engine/containers/wheelhouse.ts';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/errors.ts';
import { openDocuments } from '../engine/images/open.ts';
import type { Entry } from '../engine/layer/entry.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import { digestOf } from '../engine/oci/digest.ts';
import type { Descriptor, ImageConfig, Manifest } from '../engine/oci/image.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import type { Platform } from '../engine/platform.ts';
import { memoryStore } from '../engine/store/memory.ts';
import { writeTar } from '../engine/tar/writer.ts';
import type { ArchivedImage } from './archive.ts';
import { directory, fileOf } from './entries.ts';
import type { OciArchitecture } from './recipe.ts';
import { pantrySource } from './source.ts';

/*
 * The built-in engine gives pip its wheels by a mount and two variables of the process (see
 * `engine/containers/wheelhouse.ts`). A Docker that is not ours has no such place: there they are a layer.
 */
const FOLDER = 'usr/share/semdistro/wheels';
/** On images that have the layer; the value is where the wheels are. */
const WHEELS_LABEL = 'dev.semdistro.wheels';

const PIP_CONF = `# Put here by Sem Distro (semdistro pantry load --as-upstream): pip finds what the workshop needs
# without internet. Upstream's image has neither this file nor the wheels.
[global]
no-index = true
find-links = /${FOLDER}
`;

/** Adds the wheels to an image with pip; another comes back as it is. */
export type AddWheels = (image: ArchivedImage) => Promise<ArchivedImage>;

/**
 * Makes the layer with the wheels of an architecture, once, for `AddWheels`. Errors:
 * `pantry-not-built` when the wheelhouse of this architecture is not.
 */
export async function wheelsLayer(
  layout: string,
  architecture: OciArchitecture,
  platform: Platform,
): Promise<AddWheels> {
  const engine: Engine = {
    store: memoryStore(platform),
    sources: [pantrySource(layout)],
    platform,
    defaultPlatform: { os: 'linux', architecture },
  };
  const wheels = await openWheelhouse(engine, engine.defaultPlatform);
  if (!wheels) {
    throw new EngineError('pantry-not-built', `there are no wheels for linux/${architecture}`, {
      hint: `Run \`semdistro pantry build --platform linux/${architecture} wheelhouse\` first.`,
    });
  }
  const tar = await collect(writeTar(layerEntries(wheels)));
  const layer: Descriptor = {
    mediaType: MEDIA.ociLayer,
    digest: digestOf(platform, tar),
    size: tar.length,
  };
  return async (image) => {
    const { descriptors, manifest } = image;
    const ids = { id: manifest.config.digest, manifest: descriptors[0].digest };
    const { config, tree } = await openDocuments(engine, ids);
    return hasPip(await tree()) ? withLayer(image, config, { layer, tar, platform }) : image;
  };
}

function layerEntries(wheels: FileTree): readonly Entry[] {
  const files = wheels.list(WHEELS_FOLDER).map((name) => {
    const entry = wheels.get(`${WHEELS_FOLDER}/${name}`)?.entry;
    if (!entry) throw new Error(`${name} is listed and not there`);
    return { ...entry, path: `${FOLDER}/${name}` };
  });
  return [
    fileOf('etc/pip.conf', PIP_CONF),
    directory('usr/share/semdistro'),
    directory(FOLDER),
    ...files,
  ];
}

interface Added {
  readonly layer: Descriptor;
  readonly tar: Uint8Array;
  readonly platform: Platform;
}

function withLayer(
  { descriptors, manifest }: ArchivedImage,
  config: ImageConfig,
  { layer, tar, platform }: Added,
): ArchivedImage {
  const configBytes = utf8(
    JSON.stringify({
      ...config,
      config: {
        ...config.config,
        Labels: { ...config.config.Labels, [WHEELS_LABEL]: `/${FOLDER}` },
      },
      rootfs: { ...config.rootfs, diff_ids: [...config.rootfs.diff_ids, layer.digest] },
      history: [
        ...config.history,
        {
          ...(config.created !== undefined && { created: config.created }),
          created_by: `# Sem Distro: wheels for pip without internet (/${FOLDER}, /etc/pip.conf)`,
          comment: 'semdistro pantry load',
        },
      ],
    } satisfies ImageConfig),
  );
  const configDigest = digestOf(platform, configBytes);
  const changed: Manifest = {
    ...manifest,
    config: { ...manifest.config, digest: configDigest, size: configBytes.length },
    layers: [...manifest.layers, layer],
  };
  const manifestBytes = utf8(JSON.stringify(changed));
  const digest = digestOf(platform, manifestBytes);
  const renamed = (descriptor: Descriptor): Descriptor => ({
    ...descriptor,
    digest,
    size: manifestBytes.length,
  });
  const [first, ...others] = descriptors;
  return {
    descriptors: [renamed(first), ...others.map(renamed)],
    manifest: changed,
    added: new Map([
      [configDigest, configBytes],
      [digest, manifestBytes],
      [layer.digest, tar],
    ]),
  };
}
