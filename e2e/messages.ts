import type { OciPlatform } from '../src/engine/oci/image.ts';
import type { WireEntry } from './wire-entry.ts';

/** What a page asks of the worker; the answer to `run` is an Outcome, to the others nothing. */
export type Message =
  | { readonly kind: 'open'; readonly pantry: string; readonly platform: OciPlatform }
  /** Puts a folder of this name among the files that commands see. */
  | { readonly kind: 'folder'; readonly path: string; readonly entries: readonly WireEntry[] }
  | { readonly kind: 'run'; readonly args: readonly string[]; readonly stdin?: string };

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  /** Empty when it is longer than text for people is: then the digest has to do. */
  readonly stdout: string;
  readonly stdoutDigest: string;
  readonly stdoutSize: number;
  readonly stderr: string;
}
