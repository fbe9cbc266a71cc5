/** The part of IndexedDB that is used, as of a window or a worker: the compiler knows Node's globals only. */
export interface IndexedDatabases {
  open(name: string, version: number): OpenRequest;
}

interface OpenRequest extends Request<Database> {
  onupgradeneeded: ((event: never) => unknown) | null;
  onblocked: ((event: never) => unknown) | null;
}

export interface Request<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
}

export interface Database {
  readonly objectStoreNames: { contains(name: string): boolean };
  createObjectStore(name: string): unknown;
  transaction(
    stores: string,
    mode: 'readonly' | 'readwrite',
    options: { readonly durability: 'strict' | 'default' },
  ): Transaction;
  close(): void;
  onversionchange: ((event: never) => unknown) | null;
}

export interface Transaction {
  objectStore(name: string): ObjectStore;
  readonly error: unknown;
  abort(): void;
  oncomplete: ((event: never) => unknown) | null;
  onabort: ((event: never) => unknown) | null;
}

export interface ObjectStore {
  get(key: string): Request<unknown>;
  put(value: unknown, key: string): Request<unknown>;
  delete(key: string): Request<unknown>;
  getAllKeys(range?: unknown): Request<readonly unknown[]>;
}

/** Opens a database, making the object stores that are missing. Rejects with what IndexedDB says. */
export function openDatabase(
  databases: IndexedDatabases,
  name: string,
  stores: readonly string[],
): Promise<Database> {
  return new Promise((resolve, reject) => {
    const request = databases.open(name, 1);
    request.onupgradeneeded = () => {
      for (const store of stores) request.result.createObjectStore(store);
    };
    request.onsuccess = () => {
      // Another tab wants to delete or upgrade it: keeping it open would block that tab for ever.
      request.result.onversionchange = () => {
        request.result.close();
      };
      resolve(request.result);
    };
    request.onerror = () => {
      reject(problem(request.error));
    };
  });
}

/**
 * One transaction over one object store. `work` makes its requests at once or from their handlers,
 * since a transaction ends when none is left. Resolves to what `work` gave to `done`, when the data is on the disk.
 */
export function transact<T>(
  database: Database,
  store: string,
  mode: 'readonly' | 'readwrite',
  work: (objects: ObjectStore, done: (value: T) => void, fail: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: 'strict' });
    let result: { readonly value: T } | undefined;
    let failure: { readonly error: unknown } | undefined;
    transaction.oncomplete = () => {
      if (result) resolve(result.value);
      else reject(new Error('a transaction ended without a result'));
    };
    transaction.onabort = () => {
      reject(failure ? problem(failure.error) : problem(transaction.error));
    };
    work(
      transaction.objectStore(store),
      (value) => {
        result = { value };
      },
      (error) => {
        failure = { error };
        transaction.abort();
      },
    );
  });
}

function problem(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}
