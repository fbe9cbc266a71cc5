/** Debian's name of an architecture the pantry builds for. */
export type Architecture = (typeof ARCHITECTURES)[number];

export const ARCHITECTURES = ['amd64', 'arm64', 'i386'] as const;

/** Which source package a binary package was built from: what a licence's duties refer to. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
}

/** One version of one package, as the source's (verified) index describes it. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
  /** The package's own: `all` for one without machine code, whatever it was asked for. */
  readonly architecture: string;
  /** Of the `.deb` file, lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes of the `.deb` file. */
  readonly size: number;
  readonly source: SourcePackage;
  readonly section: string;
  readonly priority: string;
  /** The `Pre-Depends` and `Depends` fields as written, joined by a comma; '' for none. */
  readonly depends: string;
}

/** A package by name, in the version the source would install or in exactly this one. */
export interface PackageQuery {
  readonly name: string;
  readonly version?: string;
}

/** How far a download is: bytes of the call's whole work, not of one file. */
export interface DownloadProgress {
  readonly done: number;
  readonly total: number;
}

export interface FetchOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

export interface RefreshOptions {
  /** One line of what is going on (`trixie-updates i386`), for a progress bar. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Port: where packages come from. Whatever answers it has checked signatures before it lets a hash
 * out, so that a hash in a `PackageInfo` may be trusted as far as the archive's key.
 *
 * Errors are EngineErrors with codes `packages-*`: `packages-unavailable` (no such tool on this
 * system), `packages-network`, `packages-disk`, `packages-permission`, `packages-unknown`.
 */
export interface PackageSource {
  /**
   * Brings the indices up to date; the first call in a process does, later ones return what it
   * found. The result is one line for each part that could not be had and was left out: to be
   * shown, since versions then differ from what a complete index gives.
   */
  refresh(
    architectures: readonly Architecture[],
    options?: RefreshOptions,
  ): Promise<readonly string[]>;
  /**
   * Looks packages up, exactly these and not what they depend on. One answer per query, in its
   * order; undefined when there is no such package or not in that version.
   */
  find(
    queries: readonly PackageQuery[],
    architecture: Architecture,
  ): Promise<readonly (PackageInfo | undefined)[]>;
  /**
   * The names given and everything they need (`Depends` and `Pre-Depends`, not `Recommends`) on a
   * system with nothing installed; sorted by name. Rejects with `packages-unknown` when it cannot
   * be satisfied.
   */
  closure(names: readonly string[], architecture: Architecture): Promise<readonly string[]>;
  /** Downloads into the cache what is not there yet, verified; afterwards the cache has each one's `sha256`. */
  fetch(
    packages: readonly PackageInfo[],
    architecture: Architecture,
    options?: FetchOptions,
  ): Promise<void>;
}
