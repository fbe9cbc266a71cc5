import type { Image } from '../engine.ts';
import type { Verdict } from '../check.ts';

/** What an image says a container should be, with nothing left out or null. */
export interface Facts {
  /** As written; '' for root by default. */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** `/` when the image says nothing. */
  readonly workingDir: string;
  /** `['CMD', …]`, `['CMD-SHELL', '…']`; undefined without one and for `NONE`. */
  readonly healthcheck: readonly string[] | undefined;
  /** As written, `SIGINT` or `2`; '' when the image says nothing. */
  readonly stopSignal: string;
  /** `5000/tcp`. */
  readonly ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The image's config, normalised: engines leave out or null different fields. */
export function factsOf(image: Image): Facts {
  throw new Error('not written');
}

/**
 * The container's process is not root: a number but 0, or a name that etc/passwd of the image gives
 * such a number. With `numeric`, only a number passes, as Kubernetes' `runAsNonRoot` wants it.
 */
export async function nonroot(
  image: Image,
  options: { readonly numeric?: boolean } = {},
): Promise<Verdict> {
  throw new Error('not written');
}

/** The user is `uid`, by number or by a name of the image's etc/passwd. */
export async function userIs(image: Image, uid: number): Promise<Verdict> {
  throw new Error('not written');
}

/** ENTRYPOINT is exactly this, in exec form; `[]` for none. Prefer `argvResolves` where several are right. */
export function entrypointIs(image: Image, entrypoint: readonly string[]): Verdict {
  throw new Error('not written');
}

/** CMD is exactly this; `[]` for none. */
export function cmdIs(image: Image, cmd: readonly string[]): Verdict {
  throw new Error('not written');
}

/** The variable is there, with this value when one is given. */
export function envIs(image: Image, name: string, value?: string): Verdict {
  throw new Error('not written');
}

/** No variable of this name is baked into the image. */
export function envAbsent(image: Image, name: string): Verdict {
  throw new Error('not written');
}

export function workingDirIs(image: Image, path: string): Verdict {
  throw new Error('not written');
}

/** STOPSIGNAL by name or number: `SIGINT`, `INT` and `2` are the same. */
export function stopSignalIs(image: Image, signal: string): Verdict {
  throw new Error('not written');
}

/** There is a HEALTHCHECK in exec form and its program can be started in this image. */
export async function healthcheckResolves(image: Image): Promise<Verdict> {
  throw new Error('not written');
}
