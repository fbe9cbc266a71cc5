import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { VolumeRecord } from './record.ts';
import { parseVolumes, toVolumes } from './index-record.ts';

/** What a volume's name may be, as Docker's local driver has it. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
/** Longer ones are no file names. */
const LONGEST_NAME = 255;

export interface NewVolume {
  /** 64 random digits when missing. */
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Not asked for by name: `rm -v`, `--rm` and `volume prune` take it. */
  readonly anonymous?: boolean;
}

/** Every volume, by name. Errors: `store-corrupt`. */
export async function listVolumes(engine: Engine): Promise<readonly VolumeRecord[]> {
  const volumes = parseVolumes(await engine.store.records.get('volumes', 'index'));
  return volumes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The volume of exactly this name. */
export async function findVolume(engine: Engine, name: string): Promise<VolumeRecord | undefined> {
  return (await listVolumes(engine)).find((volume) => volume.name === name);
}

/**
 * Makes a volume. One that is there already stays as it is, its labels too, and is what comes back,
 * as in Docker. Errors: `volume-name-invalid`.
 */
export async function createVolume(engine: Engine, wanted: NewVolume): Promise<VolumeRecord> {
  const name = wanted.name ?? engine.platform.randomHex(64);
  checkVolumeName(name);
  const fresh: VolumeRecord = {
    name,
    created: new Date(engine.platform.now()).toISOString(),
    labels: wanted.labels ?? {},
    anonymous: wanted.anonymous ?? false,
  };
  let found = fresh;
  await changeVolumes(engine, (volumes) => {
    const old = volumes.find((volume) => volume.name === name);
    found = old ?? fresh;
    return old ? volumes : [...volumes, fresh];
  });
  return found;
}

/**
 * Forgets a volume and what is in it; nothing happens when there is none. Who uses it is the
 * caller's to ask (`ContainerRecord.mounts`). Its blob stays until `collectGarbage`.
 */
export async function deleteVolume(engine: Engine, name: string): Promise<void> {
  await changeVolumes(engine, (volumes) => volumes.filter((volume) => volume.name !== name));
}

/** Changes the list of volumes atomically. `change` is pure and may run more than once. */
export async function changeVolumes(
  engine: Engine,
  change: (volumes: readonly VolumeRecord[]) => readonly VolumeRecord[],
): Promise<void> {
  await engine.store.records.update('volumes', 'index', (old) =>
    toVolumes(change(parseVolumes(old))),
  );
}

/** Errors: `volume-name-invalid`, in Docker's words. */
export function checkVolumeName(name: string): void {
  if (name.length === 1) {
    throw invalid(
      `create ${name}: volume name is too short, names should be at least two alphanumeric characters`,
    );
  }
  if (NAME.test(name) && name.length <= LONGEST_NAME) return;
  throw invalid(
    `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, ` +
      'only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. ' +
      'If you intended to pass a host directory, use absolute path',
  );
}

function invalid(message: string): EngineError {
  return new EngineError('volume-name-invalid', message);
}
