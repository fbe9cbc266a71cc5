import type { BuiltStandIn, StandInFamily } from './stand-ins.ts';

/**
 * The home page's picture: one program on lighter and lighter bases. What a heavier base has more than
 * the next is a part of the stack; so the parts of a base add up to its size.
 */

/** The program of the picture: Go, CGO_ENABLED=0, stripped; measured on 2026-11-21. */
export const PROGRAM_BYTES = 2_200_000;

const HEAVIEST = 'docker.io/library/debian:trixie-slim';

export const BASES = ['debian', 'cc', 'base', 'static', 'scratch'] as const;
export type Base = (typeof BASES)[number];

export interface Part {
  readonly id: 'program' | 'debian' | 'cxx' | 'openssl' | 'glibc' | 'files';
  readonly bytes: number;
  /** The bases that have it. */
  readonly on: readonly Base[];
}

export interface Weight {
  /** The lowest last. */
  readonly parts: readonly Part[];
  /** With the program. */
  readonly total: Readonly<Record<Base, number>>;
  /** How many packages the heaviest base has. */
  readonly packages: number;
}

/** Undefined where the pantry has not built what it is made of. */
export function weightOf(families: readonly StandInFamily[]): Weight | undefined {
  const built = (reference: string): BuiltStandIn | undefined =>
    families
      .flatMap(({ images }) => images)
      .find(({ references }) => references.includes(reference))?.built;
  const size = (reference: string): number | undefined => built(reference)?.sizes['386'];
  const debian = size(HEAVIEST);
  const cc = size('gcr.io/distroless/cc-debian13:latest');
  const base = size('gcr.io/distroless/base-debian13:latest');
  const nossl = size('gcr.io/distroless/base-nossl-debian13:latest');
  const files = size('gcr.io/distroless/static-debian13:latest');
  if (!debian || !cc || !base || !nossl || !files) return undefined;
  const parts: readonly Part[] = [
    { id: 'program', bytes: PROGRAM_BYTES, on: BASES },
    { id: 'debian', bytes: debian, on: ['debian'] },
    { id: 'cxx', bytes: cc - base, on: ['cc'] },
    { id: 'openssl', bytes: base - nossl, on: ['cc', 'base'] },
    { id: 'glibc', bytes: nossl - files, on: ['cc', 'base'] },
    { id: 'files', bytes: files, on: ['cc', 'base', 'static'] },
  ];
  const total = (on: Base): number =>
    parts.filter((part) => part.on.includes(on)).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    parts,
    packages: built(HEAVIEST)?.packages.length ?? 0,
    total: {
      ...{ debian: total('debian'), cc: total('cc'), base: total('base') },
      ...{ static: total('static'), scratch: total('scratch') },
    },
  };
}
