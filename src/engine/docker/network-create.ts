import { EngineError } from '../errors.ts';
import { createNetwork } from '../networks/create.ts';
import type { CommandDefinition, FlagDefinition, Flags } from './command.ts';
import { usageError } from './usage-error.ts';

const ONE_ENGINE = 'there is no cluster';
const IPV4 = 'the machine has IPv4 alone';

/** Flags of Docker's that are understood and refused: never taken and ignored. */
const REFUSED: Readonly<Record<string, string>> = {
  'config-from': 'a network here has all of its own settings',
  'config-only': 'a network here has all of its own settings',
  ingress: ONE_ENGINE,
  'ipam-driver': 'addresses are given in one way',
  'ipam-opt': 'addresses are given in one way',
  ipv6: IPV4,
  scope: ONE_ENGINE,
};
const SWITCHES = new Set(['config-only', 'ingress', 'ipv6']);

const FLAGS: readonly FlagDefinition[] = [
  { name: 'attachable', kind: 'bool', help: 'Enable manual container attachment' },
  {
    name: 'aux-address',
    kind: 'list',
    value: 'map',
    default: 'map[]',
    help: 'Auxiliary IPv4 or IPv6 addresses used by Network driver',
  },
  {
    name: 'driver',
    short: 'd',
    kind: 'string',
    value: 'string',
    default: 'bridge',
    help: 'Driver to manage the Network',
  },
  {
    name: 'gateway',
    kind: 'list',
    value: 'strings',
    help: 'IPv4 or IPv6 Gateway for the master subnet',
  },
  { name: 'internal', kind: 'bool', help: 'Restrict external access to the network' },
  {
    name: 'ip-range',
    kind: 'list',
    value: 'strings',
    help: 'Allocate container ip from a sub-range',
  },
  { name: 'label', kind: 'list', value: 'list', help: 'Set metadata on a network' },
  {
    name: 'opt',
    short: 'o',
    kind: 'list',
    value: 'map',
    default: 'map[]',
    help: 'Set driver specific options',
  },
  {
    name: 'subnet',
    kind: 'list',
    value: 'strings',
    help: 'Subnet in CIDR format that represents a network segment',
  },
  ...Object.entries(REFUSED).map(([name, help]): FlagDefinition => ({
    ...{ name, hidden: true, help },
    kind: SWITCHES.has(name) ? 'bool' : 'list',
  })),
];

/** What Docker's bridges understand. */
const OPTIONS = 'com.docker.network.';

export const networkCreateCommand: CommandDefinition = {
  name: 'network create',
  usage: '[OPTIONS] NETWORK',
  summary: 'Create a network',
  flags: FLAGS,
  arguments: { min: 1, max: 1 },
  examples: [
    'docker network create backend',
    'docker network create --subnet 10.10.0.0/24 --gateway 10.10.0.1 backend',
    'docker network create --internal vault',
  ],
  async run({ engine, session, args, flags }) {
    const [name = ''] = args;
    for (const [flag, why] of Object.entries(REFUSED)) {
      if (flags.given(flag)) throw usageError(`--${flag} is not available here: ${why}`, 1);
    }
    checkDriver(flags.string('driver') ?? 'bridge');
    const options = pairs(flags.list('opt'));
    const other = Object.keys(options).find((option) => !option.startsWith(OPTIONS));
    if (other !== undefined) {
      throw usageError(`--opt ${other} is not available here: a bridge has no such option`, 1);
    }
    const [subnet, gateway, range] = ['subnet', 'gateway', 'ip-range'].map((flag) =>
      oneOf(flags, flag),
    );
    if (subnet === undefined && (gateway ?? range) !== undefined) {
      throw usageError('every ip-range or gateway must have a corresponding subnet', 1);
    }
    const network = await createNetwork(engine, {
      name,
      internal: flags.bool('internal'),
      attachable: flags.bool('attachable'),
      labels: pairs(flags.list('label')),
      options,
      auxiliary: pairs(flags.list('aux-address')),
      ...(subnet !== undefined && { subnet }),
      ...(gateway !== undefined && { gateway }),
      ...(range !== undefined && { range }),
    });
    session.stdout.write(`${network.id}\n`);
    return 0;
  },
};

function checkDriver(driver: string): void {
  if (driver === 'bridge') return;
  if (driver === 'host' || driver === 'null') {
    throw new EngineError('network-invalid', `only one instance of "${driver}" network is allowed`);
  }
  if (driver === 'overlay') {
    throw new EngineError(
      'network-invalid',
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  }
  if (['macvlan', 'ipvlan'].includes(driver)) {
    throw usageError(
      `--driver ${driver} is not available here: the machine has no network card`,
      1,
    );
  }
  throw new EngineError('network-invalid', `plugin ${JSON.stringify(driver)} not found`);
}

/** The value of a flag that a bridge has one of. */
function oneOf(flags: Flags, name: string): string | undefined {
  const values = flags.list(name).flatMap((value) => value.split(','));
  if (values.length > 1) {
    throw usageError(
      `more than one --${name} is not available here: the machine has IPv4 alone`,
      1,
    );
  }
  return values[0];
}

function pairs(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf('=');
      return at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
    }),
  );
}
