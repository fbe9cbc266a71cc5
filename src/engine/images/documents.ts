import { EngineError } from '../errors.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import type {
  ContainerConfig,
  Descriptor,
  HealthConfig,
  HistoryEntry,
  ImageConfig,
  Index,
  Manifest,
  OciPlatform,
} from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import {
  type JsonObject,
  type Where,
  asArray,
  asObject,
  asSize,
  asString,
  asStringMap,
  asStrings,
  optional,
  parseJsonObject,
  wrong,
} from '../json.ts';

/** Largest manifest, index or config read; Docker's own limit is 4 MiB for manifests. */
export const MAX_DOCUMENT = 4 * 1024 * 1024;
/** More layers than any engine can mount; Docker stops at 125. */
const MAX_LAYERS = 1000;

const MANIFEST: Where = { code: 'manifest-invalid', name: 'image manifest' };
const INDEX: Where = { code: 'index-invalid', name: 'image index' };
const CONFIG: Where = { code: 'config-invalid', name: 'image config' };

/** Reads a manifest, OCI's or Docker's. Errors: EngineError `manifest-invalid`. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const raw = parseDocument(bytes, MANIFEST);
  const layers = asArray(raw['layers'], MANIFEST, 'layers');
  if (layers.length > MAX_LAYERS) throw wrong(MANIFEST, 'layers', 'a list of at most 1000');
  const annotations = optional(raw['annotations'], MANIFEST, 'annotations', asStringMap);
  return {
    schemaVersion: 2,
    mediaType: optional(raw['mediaType'], MANIFEST, 'mediaType', asString) ?? MEDIA.ociManifest,
    config: readDescriptor(raw['config'], MANIFEST, 'config'),
    layers: layers.map((layer) => readDescriptor(layer, MANIFEST, 'layers')),
    ...(annotations && { annotations }),
  };
}

/** Reads an image index or a manifest list. Errors: EngineError `index-invalid`. */
export function parseIndex(bytes: Uint8Array): Index {
  const raw = parseDocument(bytes, INDEX);
  const annotations = optional(raw['annotations'], INDEX, 'annotations', asStringMap);
  return {
    schemaVersion: 2,
    mediaType: optional(raw['mediaType'], INDEX, 'mediaType', asString) ?? MEDIA.ociIndex,
    manifests: asArray(raw['manifests'], INDEX, 'manifests').map((item) =>
      readDescriptor(item, INDEX, 'manifests'),
    ),
    ...(annotations && { annotations }),
  };
}

/** Reads an image config; fields the engine does not know are dropped. Errors: EngineError `config-invalid`. */
export function parseConfig(bytes: Uint8Array): ImageConfig {
  const raw = parseDocument(bytes, CONFIG);
  const rootfs = asObject(raw['rootfs'], CONFIG, 'rootfs');
  const diffIds = (optional(rootfs['diff_ids'], CONFIG, 'rootfs.diff_ids', asArray) ?? []).map(
    (id) => readDigest(id, CONFIG, 'rootfs.diff_ids'),
  );
  const history = (optional(raw['history'], CONFIG, 'history', asArray) ?? []).map(readHistory);
  const rows = history.filter((row) => row.empty_layer !== true).length;
  if (history.length > 0 && rows > diffIds.length) {
    throw new EngineError(
      CONFIG.code,
      `${CONFIG.name}: history has ${rows} rows with a layer, but there are ${diffIds.length} layers`,
    );
  }
  return {
    ...strings(raw, CONFIG, ['created', 'author', 'variant']),
    architecture: asString(raw['architecture'], CONFIG, 'architecture'),
    os: asString(raw['os'], CONFIG, 'os'),
    config: readContainer(optional(raw['config'], CONFIG, 'config', asObject) ?? {}),
    rootfs: { type: 'layers', diff_ids: diffIds },
    history,
  };
}

