import { closeSync, fsync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { OpenFile } from '../../machine/files/node.ts';

const synced = promisify(fsync);

/** An open file of the host, by its descriptor. */
export function openHostFile(descriptor: number, closed: () => void): OpenFile {
  return {
    read(offset, into) {
      let at = 0;
      while (at < into.length) {
        const got = readSync(descriptor, into, at, into.length - at, offset + at);
        if (got === 0) break;
        at += got;
      }
      return at;
    },
    write(offset, bytes) {
      let at = 0;
      while (at < bytes.length) {
        at += writeSync(descriptor, bytes, at, bytes.length - at, offset + at);
      }
      return at;
    },
    sync: () => synced(descriptor),
    close() {
      closed();
      closeSync(descriptor);
    },
  };
}
