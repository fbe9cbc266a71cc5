import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { listImages } from '../images/catalog.ts';
import { pickImage } from '../images/find.ts';
import { groupFilters, hasLabel, parseUntil } from '../images/filter.ts';
import { endpointsOf } from '../networks/endpoints.ts';
import { publishedPorts } from './ports.ts';
import type { ContainerRecord, VolumeRecord } from './record.ts';
import { pickContainer } from './registry.ts';

const LIST = new Set([
  ...['ancestor', 'before', 'exited', 'expose', 'health', 'id', 'is-task', 'isolation', 'label'],
  ...['name', 'network', 'publish', 'since', 'status', 'volume'],
]);
const STATUS = new Set([
  'paused',
  'restarting',
  'removing',
  'running',
  'dead',
  'created',
  'exited',
]);
const HEALTH = new Set(['starting', 'healthy', 'unhealthy', 'none']);
const VOLUMES = new Set(['dangling', 'driver', 'label', 'name']);

/**
 * Whether `docker ps` shows a container, by `name=value` strings as typed: of one kind any may match,
 * but labels must all. `all` is what the container is looked up in. Errors: EngineError
 * `filter-invalid`, `container-unknown`, worded as Docker's daemon words them.
 */
export async function containerFilter(
  engine: Engine,
  all: readonly ContainerRecord[],
  filters: readonly string[],
): Promise<(record: ContainerRecord) => boolean> {
  const groups = checkedFilters(filters, LIST);
  const values = (name: string): readonly string[] => groups.get(name) ?? [];
  for (const value of values('status')) if (!STATUS.has(value)) throw invalid('status', value);
  const exits = values('exited').map((value) => {
    if (/^[+-]?\d+$/.test(value)) return Number(value);
    throw invalid(
      'exited',
      value,
      `: strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`,
    );
  });
  for (const value of values('health')) {
    if (!HEALTH.has(value)) {
      throw new EngineError('filter-invalid', `unrecognized filter value for health: ${value}`);
    }
  }
  const limit = (name: string): number | undefined => {
    const text = values(name).at(-1);
    return text === undefined ? undefined : all.indexOf(pickContainer(all, text));
  };
  const before = limit('before');
  const since = limit('since');
  const ancestors = await imageIds(engine, values('ancestor'));
  const tests: ((record: ContainerRecord) => boolean)[] = [
    // The list is from newest to oldest.
    (record) => before === undefined || all.indexOf(record) > before,
    (record) => since === undefined || all.indexOf(record) < since,
    (record) => any(values('id'), (value) => matches(value, record.id)),
    ({ name }) =>
      any(values('name'), (value) => matches(value, `/${name}`) || matches(value, name)),
    ({ config }) =>
      values('label').every((value) => hasLabel({ labels: config.Labels ?? {} }, value)),
    ({ state }) => any(values('status'), (value) => value === state.status),
    ({ state }) => any(exits, (code) => state.status === 'exited' && state.exitCode === code),
    ({ state }) => any(values('health'), (value) => value === (state.health?.status ?? 'none')),
    ({ image }) => any(values('ancestor'), () => ancestors.has(image)),
    (record) => any(values('volume'), (value) => usesVolume(record, value)),
    (record) => any(values('network'), (value) => isInNetwork(record, value)),
    (record) => any(values('publish'), (value) => publishes(record, value)),
    ({ config }) =>
      any(values('expose'), (value) => withProtocol(value) in (config.ExposedPorts ?? {})),
    () => any(values('is-task'), (value) => value === 'false'),
  ];
  return (record) => tests.every((test) => test(record));
}

/** Which stopped containers `prune` may take. Errors: `filter-invalid`. */
export function pruneFilter(
  filters: readonly string[],
  now: number,
): (thing: {
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
}) => boolean {
  const groups = checkedFilters(filters, new Set(['label', 'label!', 'until']));
  const limits = (groups.get('until') ?? []).map((text) => parseUntil(text, now));
  return (thing) =>
    limits.every((limit) => Date.parse(thing.created) < limit) && hasLabels(thing, groups);
}

