import { copyFile, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a manifest in an image layout names. */
interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

interface Index {
  readonly manifests: readonly {
    readonly digest: string;
    readonly platform?: { readonly architecture: string };
  }[];
}

/** What the machine in the page runs; the pantry has others, for a Docker of one's own. */
const ARCHITECTURE = '386';

/**
 * Puts the pantry's images for the page at `to`, an image layout of its own: blobs as hard links, which take
 * no room, or copies where the system has none. Answers with their bytes.
 */
export async function publishPantry(from: string, to: string): Promise<number> {
  const index = JSON.parse(await readFile(join(from, 'index.json'), 'utf8')) as Index;
  const manifests = index.manifests.filter(
    ({ platform }) => platform?.architecture === ARCHITECTURE,
  );
  const steps = await readFile(join(from, 'build-cache.json'), 'utf8').catch(() => undefined);
  const digests = new Set(manifests.map(({ digest }) => digest));
  for (const { digest } of manifests) {
    const manifest = JSON.parse(await readFile(blob(from, digest), 'utf8')) as Manifest;
    for (const { digest: part } of [manifest.config, ...manifest.layers]) digests.add(part);
    // The licences ask for the names of the sources.
    await placed(join(from, 'sources', recordOf(digest)), join(to, 'sources', recordOf(digest)));
  }
  for (const [digest] of (steps ?? '').matchAll(/sha256:[0-9a-f]{64}/g)) digests.add(digest);
  for (const digest of digests) await placed(blob(from, digest), blob(to, digest));
  await placed(join(from, 'oci-layout'), join(to, 'oci-layout'));
  if (steps !== undefined) await writeFile(join(to, 'build-cache.json'), steps);
  await writeFile(join(to, 'index.json'), JSON.stringify({ ...index, manifests }));
  return digests.size;
}

/** The machine's snapshot and its record. */
export async function publishMachine(from: string, to: string): Promise<void> {
  const text = await readFile(join(from, 'machine.json'), 'utf8');
  const { snapshot } = JSON.parse(text) as { readonly snapshot: string };
  await placed(join(from, snapshot), join(to, snapshot));
  await writeFile(join(to, 'machine.json'), text);
}

const recordOf = (digest: string): string => `${digest.replace('sha256:', '')}.json`;

const blob = (layout: string, digest: string): string =>
  join(layout, 'blobs', 'sha256', digest.replace('sha256:', ''));

/** What is not there is left out: a record of steps may name what was since collected. */
async function placed(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'EEXIST') await copyFile(from, to);
  }
}
