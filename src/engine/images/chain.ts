import { utf8 } from '../bytes.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import type { Platform } from '../platform.ts';

/** The chain ID of each layer, bottom first: the name of a layer together with all below it (OCI image-spec). */
export function chainIds(platform: Platform, diffIds: readonly Digest[]): readonly Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(platform, utf8(`${below} ${diffId}`)));
  }
  return chain;
}
