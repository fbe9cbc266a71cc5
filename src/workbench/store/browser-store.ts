import type { Platform } from '../../engine/platform.ts';
import type { Store } from '../../engine/store/port.ts';
import { BLOBS, browserBlobs } from './blobs.ts';
import { browserHolds, type Locks } from './holds.ts';
import { type IndexedDatabases, openDatabase } from './indexed-db.ts';
import { browserRecords, RECORDS } from './records.ts';

/**
 * The engine's store in the browser, for all tabs of the site: blobs and records in one IndexedDB
 * database (its transactions are atomic between tabs and survive a tab that is closed), holds as
 * Web Locks. Rejects with what IndexedDB says where a browser keeps nothing for the site.
 */
export async function openBrowserStore(
  platform: Platform,
  given: { readonly name: string; readonly databases: IndexedDatabases; readonly locks: Locks },
): Promise<Store> {
  const database = await openDatabase(given.databases, given.name, [BLOBS, RECORDS]);
  return {
    blobs: browserBlobs(database, platform),
    records: browserRecords(database),
    holds: browserHolds(given.locks, given.name),
  };
}
