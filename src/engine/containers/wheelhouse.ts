import type { Engine } from '../engine.ts';
import { parseManifest } from '../images/documents.ts';
import { openDocuments, readDocument } from '../images/open.ts';
import type { FileTree } from '../layer/tree.ts';
import type { OciPlatform } from '../oci/image.ts';
import { parseReference } from '../oci/reference.ts';
import type { Mount } from '../process/host.ts';

/*
 * `pip install` without internet: a folder of wheels from the pantry, read-only, where something runs
 * in an image with pip, and the two variables that make pip look there and nowhere else. Neither is
 * in the image, its history or the build cache. It lies in /dev, which is no part of an image either.
 */
const IMAGE = 'semdistro.invalid/wheelhouse:latest';
/** In the wheelhouse's image. */
export const WHEELS_FOLDER = 'wheels';
const TARGET = '/dev/wheelhouse';

/** One wheel: the project as pip writes it (`markupsafe`), and its version. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
}

export interface Wheelhouse {
  readonly mounts: readonly Mount[];
  /** `NAME=value`, but for names that `env` has already. */
  readonly env: readonly string[];
  readonly wheels: readonly Wheel[];
}

const NONE: Wheelhouse = { mounts: [], env: [], wheels: [] };

/**
 * What a process in `root` is given for pip: nothing where there is no pip, or where no source of
 * the engine has a wheelhouse for the platform. `env` is what the process has anyway. Errors: those of reading from a source.
 */
export async function wheelhouseFor(
  engine: Engine,
  root: FileTree,
  platform: OciPlatform,
  env: readonly string[],
): Promise<Wheelhouse> {
  if (!hasPip(root)) return NONE;
  const tree = await openWheelhouse(engine, platform);
  if (!tree) return NONE;
  const names = new Set(env.map((pair) => pair.slice(0, pair.indexOf('='))));
  const variables = [`PIP_FIND_LINKS=${TARGET}`, 'PIP_NO_INDEX=1'];
  return {
    mounts: [{ kind: 'tree', target: TARGET, tree, source: WHEELS_FOLDER }],
    env: variables.filter((pair) => !names.has(pair.slice(0, pair.indexOf('=')))),
    wheels: tree.list(WHEELS_FOLDER).flatMap(wheelOf),
  };
}

const PROGRAMS = ['usr/local/bin/pip', 'usr/local/bin/pip3', 'usr/bin/pip', 'usr/bin/pip3'];

/** Whether somebody could call pip in this root filesystem. */
export function hasPip(root: FileTree): boolean {
  return PROGRAMS.some((path) => root.resolve(path) !== undefined);
}

/** The pantry's wheels, in a folder `wheels`; undefined where no source has them for the platform. */
export async function openWheelhouse(
  engine: Engine,
  platform: OciPlatform,
): Promise<FileTree | undefined> {
  for (const source of engine.sources) {
    const found = await source.resolve(parseReference(IMAGE), platform);
    if (!found) continue;
    const manifest = found.manifest.digest;
    const { config } = parseManifest(await readDocument(engine, manifest));
    return (await openDocuments(engine, { id: config.digest, manifest })).tree();
  }
  return undefined;
}

/** `flask-3.1.1-py3-none-any.whl`. */
function wheelOf(name: string): readonly Wheel[] {
  const [project, version] = name.endsWith('.whl') ? name.split('-') : [];
  if (project === undefined || version === undefined) return [];
  return [{ project: project.replaceAll('_', '-'), version }];
}
