import {
  type Database,
  type IndexedDatabases,
  type ObjectStore,
  openDatabase,
  transact,
} from '../store/indexed-db.ts';
import { storeError } from '../store/store-error.ts';
import type { KeptFile, KeptFiles } from './kept.ts';

const FILES = 'files';
const STATE = 'state';

/**
 * What the workbench keeps in the browser besides the engine's store: the files of each lab, and
 * small documents. Every change is made whole or not at all, and survives a kill when it resolves;
 * without space it rejects with EngineError `store-full`.
 */
export interface Storage {
  /** Of a lab, parents before what is in them. */
  files(slug: string): Promise<KeptFiles>;
  /** Undefined: it is gone. */
  save(slug: string, changes: ReadonlyMap<string, KeptFile | undefined>): Promise<void>;
  /** Everything that was kept of a lab goes, and this comes. */
  replace(slug: string, files: KeptFiles): Promise<void>;
  document(key: string): Promise<unknown>;
  /** `change` is called within a transaction that other tabs wait for. */
  update(key: string, change: (old: unknown) => unknown): Promise<void>;
  close(): void;
}

/** Rejects with what IndexedDB says where a browser keeps nothing for the site. */
export async function openStorage(databases: IndexedDatabases, name: string): Promise<Storage> {
  const database = await openDatabase(databases, `${name} workbench`, [FILES, STATE]);
  const keyOf = (slug: string, path: string): string => `${slug}/${path}`;
  return {
    files: async (slug) => {
      const prefix = keyOf(slug, '');
      const found = new Map<string, KeptFile>();
      await transact<true>(database, FILES, 'readonly', (objects, done) => {
        keysWith(objects, prefix, (keys) => {
          done(true);
          for (const key of keys) {
            const request = objects.get(key);
            request.onsuccess = () => {
              if (isKept(request.result)) found.set(key.slice(prefix.length), request.result);
            };
          }
        });
      });
      // A path is longer than that of its folder, and begins with it.
      return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    save: (slug, changes) =>
      written(database, FILES, (objects, done) => {
        done(true);
        for (const [path, file] of changes) {
          if (file) objects.put(file, keyOf(slug, path));
          else objects.delete(keyOf(slug, path));
        }
      }),
    replace: (slug, files) =>
      written(database, FILES, (objects, done) => {
        keysWith(objects, keyOf(slug, ''), (keys) => {
          done(true);
          for (const key of keys) objects.delete(key);
          for (const [path, file] of files) objects.put(file, keyOf(slug, path));
        });
      }),
    document: (key) =>
      transact<unknown>(database, STATE, 'readonly', (objects, done) => {
        const request = objects.get(key);
        request.onsuccess = () => {
          done(request.result);
        };
      }),
    update: (key, change) =>
      written(database, STATE, (objects, done, fail) => {
        const request = objects.get(key);
        request.onsuccess = () => {
          try {
            objects.put(change(request.result), key);
            done(true);
          } catch (error) {
            fail(error);
          }
        };
      }),
    close: () => {
      database.close();
    },
  };
}

async function written(
  database: Database,
  store: string,
  work: (objects: ObjectStore, done: (value: true) => void, fail: (error: unknown) => void) => void,
): Promise<void> {
  try {
    await transact<true>(database, store, 'readwrite', work);
  } catch (error) {
    throw storeError(error);
  }
}

function keysWith(
  objects: ObjectStore,
  prefix: string,
  then: (keys: readonly string[]) => void,
): void {
  const request = objects.getAllKeys();
  request.onsuccess = () => {
    const names = request.result.filter((key) => typeof key === 'string');
    then(names.filter((key) => key.startsWith(prefix)));
  };
}

/** Only this module writes there; what an older one of it wrote may differ. */
function isKept(value: unknown): value is KeptFile {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'dir') return true;
  if (value.kind === 'symlink') return 'target' in value;
  return value.kind === 'file' && 'bytes' in value && value.bytes instanceof Uint8Array;
}
