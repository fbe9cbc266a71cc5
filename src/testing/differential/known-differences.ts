/** Where this engine differs from Docker 26 on purpose. An entry that is no longer true fails. */
export interface KnownDifference {
  readonly case: string;
  readonly part?: 'inspect' | 'config' | 'history' | 'layers' | 'docker history';
  /** For a case that must fail: what this engine says instead. */
  readonly ours?: string;
  readonly reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    case: 'errors/duplicate-directive',
    ours: [
      'Dockerfile:2',
      '--------------------',
      '   1 |     # escape=`',
      '   2 | >>> # escape=`',
      '   3 |     FROM scratch',
      '   4 |     ',
      '--------------------',
      'ERROR: failed to solve: only one escape parser directive can be used',
    ].join('\n'),
    reason: 'Docker 26 points at the first directive; the second is the one to take out.',
  },
];
