import type { Engine } from '../engine/engine.ts';
import type { ImageSource, SourcedImage } from '../engine/images/source.ts';
import type { OciPlatform } from '../engine/oci/image.ts';
import { canonicalName } from '../engine/oci/reference.ts';
import { file } from './entries.ts';
import { addTestImage, emptyEngine } from './images.ts';
import { runDocker } from './session.ts';

const LINUX: OciPlatform = { os: 'linux', architecture: 'amd64' };

/** Runs `docker LINE`; words are parted by single spaces. */
export async function runLine(
  engine: Engine,
  line: string,
): Promise<{ code: number; out: string; err: string }> {
  const { code, text, stderr } = await runDocker(engine, line.split(' '));
  return { code, out: text, err: stderr };
}

/** An engine that can pull what another one holds: two stand-ins of distroless, and a `node:24`. */
export async function withPantry(differs: readonly string[] = ['It is older.']): Promise<Engine> {
  const pantry = emptyEngine();
  const names = ['gcr.io/distroless/static:latest', 'gcr.io/distroless/static:debug', 'node:24'];
  const images: SourcedImage[] = [];
  for (const [index, name] of names.entries()) {
    const record = await addTestImage(pantry, name, {
      rows: [{ by: 'x', entries: [file('a', String(index))] }],
    });
    images.push({
      reference: record.names[0] ?? '',
      platform: LINUX,
      manifest: record.manifest,
      standIn: { standsInFor: name, differs: index === 2 ? ['Node is 20, and not 24.'] : differs },
    });
  }
  const source: ImageSource = {
    name: 'pantry',
    blobs: pantry.store.blobs,
    list: async () => images,
    resolve: async (ref, platform) =>
      images.find(
        (image) =>
          image.reference === canonicalName(ref) &&
          image.platform.architecture === platform.architecture,
      ),
  };
  return { ...emptyEngine(), sources: [source] };
}
