import { describe, expect, it } from 'vitest';
import type { StandIn, StandInFamily } from './stand-ins.ts';
import { BASES, PROGRAM_BYTES, weightOf } from './weight.ts';

const SIZES = {
  'docker.io/library/debian:trixie-slim': 79_000_000,
  'gcr.io/distroless/cc-debian13:latest': 26_000_000,
  'gcr.io/distroless/base-debian13:latest': 22_000_000,
  'gcr.io/distroless/base-nossl-debian13:latest': 14_000_000,
  'gcr.io/distroless/static-debian13:latest': 2_000_000,
};

function family(sizes: Readonly<Record<string, number>>): StandInFamily {
  const images = Object.entries(sizes).map(([reference, size]): StandIn => ({
    id: reference,
    references: [reference],
    differs: [],
    user: '',
    entrypoint: [],
    command: [],
    built: { sizes: { '386': size }, layers: [], packages: [] },
  }));
  return { id: 'f', title: 'F', upstream: 'https://example.org', images };
}

describe('the picture of an image that loses its weight', () => {
  it('has parts that add up to each base and the program', () => {
    const weight = weightOf([family(SIZES)]);
    expect(weight?.total).toEqual({
      debian: 79_000_000 + PROGRAM_BYTES,
      cc: 26_000_000 + PROGRAM_BYTES,
      base: 22_000_000 + PROGRAM_BYTES,
      static: 2_000_000 + PROGRAM_BYTES,
      scratch: PROGRAM_BYTES,
    });
  });

  it('gets lighter from base to base', () => {
    const total = weightOf([family(SIZES)])?.total;
    const inOrder = BASES.map((base) => total?.[base] ?? 0);
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => b - a));
  });

  it('is not there without the images that it is made of', () => {
    expect(weightOf([])).toBeUndefined();
  });
});
