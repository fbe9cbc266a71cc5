import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { diskError } from './disk-error.ts';

/** A folder of `.deb` files named by the SHA-256 of their bytes; what is in it has been verified. */
export interface PackageCache {
  readonly directory: string;
  /** Where a file with this hash is, or undefined. Size is compared, the hash is not computed again. */
  find(sha256: string, size: number): Promise<string | undefined>;
  /**
   * Moves a complete file from the same filesystem into the cache. Rejects with `package-corrupt`,
   * and removes the file, when its bytes do not have this hash.
   */
  adopt(file: string, sha256: string): Promise<string>;
}

export function packageCache(directory: string): PackageCache {
  const place = (sha256: string): string => join(directory, `${sha256}.deb`);
  return {
    directory,
    async find(sha256, size) {
      const path = place(sha256);
      const found = await stat(path).catch(() => undefined);
      return found?.isFile() === true && found.size === size ? path : undefined;
    },
    async adopt(file, sha256) {
      const actual = await hashFile(file);
      if (actual !== sha256) {
        await unlink(file);
        throw new EngineError(
          'package-corrupt',
          `${file} has SHA-256 ${actual}, the index says ${sha256}`,
          { hint: 'The download was damaged on its way: run the command again.' },
        );
      }
      try {
        await mkdir(directory, { recursive: true });
        await rename(file, place(sha256));
      } catch (error) {
        throw diskError(error, directory);
      }
      return place(sha256);
    },
  };
}

/** SHA-256 of a file, in lower-case hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array); // a stream without encoding yields bytes
  return hash.digest('hex');
}
