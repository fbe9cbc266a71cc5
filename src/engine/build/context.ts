import type { FileTree } from '../layer/tree.ts';

/**
 * Port: where a build's files come from, before `.dockerignore`. The tree is a snapshot: it does
 * not change while the build reads it (an adapter fails with `context-changed` if it would).
 * Owners in it are 0:0, as Docker sees a context.
 */
export interface BuildContext {
  readonly tree: FileTree;
}
