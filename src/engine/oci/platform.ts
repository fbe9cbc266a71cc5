import { EngineError } from '../errors.ts';
import type { OciPlatform } from './image.ts';

const ARCHITECTURES: ReadonlyMap<string, OciPlatform> = new Map(
  Object.entries({
    x86_64: { os: 'linux', architecture: 'amd64' },
    'x86-64': { os: 'linux', architecture: 'amd64' },
    i386: { os: 'linux', architecture: '386' },
    i686: { os: 'linux', architecture: '386' },
    aarch64: { os: 'linux', architecture: 'arm64' },
    armhf: { os: 'linux', architecture: 'arm', variant: 'v7' },
  }),
);

/** What Docker knows by itself; `linux/anything` is taken as written, as there. */
const KNOWN = new Set(
  '386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm'.split(
    ' ',
  ),
);

/** `linux/amd64`, `linux/arm/v7`, or an architecture alone. Throws EngineError `platform-invalid`. */
export function parsePlatform(text: string): OciPlatform {
  const parts = text.toLowerCase().split('/');
  if (!parts.every((part) => /^[a-z0-9_-]+$/.test(part)) || parts.length > 3) {
    throw new EngineError(
      'platform-invalid',
      `failed to parse platform ${text}: ${JSON.stringify(text)} is an invalid OS component`,
      { hint: HINT },
    );
  }
  const [first = '', second, variant] = parts;
  if (second === undefined) {
    if (first === 'linux') return { os: 'linux', architecture: 'amd64' };
    const known = ARCHITECTURES.get(first);
    if (known) return known;
    if (KNOWN.has(first)) return { os: 'linux', architecture: first };
    throw new EngineError(
      'platform-invalid',
      `${JSON.stringify(text)}: unknown operating system or architecture: invalid argument`,
      { hint: HINT },
    );
  }
  const known = ARCHITECTURES.get(second) ?? { os: first, architecture: second };
  // arm64/v8 is arm64.
  const isPlain = known.architecture === 'arm64' && variant === 'v8';
  return { ...known, os: first, ...(variant !== undefined && !isPlain && { variant }) };
}

const HINT = 'A platform looks like linux/amd64 or linux/arm/v7.';

/** `linux/386`, `linux/arm/v7`: the opposite of `parsePlatform`. */
export function platformName({ os, architecture, variant }: OciPlatform): string {
  return [os, architecture, variant].filter((part) => part !== undefined).join('/');
}

/** The platform of an image config, or of anything else that has one among other things. */
export function platformOf({ os, architecture, variant }: OciPlatform): OciPlatform {
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

/** Whether an image for `actual` answers a request for `wanted`; a variant counts when it was asked for. */
export function matchesPlatform(actual: OciPlatform, wanted: OciPlatform): boolean {
  return (
    actual.os === wanted.os &&
    actual.architecture === wanted.architecture &&
    (wanted.variant === undefined || wanted.variant === actual.variant)
  );
}
