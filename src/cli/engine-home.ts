import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { ImageSource } from '../engine/images/source.ts';
import type { OciPlatform } from '../engine/oci/image.ts';
import { pantryHome } from '../pantry/pantry-home.ts';
import { pantrySource } from '../pantry/source.ts';
import { openFolderStore } from './folder-store.ts';
import { nodePlatform } from './node-platform.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface EngineOptions {
  /** Where the engine keeps its things; `engineHome()` when not given. */
  readonly home?: string;
  /** The pantry's image layout; `pantryFolder()` when not given. */
  readonly pantry?: string;
  /** What is built and pulled without `--platform`; linux/386 when not given, as the machine runs. */
  readonly platform?: OciPlatform;
  readonly env?: Environment;
}

/**
 * The engine of the command line: its store in a folder, the pantry as the source of images. Where no
 * pantry has been built there is no source, and a pull says so. Errors: those of `openFolderStore`.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  const platform = nodePlatform();
  const home = options.home ?? engineHome(env);
  return {
    store: await openFolderStore(join(home, 'store'), platform),
    sources: await pantrySources(options.pantry ?? pantryFolder(env)),
    platform,
    defaultPlatform: options.platform ?? { os: 'linux', architecture: '386' },
  };
}

/** `$SEMDISTRO_HOME`, or the place that the XDG base directory specification names for data. */
export function engineHome(env: Environment): string {
  if (env['SEMDISTRO_HOME']) return resolve(env['SEMDISTRO_HOME']);
  const data = env['XDG_DATA_HOME'] ?? '';
  // The specification has relative ones ignored.
  return join(isAbsolute(data) ? data : join(homedir(), '.local', 'share'), 'semdistro');
}

/** `$SEMDISTRO_CACHE`, or `.cache` of the repository: what `semdistro pantry build` makes. */
export function cacheFolder(env: Environment): string {
  if (env['SEMDISTRO_CACHE']) return resolve(env['SEMDISTRO_CACHE']);
  return join(import.meta.dirname, '..', '..', '.cache');
}

/** `$SEMDISTRO_PANTRY`, or where `semdistro pantry build` builds the pantry. */
export function pantryFolder(env: Environment): string {
  if (env['SEMDISTRO_PANTRY']) return resolve(env['SEMDISTRO_PANTRY']);
  return pantryHome(cacheFolder(env)).layout;
}

async function pantrySources(directory: string): Promise<readonly ImageSource[]> {
  try {
    await stat(join(directory, 'index.json'));
  } catch {
    return [];
  }
  return [pantrySource(directory)];
}
