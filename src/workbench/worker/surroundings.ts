import type { Surroundings } from './bench.ts';

/** One of everything per site, whatever tab. */
const NAME = 'semdistro';

/** What this browser has; a private window or an old one may have less. */
export async function openSurroundings(): Promise<Surroundings> {
  // The compiler takes it for granted that everything is there.
  const has = (what: string): boolean => Reflect.get(globalThis, what) !== undefined;
  const locks = Reflect.get(navigator, 'locks') as LockManager | undefined;
  return {
    name: NAME,
    fetch: (url, init) => fetch(url, init),
    kept: has('caches') ? await openCache() : undefined,
    databases: has('indexedDB') ? indexedDB : undefined,
    locks,
    wasm: has('WebAssembly'),
    channel: (name) => new BroadcastChannel(name),
  };
}

async function openCache(): Promise<Cache | undefined> {
  try {
    return await caches.open(NAME);
  } catch {
    // Some browsers have it and refuse it in a private window.
    return undefined;
  }
}
