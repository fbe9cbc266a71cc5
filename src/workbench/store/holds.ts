import type { Holds } from '../../engine/store/port.ts';

/** The part of the Web Locks API that is used; `navigator.locks` is one. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    work: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** Holds as locks of the site, which the browser frees when the tab that has them is gone. */
export function browserHolds(locks: Locks, prefix: string): Holds {
  const nameOf = (name: string): string => `${prefix} ${name}`;
  return {
    take: (name) =>
      new Promise((resolve, reject) => {
        let over: Promise<unknown> = Promise.resolve();
        const work = (lock: unknown): Promise<void> => {
          if (lock === null) {
            resolve(undefined);
            return Promise.resolve();
          }
          return new Promise((end) => {
            const release = async (): Promise<void> => {
              end();
              await over;
            };
            resolve({ release });
          });
        };
        over = locks.request(nameOf(name), { ifAvailable: true }, work);
        over.catch(reject);
      }),
    async isTaken(name) {
      const { held = [] } = await locks.query();
      return held.some((lock) => lock.name === nameOf(name));
    },
  };
}
