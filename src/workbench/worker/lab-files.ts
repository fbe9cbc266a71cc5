/** The text of every lab's files and their verifiers, as the bundle has them: a place of its own for what only a bundler can do. */
export const texts = import.meta.glob<string>(
  [
    '../../../labs/*/lab.yaml',
    '../../../labs/*/start/**/*',
    '../../../labs/*/solution/**/*',
    '!../../../labs/*/**/node_modules/**',
  ],
  { query: '?raw', import: 'default', eager: true, exhaustive: true },
);

export const verifiers = import.meta.glob('../../../labs/*/verify.ts', {
  import: 'default',
  eager: true,
});
