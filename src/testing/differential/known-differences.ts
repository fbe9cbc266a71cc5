/** Where this engine differs from Docker 26 on purpose. An entry that is no longer true fails. */
export interface KnownDifference {
  readonly case: string;
  readonly part?: 'inspect' | 'config' | 'history' | 'layers' | 'docker history';
  /** For a case that must fail: what this engine says instead. */
  readonly ours?: string;
  readonly reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [];
