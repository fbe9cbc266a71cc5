import type { Verdict } from '../check.ts';
import type { Image } from '../engine.ts';
import { occurrencesOf, type Occurrence } from '../occurrences.ts';
import type { Package } from '../packages/package.ts';
import { parseApk, parseDpkg } from '../packages/records.ts';
import { textOfContent } from '../read.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';
import { layerAt } from './layers.ts';

const DPKG = /^var\/lib\/dpkg\/(?:status|status\.d\/[^/]+)$/;
const APK = /^(?:usr\/)?lib\/apk\/db\/installed$/;

/** `status.d` has the list of a package's files beside its record. */
const isRecord = (path: string): boolean =>
  APK.test(path) || (DPKG.test(path) && !path.endsWith('.md5sums'));

/**
 * What a scanner of packages would list: dpkg's `status` and `status.d`, apk's `installed`, as a container
 * sees them. Sorted by name. What is in no package (Node in Google's image) is not in it.
 */
export async function packagesOf(image: Image): Promise<readonly Package[]> {
  const tree = await image.files();
  const found = new Map<string, Package>();
  for (const { entry } of tree.walk()) {
    if (entry.type !== 'file' || !isRecord(entry.path) || !entry.content) continue;
    const text = (await textOfContent(entry.content)) ?? '';
    for (const one of APK.test(entry.path) ? parseApk(text) : parseDpkg(text)) {
      found.set(`${one.manager} ${one.name} ${one.version} ${one.architecture}`, one);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/**
 * The image says what is in it: at least `atLeast` packages (1), and no layer deletes a record. An
 * inventory that was deleted, or left behind when files were copied, is said to be so: a scan of nothing
 * finds nothing.
 */
export async function hasInventory(
  image: Image,
  options: { readonly atLeast?: number } = {},
): Promise<Verdict> {
  const packages = await packagesOf(image);
  const all = await occurrencesOf(image);
  const atLeast = options.atLeast ?? 1;
  const expected = words(
    `a lista de pacotes na imagem, com pelo menos ${atLeast}`,
    `the list of packages in the image, with at least ${atLeast}`,
  );
  const said =
    packages.length === 1
      ? words('1 pacote listado', '1 package listed')
      : words(`${packages.length} pacotes listados`, `${packages.length} packages listed`);
  const deleted = [...all.values()].flat().find((one) => isDeleted(one, all));
  if (deleted) {
    const found = words(
      `${said['pt-BR']}: a camada ${(deleted.hiddenBy ?? 0) + 1} apaga \`/${deleted.entry.path}\``,
      `${said.en}: layer ${(deleted.hiddenBy ?? 0) + 1} deletes \`/${deleted.entry.path}\``,
    );
    const where = { path: `/${deleted.entry.path}`, layer: layerAt(image, deleted.hiddenBy ?? 0) };
    return fail({ expected, found, where });
  }
  if (packages.length >= atLeast) return pass(said);
  const trace = packages.length === 0 ? leftovers(all) : undefined;
  const found: Words = trace
    ? words(
        `${said['pt-BR']}, mas \`/${trace.entry.path}\` veio de um pacote`,
        `${said.en}, but \`/${trace.entry.path}\` came with a package`,
      )
    : said;
  return fail({
    expected,
    found,
    ...(trace && {
      where: { path: `/${trace.entry.path}`, layer: layerAt(image, trace.layer) },
    }),
  });
}

/** A record that a layer above takes away. One that is replaced, as `apt` does with `status`, is there again. */
function isDeleted(
  { entry, hiddenBy }: Occurrence,
  all: ReadonlyMap<string, readonly Occurrence[]>,
): boolean {
  if (hiddenBy === undefined || entry.type !== 'file' || !isRecord(entry.path)) return false;
  return all.get(entry.path)?.every((one) => one.hiddenBy !== undefined) === true;
}

/** Something that only packages put into an image, when nothing tells of them. */
function leftovers(all: ReadonlyMap<string, readonly Occurrence[]>): Occurrence | undefined {
  const traces =
    /^usr\/share\/doc\/[^/]+\/copyright$|^etc\/(?:debian_version|alpine-release)$|^(?:usr\/)?lib\/(?:[^/]+\/)?libc\.so\.6$/;
  for (const [path, occurrences] of all) {
    const seen = traces.test(path) && occurrences.find(({ hiddenBy }) => hiddenBy === undefined);
    if (seen) return seen;
  }
  return undefined;
}
