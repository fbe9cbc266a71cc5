import type { Engine } from '../../engine/engine.ts';
import { findImage } from '../../engine/images/find.ts';
import { openImage } from '../../engine/images/open.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import type { Platform } from '../../engine/platform.ts';

/** What two engines must agree on about an image: everything but times and the names of things. */
export interface ImageDescription {
  readonly config: unknown;
  readonly history: readonly unknown[];
  /** Per layer, a line per file: type, mode, owner, size, path, target, content. */
  readonly layers: readonly (readonly string[])[];
}

/** Describes an image of an engine's store. */
export async function describeImage(engine: Engine, name: string): Promise<ImageDescription> {
  const image = await openImage(engine, await findImage(engine, name));
  const { architecture, os, config, author } = image.config;
  const layers = await image.layers();
  return {
    config: { architecture, os, author, ...withoutEmpty(config) },
    history: image.config.history.map(({ created_by, empty_layer, comment, author }) =>
      withoutEmpty({ created_by, empty_layer, comment, author }),
    ),
    layers: await Promise.all(
      layers.map(async ({ entries }) => {
        const lines = await Promise.all(entries.map((entry) => line(engine.platform, entry)));
        return lines.sort();
      }),
    ),
  };
}

/** Docker writes `null`, an empty string or nothing for what is not set; all mean the same. */
function withoutEmpty(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && value !== undefined && value !== '' && value !== false,
    ),
  );
}

async function line(platform: Platform, entry: Entry): Promise<string> {
  const { type, mode, uid, gid, size, path, target } = entry;
  // Of what is removed, and of symlinks, the mode says nothing.
  const hasMode = type !== 'symlink' && type !== 'whiteout' && type !== 'opaque';
  const permissions = hasMode ? mode.toString(8).padStart(4, '0') : '----';
  const words = [type, permissions, `${uid}:${gid}`, size, JSON.stringify(path)];
  if (target !== undefined) words.push('->', target);
  if (entry.content && type === 'file') {
    const hasher = platform.sha256();
    for await (const chunk of entry.content.stream()) hasher.update(chunk);
    words.push(hasher.hex().slice(0, 16));
  }
  return words.join(' ');
}
