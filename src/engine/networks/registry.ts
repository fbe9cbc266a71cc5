import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { type Where, asArray, asObject, asString } from '../json.ts';
import type { NetworkRecord } from './record.ts';

const WHERE: Where = { code: 'store-corrupt', name: 'the list of networks in the store' };
const FIELDS = ['id', 'name', 'created', 'driver', 'labels', 'options'];

/** The network that containers are in when nothing is said. */
export const DEFAULT_NETWORK = 'bridge';
/** Networks that are always there. */
const PREDEFINED = new Set([DEFAULT_NETWORK, 'host', 'none']);

export function isPredefined(name: string): boolean {
  return PREDEFINED.has(name);
}

/** Every network, by name; the first look makes those that are always there. Errors: `store-corrupt`. */
export async function listNetworks(engine: Engine): Promise<readonly NetworkRecord[]> {
  const stored = await engine.store.records.get('networks', 'index');
  if (stored !== undefined) return byName(parse(stored));
  let all: readonly NetworkRecord[] = [];
  await changeNetworks(engine, (networks) => (all = networks));
  return byName(all);
}

/**
 * The network that an ID, a name or a unique prefix of an ID means. Errors: `network-unknown`,
 * `network-ambiguous`.
 */
export async function findNetwork(engine: Engine, text: string): Promise<NetworkRecord> {
  return pickNetwork(await listNetworks(engine), text);
}

/** `findNetwork` in a list already read. */
export function pickNetwork(all: readonly NetworkRecord[], text: string): NetworkRecord {
  const exact = all.find(({ id }) => id === text) ?? all.find(({ name }) => name === text);
  if (exact) return exact;
  const matches = text === '' ? [] : all.filter(({ id }) => id.startsWith(text));
  const [only] = matches;
  if (only && matches.length === 1) return only;
  if (!only) throw new EngineError('network-unknown', `network ${text} not found`);
  throw new EngineError(
    'network-ambiguous',
    `network ${text} is ambiguous (${matches.length} matches found based on ID prefix)`,
  );
}

/** Changes the list of networks atomically. `change` is pure and may run more than once. */
export async function changeNetworks(
  engine: Engine,
  change: (networks: readonly NetworkRecord[]) => readonly NetworkRecord[],
): Promise<void> {
  const always = predefined(engine);
  await engine.store.records.update('networks', 'index', (old) => ({
    version: 1,
    networks: change(old === undefined ? always : parse(old)),
  }));
}

function byName(networks: readonly NetworkRecord[]): readonly NetworkRecord[] {
  return networks.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function predefined(engine: Engine): readonly NetworkRecord[] {
  const created = new Date(engine.platform.now()).toISOString();
  const network = (name: string, driver: NetworkRecord['driver']): NetworkRecord => ({
    ...{ id: engine.platform.randomHex(64), name, created, driver },
    ...{ internal: false, attachable: false, labels: {}, options: {} },
  });
  return [
    {
      ...network(DEFAULT_NETWORK, 'bridge'),
      options: {
        'com.docker.network.bridge.default_bridge': 'true',
        'com.docker.network.bridge.enable_icc': 'true',
        'com.docker.network.bridge.enable_ip_masquerade': 'true',
        'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
        'com.docker.network.bridge.name': 'docker0',
        'com.docker.network.driver.mtu': '1500',
      },
      pool: {
        ...{ subnet: '172.17.0.0/16', gateway: '172.17.0.1', auxiliary: {} },
        ...{ isChosen: false, isGatewayChosen: true },
      },
    },
    network('host', 'host'),
    network('none', 'null'),
  ];
}

/** Only this engine writes the record: that the parts are there says that they are whole. */
function parse(value: unknown): readonly NetworkRecord[] {
  return asArray(asObject(value, WHERE, 'it')['networks'], WHERE, 'networks').map((item) => {
    const object = asObject(item, WHERE, 'one of networks');
    for (const field of FIELDS) {
      if (object[field] === undefined) asString(object[field], WHERE, field);
    }
    return object as unknown as NetworkRecord;
  });
}
