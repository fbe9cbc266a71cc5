import type { VolumeRecord } from '../containers/record.ts';
import { type GoStruct, goField, goMap, goNil, goStruct } from '../gotemplate/value.ts';
import { rfc3339, unixSeconds, UTC } from '../format/time.ts';
import { volumePath } from './inspect-container.ts';

/** Docker marks volumes that nobody named by a label without a value. */
const ANONYMOUS = 'com.docker.volume.anonymous';

/** A volume as `docker volume inspect` shows it. */
export function inspectVolume(volume: VolumeRecord): GoStruct {
  const labels = volumeLabels(volume);
  return goStruct('volume.Volume', {
    ClusterVolume: goField(goNil('*volume.ClusterVolume'), { omitEmpty: true }),
    CreatedAt: goField(rfc3339(unixSeconds(volume.created), UTC), { omitEmpty: true }),
    Driver: goField('local'),
    Labels: goField(goMap(Object.keys(labels).length === 0 ? null : labels)),
    Mountpoint: goField(volumePath(volume.name)),
    Name: goField(volume.name),
    Options: goField(goMap(null)),
    Scope: goField('local'),
  });
}

export function volumeLabels(volume: VolumeRecord): Readonly<Record<string, string>> {
  return volume.anonymous ? { ...volume.labels, [ANONYMOUS]: '' } : volume.labels;
}
