import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { once, utf8 } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Records, RecordSpace } from '../../engine/store/port.ts';
import { syncDirectory, writeAside, writeDurably } from './durable.ts';
import { withLock } from './file-lock.ts';
import { errnoOf, inStore } from './fs-errors.ts';
import type { Temporaries } from './temporaries.ts';

const SUFFIX = '.json';

/** Records as files `<records>/<space>/<key>.json`; one lock per space, `<locks>/<space>`. `root` is for messages. */
export function folderRecords(
  root: string,
  records: string,
  locks: string,
  temporary: Temporaries,
): Records {
  const pathOf = (space: RecordSpace, key: string): string =>
    join(records, space, fileNameOf(key) + SUFFIX);
  return {
    get: (space, key) => inStore(root, () => readRecord(pathOf(space, key))),
    update: (space, key, change) =>
      inStore(root, async () => {
        const path = pathOf(space, key);
        const spare = await temporary.next();
        const isBrief = space === 'leases';
        await withLock(join(locks, space), async () => {
          const old = await readRecord(path);
          const next = change(old);
          if (next !== undefined) {
            await mkdir(join(records, space), { recursive: true });
            const bytes = once(utf8(JSON.stringify(next)));
            await (isBrief ? writeAside : writeDurably)(spare, bytes, () => path);
          } else if (old !== undefined) {
            await rm(path, { force: true });
            if (!isBrief) await syncDirectory(join(records, space));
          }
        });
      }),
    async *keys(space) {
      const names = await inStore(root, () => listing(join(records, space)));
      const keys = names.filter((name) => name.endsWith(SUFFIX)).map(keyOf);
      yield* keys.sort();
    },
  };
}

async function readRecord(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const record: unknown = JSON.parse(text);
    return record;
  } catch (error) {
    throw new EngineError('record-corrupt', `${path} is damaged: it is not JSON`, {
      hint: 'Remove the file; the images it lists can be pulled, loaded or built again.',
      cause: error,
    });
  }
}

async function listing(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Any key as a file name that is one also where case does not count. */
function fileNameOf(key: string): string {
  if (key === '') return '%';
  const name = encodeURIComponent(key).replace(/%[0-9A-F]{2}|[^a-z0-9_-]/g, (found) =>
    found.length === 3 ? found.toLowerCase() : `%${found.charCodeAt(0).toString(16)}`,
  );
  if (name.length > 200) throw new RangeError(`record key of ${key.length} characters`);
  return name;
}

function keyOf(fileName: string): string {
  const name = fileName.slice(0, -SUFFIX.length);
  return name === '%' ? '' : decodeURIComponent(name);
}
