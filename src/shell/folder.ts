import type { HostFiles } from '../engine/docker/session.ts';
import type { Links } from './paths.ts';

/**
 * What is at /workspace in the guest, as `docker` typed there reaches it: a folder of the host's, or
 * the page's. Sources are relative to its root, '' is the root itself.
 */
export interface SharedFolder extends Links {
  /** Its files; paths are sources, and '.' is the root. What takes long ends with `signal`. */
  files(signal: AbortSignal): HostFiles;
  /** Of a source that `placeOf` gave, which has no symlink in it. */
  kind(source: string): Promise<'file' | 'dir' | 'none'>;
  /** With those above it. */
  makeDirectory(source: string): Promise<void>;
}
