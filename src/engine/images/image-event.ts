import { emitEvent } from '../containers/events.ts';
import type { Engine } from '../engine.ts';
import { familiarName, parseReference } from '../oci/reference.ts';
import type { ImageRecord } from './record.ts';

/** Something that happened to an image, with its labels; `name` is canonical, and the ID where Docker has none. */
export function emitImageEvent(
  engine: Engine,
  { id, labels }: Pick<ImageRecord, 'id' | 'labels'>,
  action: 'delete' | 'import' | 'load' | 'save' | 'tag' | 'untag',
  name?: string,
): void {
  const shown = name === undefined ? id : familiarName(parseReference(name));
  emitEvent(engine, { type: 'image', action, id, attributes: { ...labels, name: shown } });
}
