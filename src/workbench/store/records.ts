import type { Records } from '../../engine/store/port.ts';
import { type Database, transact } from './indexed-db.ts';
import { storeError } from './store-error.ts';

export const RECORDS = 'records';

/** Records as JSON text under `space/key`; one transaction per change, which other tabs wait for. */
export function browserRecords(database: Database): Records {
  const nameOf = (space: string, key: string): string => `${space}/${key}`;
  return {
    get: (space, key) =>
      transact<unknown>(database, RECORDS, 'readonly', (objects, done) => {
        const request = objects.get(nameOf(space, key));
        request.onsuccess = () => {
          done(parse(request.result));
        };
      }),
    async update(space, key, change) {
      const name = nameOf(space, key);
      try {
        await transact<true>(database, RECORDS, 'readwrite', (objects, done, fail) => {
          const request = objects.get(name);
          request.onsuccess = () => {
            let next: unknown;
            try {
              next = change(parse(request.result));
            } catch (error) {
              fail(error);
              return;
            }
            done(true);
            if (next === undefined) objects.delete(name);
            else objects.put(JSON.stringify(next), name);
          };
        });
      } catch (error) {
        throw storeError(error);
      }
    },
    async *keys(space) {
      const names = await transact<readonly unknown[]>(
        database,
        RECORDS,
        'readonly',
        (objects, done) => {
          const request = objects.getAllKeys();
          request.onsuccess = () => {
            done(request.result);
          };
        },
      );
      const start = nameOf(space, '');
      const keys = names.flatMap((name) =>
        typeof name === 'string' && name.startsWith(start) ? [name.slice(start.length)] : [],
      );
      yield* keys.sort();
    },
  };
}

function parse(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : undefined;
}
