import { checkedFilters, hasLabels, matches } from '../containers/filter.ts';
import { EngineError } from '../errors.ts';
import type { NetworkRecord } from './record.ts';
import { isPredefined } from './registry.ts';

const KNOWN = new Set(['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type']);

/** The networks that `docker network ls --filter` shows. `used`: IDs of those somebody is in. Errors: `filter-invalid`. */
export function filterNetworks(
  networks: readonly NetworkRecord[],
  filters: readonly string[],
  used: ReadonlySet<string>,
): readonly NetworkRecord[] {
  const groups = checkedFilters(filters, KNOWN);
  const any = (name: string, test: (value: string) => boolean): boolean => {
    const values = groups.get(name) ?? [];
    return values.length === 0 || values.some(test);
  };
  const dangling = (groups.get('dangling') ?? []).map((value) => {
    if (['true', '1'].includes(value)) return true;
    if (['false', '0'].includes(value)) return false;
    throw new EngineError(
      'filter-invalid',
      `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`,
    );
  });
  for (const value of groups.get('type') ?? []) {
    if (value === 'custom' || value === 'builtin') continue;
    throw new EngineError('filter-invalid', `invalid filter: 'type'='${value}'`);
  }
  return networks.filter(
    (network) =>
      any('id', (value) => matches(value, network.id)) &&
      any('name', (value) => matches(value, network.name)) &&
      any('driver', (value) => value === network.driver) &&
      any('scope', (value) => value === 'local') &&
      any('type', (value) => (value === 'builtin') === isPredefined(network.name)) &&
      dangling.every((value) => value === !(isPredefined(network.name) || used.has(network.id))) &&
      hasLabels(network, groups),
  );
}
