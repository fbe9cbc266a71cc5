/** Bytes lately used, by key, never more than a budget of them. */
export interface ByteCache {
  get(key: string): Uint8Array | undefined;
  set(key: string, bytes: Uint8Array): void;
  /** Drops what is kept under every key that begins so. */
  drop(start: string): void;
}

/** `budget` in bytes; what alone is larger is not kept. It hands out what it was given, no copies. */
export function byteCache(budget: number): ByteCache {
  // A Map remembers the order of insertion: the first key is the one used longest ago.
  const held = new Map<string, Uint8Array>();
  let total = 0;
  const drop = (key: string): void => {
    total -= held.get(key)?.length ?? 0;
    held.delete(key);
  };
  return {
    get(key) {
      const bytes = held.get(key);
      if (bytes) {
        held.delete(key);
        held.set(key, bytes);
      }
      return bytes;
    },
    set(key, bytes) {
      drop(key);
      if (bytes.length > budget) return;
      held.set(key, bytes);
      total += bytes.length;
      for (const oldest of held.keys()) {
        if (total <= budget) return;
        drop(oldest);
      }
    },
    drop(start) {
      for (const key of held.keys()) if (key.startsWith(start)) drop(key);
    },
  };
}
