import { Readable } from 'node:stream';
import { connect, type Connection } from '../adapters/docker/connect.ts';
import type { EngineChoice } from '../adapters/docker/endpoint.ts';
import { imageState, loadArchive, removeName } from '../adapters/docker/names.ts';
import { EngineError } from '../engine/errors.ts';
import { familiarName, parseReference } from '../engine/oci/reference.ts';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import type { Descriptor } from '../engine/oci/image.ts';
import { writeTar } from '../engine/tar/writer.ts';
import { archivedImages, type ArchivedImage, imageArchive, nameOf } from '../pantry/archive.ts';
import { buildPantry } from '../pantry/build.ts';
import { STAND_IN_LABEL } from '../pantry/image-documents.ts';
import { type Layout, openLayout } from '../pantry/layout.ts';
import { loadRecipes } from '../pantry/load-recipes.ts';
import { ARCHITECTURES, type Family, type OciArchitecture } from '../pantry/recipe.ts';
import { resolveImage } from '../pantry/resolve.ts';
import { selectImages } from '../pantry/select.ts';
import { type AddWheels, wheelsLayer } from '../pantry/wheels-layer.ts';
import { nodePlatform } from './node-platform.ts';
import type { Output } from './output.ts';
import type { progressLine } from './progress-line.ts';

export interface LoadRequest {
  /** As `selectImages` takes them; none for all. */
  readonly images: readonly string[];
  readonly asUpstream: boolean;
  readonly choice: EngineChoice;
  /** The engine's own when missing. */
  readonly architecture: OciArchitecture | undefined;
}

interface Places {
  /** Where the engine is looked for; the process's own when missing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  /** The pantry's image layout. */
  readonly layout: string;
}

/** No registry has this name, so nothing can be mistaken for upstream's, and nothing pulls it. */
export const OWN_REGISTRY = 'semdistro.local';

/**
 * `semdistro pantry load`: puts stand-ins into the Docker (or Podman) of whoever calls, building
 * first what is not there. Under upstream's names only when asked, and never in place of an image that is
 * not ours. Errors: EngineTrouble of `connect`, EngineError of the pantry.
 */
export async function loadStandIns(
  request: LoadRequest,
  { cacheDir, layout: directory, env = process.env }: Places,
  { output, line }: { readonly output: Output; readonly line: ReturnType<typeof progressLine> },
): Promise<number> {
  const connection = await connect({ choice: request.choice, env });
  const architecture = request.architecture ?? architectureOf(connection);
  const recipes = await loadRecipes();
  const ids = standIns(recipes, request.images);
  const layout = openLayout(directory);
  await buildMissing({ cacheDir, layout, recipes, architecture, ids }, { output, line });
  output.stderr.write(request.asUpstream ? AS_UPSTREAM : AS_OURS);
  const addWheels: AddWheels = request.asUpstream
    ? await wheelsLayer(directory, architecture, nodePlatform())
    : (image) => Promise.resolve(image);
  const sum = { loaded: 0, there: 0, kept: 0, wheels: 0 };
  const built = await layout.manifests();
  for (const [done, id] of ids.entries()) {
    line.show({ step: id, done, total: ids.length });
    const names = referencesOf(recipes, id, architecture);
    const found = built.filter(
      (one) => one.platform?.architecture === architecture && names.has(nameOf(one)),
    );
    const images = await Promise.all((await archivedImages(layout, found)).map(addWheels));
    const wanted: ArchivedImage[] = [];
    const old: string[] = [];
    for (const image of images) {
      const { descriptors, there, theirs, replaced } = await sift(
        connection,
        image,
        request.asUpstream,
      );
      sum.there += there.length;
      sum.kept += theirs.length;
      for (const name of theirs) {
        output.stderr.write(`${name} is kept: an image of this name is there that is not ours\n`);
      }
      const [first, ...others] = descriptors;
      if (!first) continue;
      if (image.added !== undefined) sum.wheels += descriptors.length;
      sum.loaded += descriptors.length;
      old.push(...replaced);
      wanted.push({ ...image, descriptors: [first, ...others] });
    }
    if (wanted.length === 0) continue;
    await loadArchive(connection, Readable.from(writeTar(imageArchive(layout, wanted))));
    // Those of an older pantry, unless they have another name or a container.
    for (const image of new Set(old)) await removeName(connection, image);
    line.clear();
    for (const image of wanted) output.stdout.write(describe(image));
  }
  line.clear();
  const { kind, version, endpoint } = connection;
  const engine = `${kind === 'podman' ? 'Podman' : 'Docker'} ${version} at ${endpoint.url}`;
  output.stdout.write(
    `${sum.loaded} names loaded, ${sum.there} were there already, ${sum.kept} kept as they are: ${engine}\n`,
  );
  if (sum.wheels > 0) output.stdout.write(WHEELS);
  if (sum.loaded + sum.there > 0) output.stdout.write(UNDO);
  return 0;
}

