import type { PackedLab } from '../../labs/packed.ts';
import type { Verifier } from '../../verify/check.ts';

// A place of its own for what only a bundler can do: each is a chunk that comes when it is asked for.

/** Every lab as data, by the path of its lab.yaml: see src/curriculum/lab-modules.ts. */
export const packed = import.meta.glob<PackedLab>('../../../labs/*/lab.yaml', {
  query: '?lab',
  import: 'default',
});

/** Their checks; tsc sees to it that they are some. */
export const verifiers = import.meta.glob<Verifier>('../../../labs/*/verify.ts', {
  import: 'default',
});
