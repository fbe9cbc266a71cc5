import type { Engine } from '../engine.ts';
import { openDocuments } from '../images/open.ts';
import { sizeOnDisk } from '../layer/write.ts';
import type { ContainerRecord } from './record.ts';
import { containerChanges } from './roots.ts';

/** What `docker ps -s` shows: bytes that a container wrote, and those with its image's below. */
export async function containerSize(
  engine: Engine,
  record: ContainerRecord,
): Promise<{ readonly own: number; readonly total: number }> {
  const own = sizeOnDisk(await containerChanges(engine, record));
  const image = await openDocuments(engine, { id: record.image, manifest: record.manifest });
  const below = (await image.layers()).reduce((sum, { size }) => sum + size, 0);
  return { own, total: own + below };
}