/** A descriptor inside a document; a missing media type is ''. Errors: EngineError with `where.code`. */
export function readDescriptor(value: unknown, where: Where, field: string): Descriptor {
  const raw = asObject(value, where, field);
  const annotations = optional(raw['annotations'], where, `${field}.annotations`, asStringMap);
  const platform = optional(raw['platform'], where, `${field}.platform`, readPlatform);
  return {
    mediaType: optional(raw['mediaType'], where, `${field}.mediaType`, asString) ?? '',
    digest: readDigest(raw['digest'], where, `${field}.digest`),
    size: asSize(raw['size'], where, `${field}.size`),
    ...(annotations && { annotations }),
    ...(platform && { platform }),
  };
}

export function readDigest(value: unknown, where: Where, field: string): Digest {
  const text = asString(value, where, field);
  if (isDigest(text)) return text;
  throw wrong(where, field, 'a sha256 digest');
}

export function readPlatform(value: unknown, where: Where, field: string): OciPlatform {
  const raw = asObject(value, where, field);
  return {
    os: asString(raw['os'], where, `${field}.os`),
    architecture: asString(raw['architecture'], where, `${field}.architecture`),
    ...strings(raw, where, ['variant']),
  };
}

function parseDocument(bytes: Uint8Array, where: Where): JsonObject {
  if (bytes.length > MAX_DOCUMENT) {
    throw new EngineError(where.code, `${where.name} is larger than ${MAX_DOCUMENT} bytes`);
  }
  return parseJsonObject(bytes, where);
}

function readHistory(value: unknown): HistoryEntry {
  const raw = asObject(value, CONFIG, 'history');
  return {
    ...strings(raw, CONFIG, ['created', 'created_by', 'author', 'comment']),
    ...(raw['empty_layer'] === true && { empty_layer: true }),
  };
}

function readContainer(raw: JsonObject): ContainerConfig {
  const list = (field: string): readonly string[] | undefined =>
    optional(raw[field], CONFIG, `config.${field}`, asStrings);
  const set = (
    field: string,
  ): Readonly<Record<string, Readonly<Record<string, never>>>> | undefined => {
    const found = optional(raw[field], CONFIG, `config.${field}`, asObject);
    return found && Object.fromEntries(Object.keys(found).map((key) => [key, {}]));
  };
  const labels = optional(raw['Labels'], CONFIG, 'config.Labels', asStringMap);
  const health = optional(raw['Healthcheck'], CONFIG, 'config.Healthcheck', asObject);
  return {
    ...strings(raw, CONFIG, ['User', 'WorkingDir', 'StopSignal']),
    ...defined('ExposedPorts', set('ExposedPorts')),
    ...defined('Env', list('Env')),
    ...defined('Entrypoint', list('Entrypoint')),
    ...defined('Cmd', list('Cmd')),
    ...defined('Volumes', set('Volumes')),
    ...defined('Labels', labels),
    ...defined('OnBuild', list('OnBuild')),
    ...defined('Shell', list('Shell')),
    ...defined('Healthcheck', health && readHealth(health)),
    ...(raw['ArgsEscaped'] === true && { ArgsEscaped: true }),
  };
}

function readHealth(raw: JsonObject): HealthConfig {
  const size = (field: string): number | undefined =>
    optional(raw[field], CONFIG, `config.Healthcheck.${field}`, asSize);
  return {
    ...defined('Test', optional(raw['Test'], CONFIG, 'config.Healthcheck.Test', asStrings)),
    ...defined('Interval', size('Interval')),
    ...defined('Timeout', size('Timeout')),
    ...defined('StartPeriod', size('StartPeriod')),
    ...defined('StartInterval', size('StartInterval')),
    ...defined('Retries', size('Retries')),
  };
}

function strings<K extends string>(
  raw: JsonObject,
  where: Where,
  fields: readonly K[],
): { readonly [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  for (const field of fields) {
    const value = optional(raw[field], where, field, asString);
    if (value !== undefined) found[field] = value;
  }
  return found;
}

function defined<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  const found: { [P in K]?: T } = {};
  if (value !== undefined) found[key] = value;
  return found;
}
