import { utf8 } from '../engine/bytes.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import { digestOf } from '../engine/oci/digest.ts';
import type { ContainerConfig, Descriptor, ImageConfig, Manifest } from '../engine/oci/image.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import type { Platform } from '../engine/platform.ts';
import type { BuiltLayer } from './build-state.ts';
import type { PlannedRow } from './layer-plan.ts';
import type { ResolvedConfig, ResolvedImage } from './resolve.ts';

/** The label that every image of the pantry has: what it stands in for, in a sentence. */
export const STAND_IN_LABEL = 'dev.semdistro.stand-in';

export interface ImageParts {
  readonly image: ResolvedImage;
  readonly rows: readonly PlannedRow[];
  /** In the order of the rows that have a layer. */
  readonly layers: readonly BuiltLayer[];
  /** Upstream versions of packages, for `{version:PKG}`. */
  readonly version: (name: string) => string;
  readonly differs: readonly string[];
}

/** Config and manifest of an image, as bytes and as what they say. */
export function imageDocuments(
  parts: ImageParts,
  platform: Platform,
): {
  readonly config: Uint8Array;
  readonly manifest: Uint8Array;
  readonly manifestDescriptor: Descriptor;
  readonly document: Manifest;
} {
  const { image, layers, rows } = parts;
  const newest = layers.reduce((latest, layer) => Math.max(latest, layer.newest), 0);
  const seconds = image.family.created === 'epoch' ? 0 : newest;
  const created = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  const config: ImageConfig = {
    architecture: image.architecture,
    config: containerConfig(parts),
    created,
    history: rows.map(({ history }) => ({
      created,
      ...history,
      ...(history.created_by !== undefined && {
        created_by: fillIn(history.created_by, parts.version),
      }),
    })),
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
  const configBytes = utf8(JSON.stringify(config));
  const document: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.ociManifest,
    config: {
      mediaType: MEDIA.ociConfig,
      digest: digestOf(platform, configBytes),
      size: configBytes.length,
    },
    layers: layers.map(({ digest, size, annotations }) => ({
      mediaType: MEDIA.ociLayerGzip,
      digest,
      size,
      annotations,
    })),
    annotations: {
      ...Object.fromEntries(
        Object.entries(image.annotations).map(([name, value]) => [
          name,
          fillIn(value, parts.version),
        ]),
      ),
      ...(image.family.audience === 'people' && { [ANNOTATION.standsInFor]: standsInFor(image) }),
      [ANNOTATION.differs]: JSON.stringify(parts.differs),
    },
  };
  const manifest = utf8(JSON.stringify(document));
  return {
    config: configBytes,
    manifest,
    document,
    manifestDescriptor: {
      mediaType: MEDIA.ociManifest,
      digest: digestOf(platform, manifest),
      size: manifest.length,
      platform: { os: 'linux', architecture: image.architecture },
    },
  };
}

/** The first of the references: what the manifest and the label call the image. */
function standsInFor(image: ResolvedImage): string {
  return image.references[0] ?? image.name;
}

function containerConfig(parts: ImageParts): ContainerConfig {
  const { image } = parts;
  const config: ResolvedConfig = image.config;
  const set = (names: readonly string[] | undefined): Record<string, Record<string, never>> =>
    Object.fromEntries((names ?? []).map((name) => [name, {}]));
  return {
    ...(config.user !== undefined && { User: config.user }),
    ...(config.expose && { ExposedPorts: set(config.expose) }),
    Env: [...config.env].map(([name, value]) => `${name}=${fillIn(value, parts.version)}`),
    ...(config.entrypoint && config.entrypoint.length > 0 && { Entrypoint: config.entrypoint }),
    ...(config.cmd && config.cmd.length > 0 && { Cmd: config.cmd }),
    ...(config.volumes && { Volumes: set(config.volumes) }),
    ...(config.workdir !== undefined && { WorkingDir: config.workdir }),
    Labels: {
      ...config.labels,
      ...(image.family.audience === 'people' && {
        [STAND_IN_LABEL]: `Stands in for ${standsInFor(image)}: rebuilt from Debian 13 packages by Sem Distro, not the original`,
      }),
    },
    ...(config.stopSignal !== undefined && { StopSignal: config.stopSignal }),
  };
}

/** Debian's version without epoch and revision: what upstream calls it. */
export function upstreamVersion(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]+$/, '')
    .replace(/[+~](?:dfsg|ds|repack).*$/, '');
}

function fillIn(text: string, version: (name: string) => string): string {
  return text.replaceAll(/\{version:([a-z0-9+.-]+)\}/g, (_, name: string) => version(name));
}
