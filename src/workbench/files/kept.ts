/** A file of a workspace, as it is kept and put back. Other kinds (pipes, sockets) are not kept. */
export type KeptFile =
  | {
      readonly kind: 'file';
      readonly bytes: Uint8Array;
      /** Permission bits. */
      readonly mode: number;
      /** Seconds since 1970, with a fraction. */
      readonly mtime: number;
    }
  | { readonly kind: 'dir'; readonly mode: number }
  | { readonly kind: 'symlink'; readonly target: string };

/** By path, parents before what is in them. */
export type KeptFiles = ReadonlyMap<string, KeptFile>;
