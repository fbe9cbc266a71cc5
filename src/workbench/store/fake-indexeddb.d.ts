/** Its own types need those of a window; this is the part that tests use. */
declare module 'fake-indexeddb' {
  export class IDBFactory {
    open: import('./indexed-db.ts').IndexedDatabases['open'];
  }
}
