import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { volumeUsers } from './filter.ts';
import type { ContainerRecord, VolumeRecord } from './record.ts';
import { listContainers } from './registry.ts';
import { containerSize } from './size.ts';
import { volumeSize } from './volume-trees.ts';
import { listVolumes } from './volumes.ts';

/** What containers and volumes take, in bytes of files. */
export interface ContainerDiskUsage {
  readonly containers: readonly { readonly record: ContainerRecord; readonly bytes: number }[];
  readonly volumes: readonly {
    readonly volume: VolumeRecord;
    readonly bytes: number;
    /** How many containers refer to it. */
    readonly links: number;
  }[];
}

/** Reads every container's changes and every volume. What is lost counts nothing. */
export async function containerDiskUsage(engine: Engine): Promise<ContainerDiskUsage> {
  const records = await listContainers(engine);
  const users = volumeUsers(records);
  const containers = [];
  for (const record of records) {
    const bytes = await orNothing(async () => (await containerSize(engine, record)).own);
    containers.push({ record, bytes });
  }
  const volumes = [];
  for (const volume of await listVolumes(engine)) {
    const bytes = await orNothing(() => volumeSize(engine, volume.name));
    volumes.push({ volume, bytes, links: users.get(volume.name)?.length ?? 0 });
  }
  return { containers, volumes };
}

async function orNothing(measure: () => Promise<number>): Promise<number> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof EngineError) return 0;
    throw error;
  }
}
