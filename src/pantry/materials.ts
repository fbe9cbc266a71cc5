import type { Entry } from '../engine/layer/entry.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type { LayerPlan } from './layer-plan.ts';
import type { Deb } from './packages/deb.ts';
import type { NpmRecipe } from './recipe.ts';

/** What the making of layers needs from outside. */
export interface Materials {
  /** A package's file, read. */
  deb(name: string): Promise<Deb>;
  /** The entries that a recipe takes from a package of the npm registry. */
  npm(recipe: NpmRecipe): Promise<readonly Entry[]>;
  /** Layers that are made already, stacked. */
  tree(layers: readonly LayerPlan[]): Promise<FileTree>;
  /** A folder that is empty, to be removed by whoever asked for it. */
  scratch(): Promise<string>;
}
