import type { HistoryEntry } from '../engine/oci/image.ts';
import { parentId } from './load-recipes.ts';
import type {
  ConfigRecipe,
  DifferenceRecipe,
  Family,
  ImageRecipe,
  LayerRecipe,
  OciArchitecture,
  VariantRecipe,
  When,
} from './recipe.ts';

/** What the machine runs. */
const MACHINE_ARCHITECTURE: OciArchitecture = '386';

/** One image on one architecture, as the recipes say: parents included, exceptions applied. */
export interface ResolvedImage {
  /** `distroless/static:nonroot`: family, id and the variant's first tag. */
  readonly name: string;
  readonly family: Family;
  readonly architecture: OciArchitecture;
  /** Every reference that this image answers to, normalised, with tag. */
  readonly references: readonly string[];
  /** Layers and layerless history rows, the lowest first. */
  readonly rows: readonly ResolvedRow[];
  readonly config: ResolvedConfig;
  readonly differs: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

export type ResolvedRow =
  | { readonly kind: 'layer'; readonly layer: LayerRecipe; readonly history: HistoryEntry }
  | { readonly kind: 'empty'; readonly history: HistoryEntry };

export interface ResolvedConfig extends Omit<ConfigRecipe, 'env'> {
  /** In order of first appearance. */
  readonly env: ReadonlyMap<string, string>;
}

/** All variants of an image on an architecture; none where nobody needs it. */
export function resolveImage(
  families: readonly Family[],
  id: string,
  architecture: OciArchitecture,
): readonly ResolvedImage[] {
  const { family, image } = lookUp(families, id);
  if (family.audience === 'machine' && architecture !== MACHINE_ARCHITECTURE) return [];
  return variantsOf(family, image).map((variant) =>
    resolveVariant(families, family, image, variant, architecture),
  );
}

/** `family/id` of every image that has a name of its own. */
export function publishedImages(families: readonly Family[]): readonly string[] {
  return families.flatMap((family) =>
    family.images
      .filter((image) => image.repositories.length > 0)
      .map((image) => `${family.family}/${image.id}`),
  );
}

function lookUp(
  families: readonly Family[],
  id: string,
): { readonly family: Family; readonly image: ImageRecipe } {
  const [familyName, imageId] = id.split('/', 2);
  const family = families.find((candidate) => candidate.family === familyName);
  const image = family?.images.find((candidate) => candidate.id === imageId);
  if (!family || !image) throw new Error(`no recipe ${id}`);
  return { family, image };
}

function variantsOf(family: Family, image: ImageRecipe): readonly VariantRecipe[] {
  return image.variants ?? family.variants;
}

function resolveVariant(
  families: readonly Family[],
  family: Family,
  image: ImageRecipe,
  variant: VariantRecipe,
  architecture: OciArchitecture,
): ResolvedImage {
  const parent = resolveParent(families, family, image, variant, architecture);
  const holds = (when: When | undefined): boolean =>
    when === undefined ||
    ((when.feature === undefined || variant.features.includes(when.feature)) &&
      (when.architectures === undefined || when.architectures.includes(architecture)));
  const rows = image.layers.flatMap((row): ResolvedRow[] => {
    if (!holds(row.when)) return [];
    return toRows(row, family);
  });
  // A variant that the whole family has is its root's affair: what derives from it inherits.
  const inherited = parent?.family === family && image.variants === undefined;
  const configs = [
    parent ? undefined : family.config,
    ...(parent ? [image.config] : []),
    inherited ? undefined : variant.config,
    ...(parent ? [] : [image.config]),
  ];
  const start: ResolvedConfig = parent?.config ?? { env: new Map() };
  // What sets this image apart comes before what is true of all.
  const differs = [
    ...image.differs,
    ...variant.differs,
    ...(parent && parent.family === family
      ? lookUp(families, parentId(family, image.from) ?? '').image.differs
      : []),
    ...family.differs,
  ].flatMap((difference) => sentence(difference, architecture));
  return {
    name: `${family.family}/${image.id}:${variant.tags[0]}`,
    family,
    architecture,
    references: image.repositories.flatMap((repository) =>
      variant.tags.map((tag) => `${repository}:${tag}`),
    ),
    rows: [...(parent?.rows ?? []), ...rows],
    config: configs.reduce(mergeConfig, start),
    differs: [...new Set(differs)],
    annotations: image.annotations,
  };
}

function resolveParent(
  families: readonly Family[],
  family: Family,
  image: ImageRecipe,
  variant: VariantRecipe,
  architecture: OciArchitecture,
): ResolvedImage | undefined {
  const id = parentId(family, image.from);
  if (id === undefined) return undefined;
  const above = lookUp(families, id);
  const variants = variantsOf(above.family, above.image);
  // The parent's variant of the same kind; where it has no such kinds, its first.
  const matching =
    variants.find(
      (candidate) => above.family === family && candidate.tags.join(' ') === variant.tags.join(' '),
    ) ?? variants[0];
  if (!matching) throw new Error(`${id} has no variant`);
  return resolveVariant(families, above.family, above.image, matching, architecture);
}

function toRows(row: ImageRecipe['layers'][number], family: Family): ResolvedRow[] {
  const history = (createdBy: string): HistoryEntry => ({
    created_by: createdBy,
    ...family.history,
  });
  if ('history' in row) {
    return [{ kind: 'empty', history: { ...history(row.history), empty_layer: true } }];
  }
  if (!('debs' in row)) return [{ kind: 'layer', layer: row, history: history(row.createdBy) }];
  return row.debs.map((name) => {
    const createdBy = row.createdBy.replaceAll('{package}', name);
    return {
      kind: 'layer',
      layer: {
        createdBy,
        packages: {
          install: [name],
          closure: false,
          without: [],
          drop: [],
          keep: [],
          move: [],
          edit: [],
          database: 'status.d',
        },
        ...(row.bytecode && { bytecode: row.bytecode }),
      },
      history: history(createdBy),
    };
  });
}

function sentence(difference: DifferenceRecipe, architecture: OciArchitecture): string[] {
  if (typeof difference === 'string') return [difference];
  return difference.architectures.includes(architecture) ? [difference.text] : [];
}

function mergeConfig(below: ResolvedConfig, above: ConfigRecipe | undefined): ResolvedConfig {
  if (!above) return below;
  const env = new Map(below.env);
  for (const [name, value] of Object.entries(above.env ?? {})) {
    env.set(
      name,
      value.replaceAll(/\$([A-Za-z_]\w*)/g, (_, used: string) => env.get(used) ?? ''),
    );
  }
  const labels = above.labels ?? below.labels;
  return {
    ...below,
    ...above,
    env,
    ...(labels && { labels: { ...below.labels, ...labels } }),
  };
}
