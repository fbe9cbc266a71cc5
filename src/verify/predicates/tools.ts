import { baseName } from '../../engine/layer/path.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import type { Image, ImageLayer } from '../engine.ts';
import { occurrencesOf, type Occurrence } from '../occurrences.ts';
import { fileIn } from '../read.ts';
import { toolIn } from './tool-content.ts';

/** A shell or package manager in an image. */
export interface FoundTool {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'shell' | 'package-manager';
  /** What it is: `busybox`, `bash`, `apt`. */
  readonly what: string;
  /** By its name, or by what is in the file whatever its name. */
  readonly by: 'name' | 'content';
  readonly layer: number;
  /** False: a layer above hides it, but it is still in the image. */
  readonly visible: boolean;
}

const SHELL =
  /^(?:sh|ash|bash|rbash|dash|zsh|ksh|ksh93|mksh|lksh|oksh|yash|fish|csh|tcsh|busybox|toybox|static-sh|pwsh|nu|elvish|xonsh)$/;
/** Maintenance scripts have such names, too. */
const SETTINGS = /^etc\//;
const MANAGER =
  /^(?:apk|apt|apt-get|apt-cache|aptitude|dpkg|dpkg-deb|rpm|yum|dnf|microdnf|tdnf|zypper|pacman|opkg|pip|pip\d[\d.]*|pipx|uv|npm|npx|yarn|pnpm|corepack|conda|gem)$/;

const known = new WeakMap<Image, Promise<readonly FoundTool[]>>();

/** What the files of a layer are, by its diff ID and their place in it: bases come again and again. */
const layersRead = new Map<string, Promise<ReadonlyMap<number, ToolByContent>>>();
const LAYERS_KEPT = 512;

/**
 * Every shell and package manager in the image, also those in lower layers that layers above hide,
 * sorted by path. A name counts for what can be executed, a content for every file. The files of a layer
 * are read once, whichever images have it.
 */
export function findTools(image: Image): Promise<readonly FoundTool[]> {
  const made = known.get(image) ?? search(image);
  known.set(image, made);
  made.catch(() => known.delete(image));
  return made;
}

async function search(image: Image): Promise<readonly FoundTool[]> {
  const tree = await image.files();
  const contents = new Map<Entry, Tool>();
  for (const layer of await image.layers()) {
    for (const [index, tool] of await readOnce(layer)) {
      const entry = layer.entries[index];
      if (entry) contents.set(entry, { ...tool, by: 'content' });
    }
  }
  const found: FoundTool[] = [];
  for (const occurrences of (await occurrencesOf(image)).values()) {
    for (const occurrence of occurrences) {
      const tool = contents.get(occurrence.entry) ?? byName(occurrence);
      if (!tool) continue;
      const { entry, layer, hiddenBy } = occurrence;
      const visible = hiddenBy === undefined;
      // A link is worth what it leads to, and hidden ones lead nowhere any more.
      if (entry.type === 'symlink' && !(visible && isProgram(fileIn(tree, entry.path)))) continue;
      found.push({ ...tool, path: `/${entry.path}`, layer, visible });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.layer - b.layer));
}

const isProgram = (node: ReturnType<typeof fileIn>): boolean =>
  node !== undefined && (node.entry.mode & 0o111) !== 0;

type Tool = Pick<FoundTool, 'kind' | 'what' | 'by'>;

function byName({ entry }: Occurrence): Tool | undefined {
  const name = baseName(entry.path);
  // A record of the package, its completions or its documentation have the name, too.
  const program =
    entry.type === 'symlink' ||
    entry.type === 'hardlink' ||
    (entry.type === 'file' && (entry.mode & 0o111) !== 0 && entry.size > 0);
  if (!program) return undefined;
  if (SHELL.test(name)) return { kind: 'shell', what: name, by: 'name' };
  return MANAGER.test(name) && !SETTINGS.test(entry.path)
    ? { kind: 'package-manager', what: name, by: 'name' }
    : undefined;
}

/** `python -m pip` needs no program, and with PYTHONPATH no directory of a certain name. */
const PIP = /(?:^|\/)pip\/__main__\.py$/;

type ToolByContent = Pick<FoundTool, 'kind' | 'what'>;

function readOnce(layer: ImageLayer): Promise<ReadonlyMap<number, ToolByContent>> {
  const made = layersRead.get(layer.diffId) ?? readLayer(layer);
  layersRead.delete(layer.diffId);
  layersRead.set(layer.diffId, made);
  made.catch(() => layersRead.delete(layer.diffId));
  for (const oldest of layersRead.keys()) {
    if (layersRead.size <= LAYERS_KEPT) break;
    layersRead.delete(oldest);
  }
  return made;
}

async function readLayer({ entries }: ImageLayer): Promise<ReadonlyMap<number, ToolByContent>> {
  const found = new Map<number, ToolByContent>();
  for (const [index, { type, path, content }] of entries.entries()) {
    if (type !== 'file' || !content) continue;
    const tool = PIP.test(`/${path}`)
      ? ({ kind: 'package-manager', what: 'pip' } as const)
      : await toolIn(content);
    if (tool) found.set(index, tool);
  }
  return found;
}