/** The volumes that `docker volume ls --filter` shows. `used`: names that containers refer to. Errors: `filter-invalid`. */
export function filterVolumes(
  volumes: readonly VolumeRecord[],
  filters: readonly string[],
  used: ReadonlySet<string>,
): readonly VolumeRecord[] {
  const groups = checkedFilters(filters, VOLUMES);
  const dangling = (groups.get('dangling') ?? []).map((value) => {
    if (['true', '1'].includes(value)) return true;
    if (['false', '0'].includes(value)) return false;
    throw invalid('dangling', `[${value}]`);
  });
  return volumes.filter(
    (volume) =>
      any(groups.get('name') ?? [], (value) => matches(value, volume.name)) &&
      any(groups.get('driver') ?? [], (value) => value === 'local') &&
      dangling.every((value) => value === !used.has(volume.name)) &&
      hasLabels(volume, groups),
  );
}

/** Which volumes `prune` may take, and whether those with names are among them. Errors: `filter-invalid`. */
export function volumePruneFilter(filters: readonly string[]): {
  readonly all: boolean;
  readonly test: (volume: VolumeRecord) => boolean;
} {
  const groups = checkedFilters(filters, new Set(['label', 'label!', 'all']));
  return {
    all: (groups.get('all') ?? []).some((value) => value === 'true' || value === '1'),
    test: (volume) => hasLabels(volume, groups),
  };
}

/** Names of the volumes that containers refer to, and which containers those are. */
export function volumeUsers(
  containers: readonly ContainerRecord[],
): ReadonlyMap<string, readonly ContainerRecord[]> {
  const users = new Map<string, readonly ContainerRecord[]>();
  for (const record of containers) {
    for (const mount of record.mounts) {
      if (mount.type !== 'volume') continue;
      users.set(mount.name, [...(users.get(mount.name) ?? []), record]);
    }
  }
  return users;
}

/** By name, or by how the ID begins of one it has been in. */
function isInNetwork(record: ContainerRecord, value: string): boolean {
  const leases = record.joined?.leases ?? [];
  return (
    endpointsOf(record).some(
      ({ network, networkId }) => network === value || networkId?.startsWith(value) === true,
    ) || leases.some(({ network }) => network.id.startsWith(value))
  );
}

/** Filters by name. Errors: `filter-invalid`, of one that is not among the known. */
export function checkedFilters(
  filters: readonly string[],
  known: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const groups = groupFilters(filters);
  for (const name of groups.keys()) {
    if (!known.has(name)) throw new EngineError('filter-invalid', `invalid filter '${name}'`);
  }
  return groups;
}

/** What the filters `label` and `label!` ask. */
export function hasLabels(
  thing: { readonly labels: Readonly<Record<string, string>> },
  groups: ReadonlyMap<string, readonly string[]>,
): boolean {
  return (
    (groups.get('label') ?? []).every((value) => hasLabel(thing, value)) &&
    !(groups.get('label!') ?? []).some((value) => hasLabel(thing, value))
  );
}

function any<T>(values: readonly T[], test: (value: T) => boolean): boolean {
  return values.length === 0 || values.some(test);
}

/** Docker takes the value as a regular expression, and what is none matches nothing. */
export function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}

/** An image that is not there has no containers; that is no mistake. */
async function imageIds(engine: Engine, names: readonly string[]): Promise<ReadonlySet<string>> {
  const images = await listImages(engine);
  const found = new Set<string>();
  for (const name of names) {
    try {
      found.add(pickImage(images, name).id);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
  }
  return found;
}

function usesVolume({ mounts }: ContainerRecord, value: string): boolean {
  return mounts.some(
    (mount) =>
      mount.target === value ||
      (mount.type === 'volume' && mount.name === value) ||
      (mount.type === 'bind' && mount.shown === value),
  );
}

function publishes(record: ContainerRecord, value: string): boolean {
  return publishedPorts(record).some(
    ({ port, hostPort }) => `${hostPort}${port.slice(port.indexOf('/'))}` === withProtocol(value),
  );
}

function withProtocol(port: string): string {
  return port.includes('/') ? port : `${port}/tcp`;
}

function invalid(name: string, value: string, more = ''): EngineError {
  return new EngineError('filter-invalid', `invalid filter '${name}=${value}'${more}`);
}
