import { join } from 'node:path';

/** Where the pantry keeps things below a cache folder (`.cache` in the repository). */
export interface PantryHome {
  /** The image layout; what is served and exported. */
  readonly layout: string;
  /** What is known about layers and images that are built, by key. */
  readonly state: string;
  readonly packages: string;
  readonly apt: string;
  readonly npm: string;
}

export function pantryHome(cacheDir: string): PantryHome {
  const packages = join(cacheDir, 'packages');
  return {
    layout: join(cacheDir, 'pantry'),
    state: join(cacheDir, 'pantry-state'),
    packages: join(packages, 'debs'),
    apt: join(packages, 'apt'),
    npm: join(packages, 'npm'),
  };
}

/** The committed lock files. */
export const LOCKS = join(import.meta.dirname, 'lock');