/** `semdistro pantry unload`: takes away the names that `load` gave, and no others. */
export async function unloadStandIns(
  request: Pick<LoadRequest, 'images' | 'choice'>,
  { output, env = process.env }: Pick<Places, 'env'> & { readonly output: Output },
): Promise<number> {
  const connection = await connect({ choice: request.choice, env });
  const recipes = await loadRecipes();
  let removed = 0;
  let failed = 0;
  for (const id of standIns(recipes, request.images)) {
    const references = new Set(
      ARCHITECTURES.flatMap((architecture) => [...referencesOf(recipes, id, architecture)]),
    );
    for (const reference of references) {
      for (const name of [reference, ownName(reference)]) {
        const state = await imageState(connection, name);
        if (!state || !isOurs(state.labels)) continue;
        const problem = await removeName(connection, name);
        if (problem === undefined) removed++;
        else failed++;
        if (problem !== undefined) output.stderr.write(`${familiar(name)}: ${problem}\n`);
      }
    }
  }
  output.stdout.write(`${removed} names removed\n`);
  return failed > 0 ? 1 : 0;
}

const AS_OURS = `The stand-ins get names of their own, ${OWN_REGISTRY}/…: nothing takes them for upstream's images.
`;

const AS_UPSTREAM = `Stand-ins are rebuilt from Debian 13 packages; they are not upstream's images. With --as-upstream they take
upstream's names in this Docker: every FROM and docker run on this computer that names one of them gets the stand-in,
in your own projects too, until you pull the name or undo this. An image that is there already is left alone.
`;

const WHEELS = `Images with pip got one layer more: wheels of Debian's Python packages in /usr/share/semdistro/wheels, and an
/etc/pip.conf that makes pip look there and nowhere else. Upstream's images have neither.
`;

const UNDO = 'Undo it with `semdistro pantry unload`.\n';

function architectureOf({ platform }: Connection): OciArchitecture {
  const name = platform.replace(/^linux\//, '');
  const found = ARCHITECTURES.find((architecture) => architecture === name);
  if (found) return found;
  throw new EngineError('pantry-no-platform', `there are no stand-ins for ${platform}`, {
    hint: 'Name another platform that this Docker runs: --platform linux/amd64.',
  });
}

function standIns(recipes: readonly Family[], words: readonly string[]): readonly string[] {
  const people = recipes.filter(({ audience }) => audience === 'people');
  return selectImages(people, words);
}

function referencesOf(
  recipes: readonly Family[],
  id: string,
  architecture: OciArchitecture,
): ReadonlySet<string> {
  return new Set(resolveImage(recipes, id, architecture).flatMap(({ references }) => references));
}

interface Wanted {
  readonly cacheDir: string;
  readonly layout: Layout;
  readonly recipes: readonly Family[];
  readonly architecture: OciArchitecture;
  readonly ids: readonly string[];
}

/** The set-up builds what the page's machine needs; a Docker's architecture is built when it is asked for. */
async function buildMissing(
  { cacheDir, layout, recipes, architecture, ids }: Wanted,
  { output, line }: Parameters<typeof loadStandIns>[2],
): Promise<void> {
  const built = new Set(
    (await layout.manifests())
      .filter(({ platform }) => platform?.architecture === architecture)
      .map(nameOf),
  );
  const missing = [...ids, ...selectImages(recipes, ['wheelhouse'])].filter((id) =>
    [...referencesOf(recipes, id, architecture)].some((reference) => !built.has(reference)),
  );
  if (missing.length === 0) return;
  output.stderr.write(
    `${missing.length} images for linux/${architecture} are not built yet: that takes some minutes, and Debian's packages\n`,
  );
  await buildPantry({
    ...{ cacheDir, platform: nodePlatform(), recipes, images: missing },
    architectures: [architecture],
    onProgress: line.show,
  });
  line.clear();
}

interface Sifted {
  /** With the names that it is to have. */
  readonly descriptors: readonly Descriptor[];
  readonly there: readonly string[];
  readonly theirs: readonly string[];
  /** Images of ours that lose a name. */
  readonly replaced: readonly string[];
}

async function sift(
  connection: Connection,
  { descriptors, manifest }: ArchivedImage,
  asUpstream: boolean,
): Promise<Sifted> {
  const found: Descriptor[] = [];
  const there: string[] = [];
  const theirs: string[] = [];
  const replaced: string[] = [];
  for (const descriptor of descriptors) {
    const name = asUpstream ? nameOf(descriptor) : ownName(nameOf(descriptor));
    const state = await imageState(connection, name);
    // Docker's own store calls an image by its config, containerd's by its manifest.
    const same = state && [manifest.config.digest, descriptor.digest].some((id) => id === state.id);
    if (same) there.push(familiar(name));
    else if (state && !isOurs(state.labels)) theirs.push(familiar(name));
    else {
      if (state) replaced.push(state.id);
      const annotations = { ...descriptor.annotations, [ANNOTATION.refName]: name };
      found.push({ ...descriptor, annotations });
    }
  }
  return { descriptors: found, there, theirs, replaced };
}

function isOurs(labels: Readonly<Record<string, string>>): boolean {
  return STAND_IN_LABEL in labels;
}

function ownName(reference: string): string {
  return `${OWN_REGISTRY}/${familiar(reference)}`;
}

function familiar(reference: string): string {
  return familiarName(parseReference(reference));
}

function describe({ descriptors, added }: ArchivedImage): string {
  const names = descriptors.map((descriptor) => familiar(nameOf(descriptor)));
  const note = added === undefined ? '' : '  (with wheels for pip)';
  return names.map((name) => `${name}${note}\n`).join('');
}
