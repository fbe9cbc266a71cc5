import { groupFilters, hasLabel } from '../images/filter.ts';
import type { EngineEvent } from './events.ts';

/**
 * Which events `docker events --filter` shows: of one kind any may match, labels must all. Docker
 * lets names pass that it does not know.
 */
export function eventFilter(filters: readonly string[]): (event: EngineEvent) => boolean {
  const groups = groupFilters(filters);
  const any = (name: string, test: (value: string) => boolean): boolean => {
    const values = groups.get(name) ?? [];
    return values.length === 0 || values.some(test);
  };
  const actor = (event: EngineEvent, type: EngineEvent['type']): boolean =>
    any(
      type,
      (value) =>
        event.type === type &&
        (event.id === value ||
          event.attributes['name'] === value ||
          (value !== '' && type === 'container' && event.id.startsWith(value))),
    );
  return (event) =>
    any('event', (value) => event.action === value || event.action.startsWith(`${value}:`)) &&
    any('type', (value) => event.type === value) &&
    any('scope', (value) => value === 'local') &&
    actor(event, 'container') &&
    actor(event, 'volume') &&
    actor(event, 'network') &&
    any('image', (value) => isOfImage(event, value)) &&
    (groups.get('label') ?? []).every((value) => hasLabel({ labels: event.attributes }, value));
}

/** Of the image itself, or of a container made from it; without a tag any is meant. */
function isOfImage({ type, id, attributes }: EngineEvent, value: string): boolean {
  const name = type === 'image' ? attributes['name'] : attributes['image'];
  if (type === 'image' && id === value) return true;
  return name !== undefined && (name === value || withoutTag(name) === value);
}

function withoutTag(name: string): string {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}
