import type { ByteStream } from '../bytes.ts';
import type { Session } from '../docker/session.ts';
import type { ImageRecord } from '../images/record.ts';
import { saveImages } from '../images/save.ts';
import { layerTar } from '../layer/write.ts';
import { platformOf } from '../oci/platform.ts';
import type { OutputSpec } from './output-spec.ts';
import type { BuildResult } from './request.ts';
import { entriesOfTree } from './tree-entries.ts';

/** Writes the result of a build where one `--output` wants it; nothing for the image store. */
export async function writeOutput(
  session: Session,
  output: OutputSpec,
  result: BuildResult,
  names: readonly string[],
): Promise<void> {
  const { dest } = output;
  if (dest === undefined) return;
  switch (output.type) {
    case 'local':
      await session.files.writeTree(dest, await result.tree());
      return;
    case 'tar':
      await send(session, dest, layerTar(entriesOfTree(await result.tree())));
      return;
    case 'oci':
    case 'docker':
      await send(session, dest, await archive(session, result, names));
      return;
    case 'image':
      return;
  }
}

async function send(session: Session, dest: string, bytes: ByteStream): Promise<void> {
  if (dest !== '-') {
    await session.files.write(dest, bytes);
    return;
  }
  for await (const chunk of bytes) {
    session.signal.throwIfAborted();
    session.stdout.write(chunk);
    await session.stdout.drain();
  }
}

/** The image is written out without being listed: its documents are in the store until garbage is collected. */
async function archive(
  { engine }: Session,
  result: BuildResult,
  names: readonly string[],
): Promise<ByteStream> {
  const { blobs } = engine.store;
  await blobs.put(result.configBytes);
  const manifest = {
    mediaType: result.manifest.mediaType,
    ...(await blobs.put(result.manifestBytes)),
  };
  const record: ImageRecord = {
    id: result.id,
    manifest,
    platform: platformOf(result.config),
    names,
    digests: [],
    size: 0,
    layerSizes: [],
    labels: {},
    tagged: new Date(engine.platform.now()).toISOString(),
  };
  return saveImages(engine, [{ record, names }]);
}
