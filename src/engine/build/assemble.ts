import { utf8 } from '../bytes.ts';
import { digestOf } from '../oci/digest.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig, Manifest } from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import type { Platform } from '../platform.ts';
import { configOf, type Draft, HISTORY_COMMENT } from './draft.ts';
import type { Snapshot, StepLayer } from './snapshot.ts';

export interface Assembled {
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  readonly layerSizes: readonly number[];
  /** As in `ImageRecord`. */
  readonly lines: readonly (number | null)[];
}

/**
 * Config and manifest as Docker's exporter writes them. `created` is that of the last step, which
 * a cached step keeps: the same build gives the same image ID. With SOURCE_DATE_EPOCH (seconds)
 * every new row and the image are that old.
 */
export async function assemble(
  platform: Platform,
  draft: Draft,
  snapshot: Snapshot,
  options: {
    readonly labels: Readonly<Record<string, string>>;
    readonly epoch: number | undefined;
  },
): Promise<Assembled> {
  const epoch =
    options.epoch === undefined ? undefined : new Date(options.epoch * 1000).toISOString();
  const built = await Promise.all(snapshot.results.map(({ layer }) => layer ?? missing()));
  const layers = [...snapshot.base, ...built];
  const base = pairHistory(draft.baseHistory, snapshot.base);
  const history = withTimes([...base, ...newHistory(draft, snapshot, epoch)]);
  const created = epoch ?? history.findLast((row) => row.created !== undefined)?.created;
  const { os, architecture, variant } = draft.platform;
  const config: ImageConfig = {
    architecture,
    ...(draft.author !== undefined && draft.author !== '' && { author: draft.author }),
    config: orderedConfig(configOf(draft), options.labels),
    ...(created !== undefined && { created }),
    history,
    os,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    ...(variant !== undefined && { variant }),
  };
  const configBytes = utf8(JSON.stringify(config));
  const digest = digestOf(platform, configBytes);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA.ociManifest,
    config: { mediaType: MEDIA.ociConfig, digest, size: configBytes.length },
    layers: layers.map(({ descriptor }) => descriptor),
  };
  const manifestBytes = utf8(JSON.stringify(manifest));
  return {
    config,
    configBytes,
    manifest,
    manifestBytes,
    layerSizes: layers.map(({ size }) => size),
    lines: [...base.map(() => null), ...draft.lines],
  };
}

function missing(): never {
  throw new Error('a layer of the image was not kept');
}

function newHistory(
  draft: Draft,
  { results }: Snapshot,
  epoch: string | undefined,
): readonly HistoryEntry[] {
  let step = 0;
  return draft.rows.map(({ createdBy, fromStep }) => {
    const result = fromStep ? results[step++] : undefined;
    const created = epoch ?? result?.created;
    return {
      ...(created !== undefined && { created }),
      created_by: createdBy,
      comment: HISTORY_COMMENT,
      ...(!result && { empty_layer: true }),
    };
  });
}

/** A base image whose history does not fit its layers gets rows for what is missing, as in Docker. */
function pairHistory(
  history: readonly HistoryEntry[],
  layers: readonly StepLayer[],
): readonly HistoryEntry[] {
  let surplus = history.filter((row) => row.empty_layer !== true).length - layers.length;
  if (surplus < 0) {
    const comment = 'buildkit.exporter.image.v0';
    return [...history, ...Array.from({ length: -surplus }, () => ({ comment }))];
  }
  return history.map((row) => {
    if (row.empty_layer === true || surplus === 0) return row;
    surplus--;
    return { ...row, empty_layer: true };
  });
}

/** Rows without a time get the one before them; those before the first new layer, that layer's. */
function withTimes(history: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const gap = history.findIndex((row) => row.created === undefined);
  if (gap < 0) return history;
  const next = history.slice(gap).find((row) => row.created !== undefined);
  const before = history.slice(0, gap).findLast((row) => row.created !== undefined);
  let created = next?.created ?? before?.created;
  return history.map((row, index) => {
    if (row.created !== undefined) {
      if (index > gap) created = row.created;
      return row;
    }
    return created === undefined ? row : { created, ...row };
  });
}

/** Keys in Docker's order, empty ones left out as Docker leaves them out. */
function orderedConfig(
  config: ContainerConfig,
  labels: Readonly<Record<string, string>>,
): ContainerConfig {
  const all = { ...config.Labels, ...labels };
  const { User, ExposedPorts, Env, Entrypoint, Cmd, Volumes, WorkingDir } = config;
  const { StopSignal, ArgsEscaped, Healthcheck, OnBuild, Shell } = config;
  return {
    ...(User !== undefined && User !== '' && { User }),
    ...(hasKeys(ExposedPorts) && { ExposedPorts: sorted(ExposedPorts) }),
    ...(Env && { Env }),
    ...(hasItems(Entrypoint) && { Entrypoint }),
    ...(hasItems(Cmd) && { Cmd }),
    ...(hasKeys(Volumes) && { Volumes: sorted(Volumes) }),
    ...(WorkingDir !== undefined && WorkingDir !== '' && { WorkingDir }),
    ...(hasKeys(all) && { Labels: sorted(all) }),
    ...(StopSignal !== undefined && StopSignal !== '' && { StopSignal }),
    ...(ArgsEscaped === true && { ArgsEscaped }),
    ...(Healthcheck && { Healthcheck }),
    ...(hasItems(OnBuild) && { OnBuild }),
    ...(hasItems(Shell) && { Shell }),
  };
}

function hasItems<T>(list: readonly T[] | null | undefined): list is readonly T[] {
  return list !== null && list !== undefined && list.length > 0;
}

function hasKeys<T>(
  record: Readonly<Record<string, T>> | null | undefined,
): record is Record<string, T> {
  return record !== null && record !== undefined && Object.keys(record).length > 0;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
