import type { JsonObject } from '../json.ts';
import { type Where, asArray, asObject, asString } from '../json.ts';
import type { ContainerRecord, VolumeRecord } from './record.ts';

const CONTAINERS: Where = { code: 'store-corrupt', name: 'the list of containers in the store' };
const VOLUMES: Where = { code: 'store-corrupt', name: 'the list of volumes in the store' };

/** Reads the record `containers/index`, oldest first. Errors: EngineError `store-corrupt`. */
export function parseContainers(value: unknown): readonly ContainerRecord[] {
  return parse(value, CONTAINERS, 'containers', [
    ...['id', 'name', 'image', 'manifest', 'config', 'host', 'mounts', 'state', 'logs'],
  ]).map(asContainer);
}

/** The opposite of `parseContainers`. */
export function toContainers(containers: readonly ContainerRecord[]): unknown {
  return { version: 1, containers };
}

/** Reads the record `volumes/index`, in no order. Errors: EngineError `store-corrupt`. */
export function parseVolumes(value: unknown): readonly VolumeRecord[] {
  return parse(value, VOLUMES, 'volumes', ['name', 'created', 'labels', 'anonymous']).map(asVolume);
}

/** The opposite of `parseVolumes`. */
export function toVolumes(volumes: readonly VolumeRecord[]): unknown {
  return { version: 1, volumes };
}

/** Only this engine writes these records: that the parts are there says that they are whole. */
function parse(
  value: unknown,
  where: Where,
  list: string,
  fields: readonly string[],
): readonly JsonObject[] {
  if (value === undefined) return [];
  const raw = asObject(value, where, 'it');
  return asArray(raw[list], where, list).map((item) => {
    const object = asObject(item, where, `one of ${list}`);
    for (const field of fields) {
      if (object[field] === undefined) asString(object[field], where, field);
    }
    return object;
  });
}

function asContainer(raw: JsonObject): ContainerRecord {
  // Written by toContainers alone; that its parts are there was checked.
  return raw as unknown as ContainerRecord;
}

function asVolume(raw: JsonObject): VolumeRecord {
  // As asContainer.
  return raw as unknown as VolumeRecord;
}
