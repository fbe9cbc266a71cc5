import { z } from 'zod';
import { parseDigest } from '../../engine/oci/digest.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig } from '../../engine/oci/image.ts';

const list = z.array(z.string()).nullish();
const set = z.record(z.string(), z.looseObject({})).nullish();

const configSchema = z.object({
  User: z.string().nullish(),
  ExposedPorts: set,
  Env: list,
  Entrypoint: list,
  Cmd: list,
  Volumes: set,
  WorkingDir: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  StopSignal: z.string().nullish(),
  Healthcheck: z
    .object({
      Test: list,
      Interval: z.number().optional(),
      Timeout: z.number().optional(),
      StartPeriod: z.number().optional(),
      StartInterval: z.number().optional(),
      Retries: z.number().optional(),
    })
    .nullish(),
  OnBuild: list,
  Shell: list,
});

export const inspectSchema = z.object({
  Id: z.string(),
  Created: z.string().nullish(),
  Author: z.string().nullish(),
  Architecture: z.string(),
  Variant: z.string().nullish(),
  Os: z.string(),
  Size: z.number(),
  Config: configSchema.nullish(),
  RootFS: z.object({ Layers: list }),
});

export type Inspected = z.infer<typeof inspectSchema>;

export const historySchema = z.array(
  z.object({
    Created: z.number(),
    CreatedBy: z.string().nullish(),
    Comment: z.string().nullish(),
    Size: z.number(),
  }),
);

export type HistoryRows = z.infer<typeof historySchema>;

/**
 * An image's config as the engine tells it: what is not set is left out. No engine tells which rows of
 * the history have a layer; see `withLayers`.
 */
export function imageConfig(image: Inspected, rows: HistoryRows): ImageConfig {
  const diffIds = (image.RootFS.Layers ?? []).map((id) => parseDigest(id));
  return {
    ...text('created', image.Created),
    ...text('author', image.Author),
    architecture: image.Architecture,
    os: image.Os,
    ...text('variant', image.Variant),
    config: containerConfig(image.Config ?? {}),
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: withLayers(rows, diffIds.length),
  };
}

/** The engine lists the newest first. */
function withLayers(rows: HistoryRows, layers: number): readonly HistoryEntry[] {
  const oldest = [...rows].reverse();
  const has = layerRows(oldest, layers);
  return oldest.map(({ Created, CreatedBy, Comment }, index) => ({
    created: new Date(Created * 1000).toISOString().replace('.000Z', 'Z'),
    ...text('created_by', CreatedBy),
    ...text('comment', Comment),
    ...(has[index] !== true && { empty_layer: true }),
  }));
}

const NO_LAYER =
  /^(?:\/bin\/sh -c #\(nop\) +)?(?:ENV|CMD|ENTRYPOINT|LABEL|USER|EXPOSE|ARG|VOLUME|STOPSIGNAL|HEALTHCHECK|SHELL|ONBUILD|MAINTAINER) /;

/**
 * Rows with bytes have a layer, and rows of instructions that only change the config have none. When
 * rows of other instructions are as many as the layers, that is all; else those without bytes are
 * taken from the highest down, as long as there are layers for them.
 */
function layerRows(rows: HistoryRows, layers: number): readonly boolean[] {
  const likely = rows.map(({ Size, CreatedBy }) => Size > 0 || !NO_LAYER.test(CreatedBy ?? ''));
  if (likely.filter(Boolean).length === layers) return likely;
  const has = rows.map(({ Size }) => Size > 0);
  let left = layers - has.filter(Boolean).length;
  for (let at = rows.length - 1; at >= 0 && left > 0; at--) {
    if (has[at] === true || likely[at] !== true) continue;
    has[at] = true;
    left--;
  }
  return has;
}

function containerConfig(config: z.infer<typeof configSchema>): ContainerConfig {
  const { Healthcheck, ExposedPorts, Env, Entrypoint, Cmd, Volumes, Labels, OnBuild, Shell } =
    config;
  return {
    ...text('User', config.User),
    ...(ExposedPorts && { ExposedPorts: names(ExposedPorts) }),
    ...(Env && { Env }),
    ...(Entrypoint && { Entrypoint }),
    ...(Cmd && { Cmd }),
    ...(Volumes && { Volumes: names(Volumes) }),
    ...text('WorkingDir', config.WorkingDir),
    ...(Labels && { Labels }),
    ...text('StopSignal', config.StopSignal),
    ...(Healthcheck && { Healthcheck: healthOf(Healthcheck) }),
    ...(OnBuild && OnBuild.length > 0 && { OnBuild }),
    ...(Shell && { Shell }),
  };
}

function healthOf(
  health: NonNullable<z.infer<typeof configSchema>['Healthcheck']>,
): NonNullable<ContainerConfig['Healthcheck']> {
  const { Test, Interval, Timeout, StartPeriod, StartInterval, Retries } = health;
  return {
    ...(Test && { Test }),
    ...(Interval !== undefined && { Interval }),
    ...(Timeout !== undefined && { Timeout }),
    ...(StartPeriod !== undefined && { StartPeriod }),
    ...(StartInterval !== undefined && { StartInterval }),
    ...(Retries !== undefined && { Retries }),
  };
}

function names(given: Readonly<Record<string, unknown>>): Record<string, Record<string, never>> {
  return Object.fromEntries(Object.keys(given).map((name) => [name, {}]));
}

/** A field that is '' where it is not set. */
function text<Name extends string>(
  name: Name,
  value: string | null | undefined,
): Partial<Record<Name, string>> {
  const field: Partial<Record<Name, string>> = {};
  if (value) field[name] = value;
  return field;
}
