import { createHash } from 'node:crypto';
import type { Entry } from '../engine/layer/entry.ts';
import { parseDigest } from '../engine/oci/digest.ts';
import type { ContainerConfig, HistoryEntry } from '../engine/oci/image.ts';
import { EngineTrouble, type Engine, type Image } from '../verify/engine.ts';
import { verbatim } from '../verify/words.ts';
import { stack } from './trees.ts';

/** What a test says of an image: rows of its history, those with entries being layers. */
export interface ImageSpec {
  readonly on?: Image;
  readonly rows?: readonly { readonly by: string; readonly entries?: readonly Entry[] }[];
  readonly config?: ContainerConfig;
  readonly architecture?: string;
}

const digestOf = (text: string) =>
  parseDigest(`sha256:${createHash('sha256').update(text).digest('hex')}`);

/** An image as checks see one, from entries in memory. `on` gives the lower layers and nothing else. */
export async function portImage({ on, rows = [], ...spec }: ImageSpec): Promise<Image> {
  const made = rows.flatMap(({ by, entries }) =>
    entries ? [{ entries, diffId: digestOf(JSON.stringify([by, entries.map(shown)])) }] : [],
  );
  const layers = [...((await on?.layers()) ?? []), ...made];
  const history: readonly HistoryEntry[] = [
    ...(on?.config.history ?? []),
    ...rows.map(({ by, entries }) => ({ created_by: by, ...(!entries && { empty_layer: true }) })),
  ];
  const files = stack(...layers.map(({ entries }) => entries));
  return {
    id: digestOf(JSON.stringify([layers.map(({ diffId }) => diffId), history, spec])),
    config: {
      architecture: spec.architecture ?? 'amd64',
      os: 'linux',
      config: spec.config ?? {},
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => parseDigest(diffId)) },
      history,
    },
    size: () => Promise.resolve(0),
    layers: () => Promise.resolve(layers),
    files: () => Promise.resolve(files),
  };
}

const shown = ({ type, path, size, mode, target }: Entry): unknown => [
  type,
  path,
  size,
  mode,
  target,
];

/** One layer of `entries` and a config. */
export function simpleImage(
  entries: readonly Entry[],
  config: ContainerConfig = {},
  architecture = 'amd64',
): Promise<Image> {
  return portImage({ rows: [{ by: 'COPY . .', entries }], config, architecture });
}

/** An engine that knows some images and can do nothing else. */
export function engineWith(images: Readonly<Record<string, Image>>): Engine {
  const cannot = (): never => {
    throw new EngineTrouble('engine-failed', verbatim('this engine only knows images'));
  };
  return {
    kind: 'embedded',
    version: '0',
    platform: 'linux/amd64',
    image: (reference) => Promise.resolve(images[reference]),
    build: cannot,
    run: cannot,
    live: cannot,
    close: () => Promise.resolve(),
  };
}
