import { collect, once } from '../../engine/bytes.ts';
import { readTar } from '../../engine/tar/reader.ts';

/** The `manifest.json` of what `docker save` wrote: names of config and layers, which are their digests. */
export async function archiveManifest(archive: Uint8Array): Promise<unknown> {
  for await (const { header, content } of readTar(once(archive))) {
    if (header.name !== 'manifest.json') continue;
    return JSON.parse(new TextDecoder().decode(await collect(content())));
  }
  throw new Error('the archive has no manifest.json');
}
