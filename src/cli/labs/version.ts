import { createHash } from 'node:crypto';
import type { Lab } from '../../labs/lab.ts';

/** Names what `start` gives out: it changes when the files do, or the values drawn for them. */
export function versionOf({ start, manifest }: Lab): string {
  const hash = createHash('sha256');
  const add = (...parts: readonly (string | Uint8Array)[]): void => {
    for (const part of parts) hash.update(`${part.length}:`).update(part);
  };
  for (const [path, { bytes, executable }] of [...start].sort(([a], [b]) => (a < b ? -1 : 1))) {
    add(path, executable ? 'x' : '-', bytes);
  }
  add(JSON.stringify(Object.entries(manifest.nonce).filter(([, { per }]) => per === 'start')));
  add(JSON.stringify(manifest.templates));
  return hash.digest('hex').slice(0, 16);
}
