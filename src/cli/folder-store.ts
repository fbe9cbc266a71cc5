import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { once, utf8 } from '../engine/bytes.ts';
import { MEDIA } from '../engine/oci/media-types.ts';
import type { Platform } from '../engine/platform.ts';
import type { Store } from '../engine/store/port.ts';
import { makeFolder } from '../pantry/make-folder.ts';
import { writeDurably } from './store/durable.ts';
import { folderBlobs } from './store/folder-blobs.ts';
import { folderHolds } from './store/folder-holds.ts';
import { folderRecords } from './store/folder-records.ts';
import { errnoOf, inStore } from './store/fs-errors.ts';
import { sweepTemporaries, temporaries, type Temporaries } from './store/temporaries.ts';

/**
 * Opens the store in a folder, making it when there is none. Any number of processes may have it
 * open. Its blobs lie as in an OCI image layout; the layout's own index stays empty, images are records.
 * Rejects with `store-permission`, `store-full`, `store-path` (something else is there) or `store-io`.
 *
 *     oci-layout index.json  blobs/sha256/<hex>
 *     records/<space>/<key>.json
 *     locks/<space>          tmp/<process>/<n>
 *     holds/<name>
 */
export async function openFolderStore(dir: string, platform: Platform): Promise<Store> {
  const blobs = join(dir, 'blobs', 'sha256');
  const records = join(dir, 'records');
  const locks = join(dir, 'locks');
  const holds = join(dir, 'holds');
  const tmp = join(dir, 'tmp');
  const guard = join(locks, 'tmp');
  return inStore(dir, async () => {
    for (const folder of [blobs, records, locks, holds, tmp]) makeFolder(folder);
    const temporary = temporaries(tmp, guard, platform.randomHex(16));
    await sweepTemporaries(tmp, guard);
    await writeMarkers(dir, temporary);
    return {
      blobs: folderBlobs(dir, blobs, temporary, platform),
      records: folderRecords(dir, records, locks, temporary),
      holds: folderHolds(dir, holds),
    };
  });
}

async function writeMarkers(dir: string, temporary: Temporaries): Promise<void> {
  const documents = {
    'oci-layout': { imageLayoutVersion: '1.0.0' },
    'index.json': { schemaVersion: 2, mediaType: MEDIA.ociIndex, manifests: [] },
  };
  for (const [name, document] of Object.entries(documents)) {
    const path = join(dir, name);
    if (await exists(path)) continue;
    const bytes = once(utf8(JSON.stringify(document)));
    await writeDurably(await temporary.next(), bytes, () => path);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
