import { emitEvent } from '../containers/events.ts';
import type { Engine } from '../engine.ts';
import type { NetworkRecord } from './record.ts';

/** `create`, `connect`, `disconnect`, `destroy`, with the container's ID where there is one. */
export function emitNetworkEvent(
  engine: Engine,
  { id, name, driver }: NetworkRecord,
  action: string,
  container?: string,
): void {
  const attributes = { name, type: driver, ...(container !== undefined && { container }) };
  emitEvent(engine, { type: 'network', action, id, attributes });
}
