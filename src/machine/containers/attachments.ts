import type { CowTree } from '../files/cow-tree.ts';
import type { Guest } from './guest.ts';
import { mountedTree } from './mounted-tree.ts';
import type { Place } from './share.ts';

/** The writable trees that the guest can reach now; several places of one tree are one. */
export interface Attachments {
  readonly attach: (tree: CowTree) => Place;
  /** The guest is gone: trees keep what had reached them. */
  forget(): void;
}

export function createAttachments(guest: () => Guest): Attachments {
  const known = new Map<CowTree, { readonly place: Place; users: number }>();
  let forgotten = false;

  async function leave(tree: CowTree, place: Place, path: string): Promise<void> {
    // What the guest still has is brought first; only then may the tree be changed from outside.
    await mountedTree(guest(), tree, path).flush();
    const now = known.get(tree);
    if (now?.place !== place || now.users > 0) return;
    known.delete(tree);
    tree.mounted(undefined);
    place.release();
  }

  return {
    attach(tree) {
      let found = known.get(tree);
      if (!found) {
        found = { place: guest().share.writable(tree.root), users: 0 };
        known.set(tree, found);
        tree.mounted(mountedTree(guest(), tree, found.place.path));
      }
      const attachment = found;
      attachment.users += 1;
      const { place } = attachment;
      return {
        path: place.path,
        release() {
          attachment.users -= 1;
          if (attachment.users > 0 || forgotten) return;
          // A machine that ends meanwhile has the tree forgotten, by `forget`.
          leave(tree, place, place.path).catch(() => undefined);
        },
      };
    },
    forget() {
      forgotten = true;
      for (const tree of known.keys()) tree.mounted(undefined);
      known.clear();
    },
  };
}
