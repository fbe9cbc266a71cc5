/** The part of the Cache API that forgetting uses; `await caches.open(name)` is one. */
export interface ForgettableResponses {
  keys(): Promise<readonly { readonly url: string }[]>;
  delete(url: string): Promise<boolean>;
}

/** As the engine says it of a blob of the site's: `http-layout.ts`, `estargz/read.ts`. */
const DAMAGED =
  /(?:content digest|layer) sha256:([0-9a-f]{64})(?:: damaged on its way| does not hold what)/g;

/** The blobs that a message says are damaged, as hexadecimal digests. */
export function damagedBlobs(message: string): readonly string[] {
  return [...new Set(Array.from(message.matchAll(DAMAGED), ([, digest = '']) => digest))];
}

/** What was kept of a blob goes, so that it is fetched again: what came damaged would stay so. */
export async function forgetBlob(kept: ForgettableResponses, digest: string): Promise<void> {
  for (const { url } of await kept.keys()) if (url.includes(digest)) await kept.delete(url);
}
