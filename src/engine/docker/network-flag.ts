import { EngineError } from '../errors.ts';
import { networkOfMode } from '../networks/endpoints.ts';
import type { EndpointRecord } from '../networks/record.ts';
import { isPredefined } from '../networks/registry.ts';
import type { Flags } from './command.ts';
import { usageError } from './usage-error.ts';

/** One `--network`, understood. */
interface Attachment {
  /** A network's name or ID, or a mode: `host`, `container:X`. */
  readonly target: string;
  readonly aliases: readonly string[];
  readonly address: string;
  readonly mac: string;
}

/** What a container asks of networks: the mode Docker's HostConfig has, and its endpoints. */
export interface RequestedNetworks {
  readonly mode: string;
  readonly endpoints: readonly EndpointRecord[];
}

const MAC = /^[\da-f]{2}(?:[:-][\da-f]{2}){5}$/i;

/** Of `--network`, `--network-alias`, `--ip` and `--mac-address`. Errors: `usage`, as Docker's client words them. */
export function requestedNetworks(flags: Flags): RequestedNetworks {
  const given = [...flags.list('network'), ...flags.list('net')].map(parseNetwork);
  const [first = { target: 'default', aliases: [], address: '', mac: '' }, ...more] = given;
  const all = [withFlags(first, flags), ...more];
  const seen = new Set<string>();
  const endpoints = all.flatMap((attachment) => {
    const { target } = attachment;
    check(attachment);
    if (seen.has(target)) {
      throw usageError(`network ${JSON.stringify(target)} is specified multiple times`, 125);
    }
    seen.add(target);
    const network = networkOfMode(target);
    return network === undefined ? [] : [endpoint(network, attachment)];
  });
  const kinds = new Set(all.map(({ target }) => isOwn(target)));
  if (kinds.size > 1) {
    throw usageError(
      'conflicting options: cannot attach both user-defined and non-user-defined network-modes',
      125,
    );
  }
  return { mode: first.target, endpoints };
}

function endpoint(network: string, { aliases, address, mac }: Attachment): EndpointRecord {
  return {
    ...{ network, aliases },
    ...(address !== '' && { address }),
    ...(mac !== '' && { mac: mac.toLowerCase().replaceAll('-', ':') }),
  };
}

/** What is wrong with the value of a `--network`; undefined when it is fine. */
export function networkProblem(text: string): string | undefined {
  try {
    parseNetwork(text);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

/** `backend`, or `name=backend,alias=db,ip=10.0.0.5`. */
function parseNetwork(text: string): Attachment {
  const plain = { target: text, aliases: [], address: '', mac: '' };
  if (!/\w+=\w+(?:,\w+=\w+)*/.test(text)) return plain;
  const fields = text.split(',').map((field) => {
    const at = field.indexOf('=');
    if (at < 0) throw usageError(`invalid field ${field}`, 125);
    return [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()] as const;
  });
  const all = (name: string): readonly string[] =>
    fields.flatMap(([key, value]) => (key === name ? [value] : []));
  for (const [key] of fields) {
    if (['driver-opt', 'ip6', 'link-local-ip'].includes(key)) {
      throw usageError(
        `${key} of --network is not available here: the machine has IPv4 alone`,
        125,
      );
    }
    if (['name', 'alias', 'ip', 'mac-address'].includes(key)) continue;
    throw usageError(`invalid field key ${key}`, 125);
  }
  const target = all('name').at(-1);
  if (target === undefined) throw usageError('network name/id is not specified', 125);
  return {
    ...{ target, aliases: all('alias') },
    ...{ address: all('ip').at(-1) ?? '', mac: all('mac-address').at(-1) ?? '' },
  };
}

/** The flags of old are about the first network. */
function withFlags(attachment: Attachment, flags: Flags): Attachment {
  const aliases = [...flags.list('network-alias'), ...flags.list('net-alias')];
  const address = flags.string('ip') ?? '';
  const mac = flags.string('mac-address') ?? '';
  const both = (what: string): Error =>
    usageError(`conflicting options: cannot specify both ${what}`, 125);
  if (aliases.length > 0 && attachment.aliases.length > 0) {
    throw both('--network-alias and per-network alias');
  }
  if (address !== '' && attachment.address !== '') {
    throw both('--ip and per-network IPv4 address');
  }
  if (mac !== '' && attachment.mac !== '') {
    throw both('--mac-address and per-network MAC address');
  }
  return {
    target: attachment.target,
    aliases: aliases.length > 0 ? aliases : attachment.aliases,
    address: address === '' ? attachment.address : address,
    mac: mac === '' ? attachment.mac : mac,
  };
}

function check({ target, aliases, mac }: Attachment): void {
  if (target.trim() === '') throw usageError('no name set for network', 125);
  if (aliases.length > 0 && !isOwn(target)) {
    throw usageError('network-scoped aliases are only supported for user-defined networks', 125);
  }
  if (mac !== '' && !MAC.test(mac)) throw usageError(`${mac} is not a valid mac address`, 125);
}

function isOwn(mode: string): boolean {
  return mode !== 'default' && !isPredefined(mode) && !mode.startsWith('container:');
}
