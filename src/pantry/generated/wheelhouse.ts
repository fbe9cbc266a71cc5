import { createHash } from 'node:crypto';
import { zipSync, type Zippable } from 'fflate';
import type { Entry } from '../../engine/layer/entry.ts';
import { baseName, parentPath } from '../../engine/layer/path.ts';
import { bytesOf, directory, entryPath, fileOf, textOf } from '../entries.ts';
import type { Deb } from '../packages/deb.ts';
import type { Generate } from '../recipe.ts';

type Wheelhouse = Extract<Generate, { kind: 'wheelhouse' }>;

const MODULES = 'usr/lib/python3/dist-packages';
/** Of the package itself, not of what it has inside. */
const METADATA = new RegExp(`^${MODULES}/[^/]+\\.(?:dist-info/METADATA|egg-info/PKG-INFO)$`);
/** Debian's part of an extension module's name, and what a wheel calls the same. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'i386-linux-gnu': 'linux_i686',
  'x86_64-linux-gnu': 'linux_x86_64',
  'aarch64-linux-gnu': 'linux_aarch64',
};

/** Wheels made of Debian's Python packages, one each, in a folder that `pip --find-links` takes. */
export async function wheelhouse(
  recipe: Wheelhouse,
  deb: (name: string) => Promise<Deb>,
): Promise<readonly Entry[]> {
  const into = entryPath(recipe.into);
  const entries: Entry[] = [directory(into)];
  for (const { package: name, requires } of recipe.packages) {
    const { file, bytes } = await wheelOf(await deb(name), requires);
    entries.push(fileOf(`${into}/${file}`, bytes));
  }
  return entries;
}

/**
 * One package as a wheel (PEP 427): its modules, the metadata it came with, and what Debian takes
 * out of it made anew (WHEEL, RECORD). `requires` are requirements that Debian's changes added. Not compressed:
 * the layer is, and unpacking takes the emulated machine longer than reading.
 */
export async function wheelOf(
  deb: Deb,
  requires: readonly string[] = [],
): Promise<{ readonly file: string; readonly bytes: Uint8Array }> {
  const modules = deb.entries.filter(
    ({ type, path }) =>
      type === 'file' && path.startsWith(`${MODULES}/`) && !path.includes('/__pycache__/'),
  );
  const described = modules.find(({ path }) => METADATA.test(path));
  if (!described)
    throw new Error(`${deb.control.get('Package') ?? ''} is no Python package with metadata`);
  const metadata = withRequirements(await textOf(described), requires);
  const name = normalized(field(metadata, 'Name'));
  const info = `${name}-${field(metadata, 'Version')}`;
  const files = new Map<string, Uint8Array>();
  const old = parentPath(described.path);
  for (const entry of modules) {
    if (!entry.path.startsWith(`${old}/`)) {
      files.set(entry.path.slice(MODULES.length + 1), await bytesOf(entry));
    } else if (/^(?:entry_points|top_level)\.txt$/.test(baseName(entry.path))) {
      files.set(`${info}.dist-info/${baseName(entry.path)}`, await bytesOf(entry));
    }
  }
  const tag = tagOf([...files.keys()]);
  files.set(`${info}.dist-info/METADATA`, text(metadata));
  files.set(`${info}.dist-info/WHEEL`, text(wheelFile(tag)));
  const copyright = deb.entries.find(({ path }) =>
    /^usr\/share\/doc\/[^/]+\/copyright$/.test(path),
  );
  if (copyright?.type === 'file') {
    files.set(`${info}.dist-info/licenses/copyright`, await bytesOf(copyright));
  }
  const record = `${info}.dist-info/RECORD`;
  files.set(record, text(recordOf(files, record)));
  return { file: `${info}-${tag}.whl`, bytes: zip(files) };
}

/** The first field of a name in metadata; throws plainly without one. */
function field(metadata: string, name: string): string {
  const found = new RegExp(`^${name}: *(.+)$`, 'm').exec(metadata)?.[1];
  if (found === undefined) throw new Error(`metadata without ${name}`);
  return found.trim();
}

/** As wheels write a project's name (PEP 503, with underscores). */
function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '_');
}

function withRequirements(metadata: string, requires: readonly string[]): string {
  const lines = requires.map((one) => `Requires-Dist: ${one}\n`).join('');
  return metadata.replace(/^Version: .*\n/m, (line) => line + lines);
}

function tagOf(paths: readonly string[]): string {
  const extension = paths.find((path) => path.endsWith('.so'));
  if (extension === undefined) return 'py3-none-any';
  const [, python = '', triplet = ''] = /\.cpython-(\d+)-([^.]+)\.so$/.exec(extension) ?? [];
  const platform = PLATFORMS[triplet];
  if (platform === undefined) throw new Error(`${extension} is for no platform that is known`);
  return `cp${python}-cp${python}-${platform}`;
}

function wheelFile(tag: string): string {
  const isPure = tag === 'py3-none-any';
  return `Wheel-Version: 1.0\nGenerator: semdistro pantry\nRoot-Is-Purelib: ${isPure}\nTag: ${tag}\n`;
}

function recordOf(files: ReadonlyMap<string, Uint8Array>, record: string): string {
  const rows = [...files].map(([path, bytes]) => {
    const hash = createHash('sha256').update(bytes).digest('base64url');
    return `${quoted(path)},sha256=${hash},${bytes.length}\n`;
  });
  return `${rows.join('')}${quoted(record)},,\n`;
}

function quoted(path: string): string {
  return /[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const zippable: Zippable = {};
  for (const [path, bytes] of files) zippable[path] = bytes;
  // The first day that a zip can name, in whatever zone this is made; ordinary files, 0644.
  const options = { level: 0, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 } as const;
  return zipSync(zippable, options);
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
