import type { Engine } from '../engine.ts';
import { emitEvent } from './events.ts';
import type { ContainerRecord } from './record.ts';

/** Something that happened to a container, with what Docker says of it: its labels, image and name, and `more`. */
export function emitContainerEvent(
  engine: Engine,
  { id, name, imageName, config }: ContainerRecord,
  action: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const attributes = { ...config.Labels, image: imageName, name, ...more };
  emitEvent(engine, { type: 'container', action, id, attributes });
}
