import {
  type FieldOptions,
  type GoStruct,
  type GoValue,
  goField,
  goMap,
  goStrings,
  goStruct,
} from '../gotemplate/value.ts';
import { trimFraction } from '../format/time.ts';
import { isObject, parseJsonObject } from '../json.ts';
import type { OpenedImage } from '../images/open.ts';
import { familiarName, parseReference } from '../oci/reference.ts';
import { containerConfig, textOf } from './inspect-config.ts';

const OMIT: FieldOptions = { omitEmpty: true };

/** An image as `docker inspect` shows it: Docker's fields in Docker's order, with Go's types behind them. */
export function inspectImage({ record, config, configBytes }: OpenedImage): GoStruct {
  const raw = parseJsonObject(configBytes, { code: 'config-invalid', name: 'image config' });
  const text = (key: string): string => textOf(raw, key);
  const comment = text('comment') || (config.history.at(-1)?.comment ?? '');
  const familiar = (names: readonly string[]): GoValue =>
    goStrings(names.map((name) => familiarName(parseReference(name))));
  return goStruct('types.ImageInspect', {
    // By the name in JSON only: a template's `.Id` is found in the document, not in this.
    ID: goField(record.id, { json: 'Id' }),
    RepoTags: goField(familiar(record.names)),
    RepoDigests: goField(familiar(record.digests)),
    Parent: goField(''),
    Comment: goField(comment),
    Created: goField(trimFraction(config.created ?? ''), OMIT),
    Container: goField('', OMIT),
    ContainerConfig: goField({ kind: 'nil', type: '*container.Config' }, OMIT),
    DockerVersion: goField(text('docker_version')),
    Author: goField(config.author ?? ''),
    Config: goField(
      isObject(raw['config'])
        ? containerConfig(config.config, raw['config'])
        : { kind: 'nil', type: '*container.Config' },
    ),
    Architecture: goField(config.architecture),
    Variant: goField(config.variant ?? '', OMIT),
    Os: goField(config.os),
    OsVersion: goField(text('os.version'), OMIT),
    Size: goField(record.size),
    VirtualSize: goField(0, OMIT),
    GraphDriver: goField(
      goStruct('types.GraphDriverData', {
        Data: goField(goMap({})),
        Name: goField('semdistro'),
      }),
    ),
    RootFS: goField(
      goStruct('types.RootFS', {
        Type: goField('layers'),
        Layers: goField(
          config.rootfs.diff_ids.length === 0 ? goStrings(null) : goStrings(config.rootfs.diff_ids),
          OMIT,
        ),
      }),
    ),
    Metadata: goField(
      goStruct('image.Metadata', { LastTagTime: goField(trimFraction(record.tagged), OMIT) }),
    ),
  });
}
