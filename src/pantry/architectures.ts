import type { Architecture } from './packages/port.ts';
import type { OciArchitecture } from './recipe.ts';

/** Debian's name of an architecture: `i386` for OCI's `386`. */
export function debianName(architecture: OciArchitecture): Architecture {
  return architecture === '386' ? 'i386' : architecture;
}

/** OCI's name of an architecture: `386` for Debian's `i386`. */
export function ociName(architecture: Architecture): OciArchitecture {
  return architecture === 'i386' ? '386' : architecture;
}
