/** Which part of the Debian archive a suite lives in; the machine's own configuration says where that is. */
export type Archive = 'main' | 'security';

export interface Suite {
  readonly name: string;
  readonly archive: Archive;
  /** Without it there is nothing to work with; the others are left out, with a line, when they fail. */
  readonly required: boolean;
}

/** A release of Debian whose packages the project takes. */
export type Release = 'trixie' | 'bookworm';

/** The suites of each release. `bookworm` is there for its 32-bit kernel, the last one Debian made. */
export const SUITES: Readonly<Record<Release, readonly Suite[]>> = {
  trixie: suitesOf('trixie'),
  bookworm: suitesOf('bookworm'),
};

function suitesOf(codename: string): readonly Suite[] {
  return [
    { name: codename, archive: 'main', required: true },
    { name: `${codename}-updates`, archive: 'main', required: false },
    { name: `${codename}-security`, archive: 'security', required: false },
  ];
}
