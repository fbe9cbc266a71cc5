import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { portablePlatform } from '../../engine/portable.ts';
import { describeStore } from '../../engine/store/contract.ts';
import { openBrowserStore } from './browser-store.ts';
import { type Database, openDatabase, transact } from './indexed-db.ts';
import { browserBlobs } from './blobs.ts';
import { browserRecords } from './records.ts';

const platform = portablePlatform({ now: () => 0, randomHex: (digits) => '0'.repeat(digits) });
let count = 0;

// Under Node: its own Web Locks, and an IndexedDB in memory. In a real browser: e2e/.
describeStore('the store in a browser', async () => {
  const given = { name: `store ${count++}`, databases: new IDBFactory(), locks: navigator.locks };
  return {
    store: await openBrowserStore(platform, given),
    reopen: () => openBrowserStore(platform, given),
  };
});

describe('the store in a browser', () => {
  it('finds a blob that was damaged, and gives nothing of it', async () => {
    const databases = new IDBFactory();
    const open = () =>
      openBrowserStore(platform, { name: 'damaged', databases, locks: navigator.locks });
    const { digest } = await (await open()).blobs.put(utf8('whole'));
    const database = await openDatabase(databases, 'damaged', []);
    await transact<true>(database, 'blobs', 'readwrite', (objects, done) => {
      done(true);
      objects.put(new Blob(['broken']), digest);
    });
    const blob = await (await open()).blobs.open(digest);
    await expect(blob?.read(0, 3)).rejects.toMatchObject({ code: 'blob-corrupt' });
  });

  it('says when there is no space', async () => {
    const database = await openDatabase(new IDBFactory(), 'full', ['blobs', 'records']);
    const full = withoutSpace(database);
    const records = browserRecords(full);
    for (const write of [
      () => browserBlobs(full, platform).put(utf8('a')),
      () => records.update('images', 'index', () => 1),
    ]) {
      await expect(write()).rejects.toMatchObject({ code: 'store-full' });
    }
    expect(await records.get('images', 'index')).toBeUndefined();
  });
});

/** Every transaction that writes is aborted, as a browser does whose disk or quota is used up. */
function withoutSpace(database: Database): Database {
  const error = Object.assign(new Error('full'), { name: 'QuotaExceededError' });
  return Object.assign(Object.create(database) as Database, {
    transaction(...parameters: Parameters<Database['transaction']>) {
      const made = database.transaction(...parameters);
      if (parameters[1] === 'readwrite') {
        queueMicrotask(() => {
          Object.defineProperty(made, 'error', { value: error });
          made.abort();
        });
      }
      return made;
    },
  });
}
