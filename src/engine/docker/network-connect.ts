import { findContainer } from '../containers/registry.ts';
import { connectContainer, disconnectContainer } from '../networks/connect.ts';
import { findNetwork } from '../networks/registry.ts';
import type { CommandDefinition, FlagDefinition } from './command.ts';
import { usageError } from './usage-error.ts';

const REFUSED: Readonly<Record<string, string>> = {
  'driver-opt': 'a bridge has no options for one container',
  ip6: 'the machine has IPv4 alone',
  link: 'containers of a network know each other by name',
  'link-local-ip': 'the machine has IPv4 alone',
};

export const networkConnectCommand: CommandDefinition = {
  name: 'network connect',
  usage: '[OPTIONS] NETWORK CONTAINER',
  summary: 'Connect a container to a network',
  flags: [
    {
      name: 'alias',
      kind: 'list',
      value: 'strings',
      help: 'Add network-scoped alias for the container',
    },
    {
      name: 'ip',
      kind: 'string',
      value: 'string',
      help: 'IPv4 address (e.g., "172.30.100.104")',
    },
    ...Object.entries(REFUSED).map(([name, help]): FlagDefinition => ({
      name,
      help,
      kind: 'list',
      hidden: true,
    })),
  ],
  arguments: { min: 2, max: 2 },
  examples: [
    'docker network connect backend web',
    'docker network connect --alias db backend postgres',
  ],
  async run({ engine, args, flags }) {
    const [network = '', container = ''] = args;
    for (const [flag, why] of Object.entries(REFUSED)) {
      if (flags.given(flag)) throw usageError(`--${flag} is not available here: ${why}`, 1);
    }
    const address = flags.string('ip') ?? '';
    const found = await findNetwork(engine, network);
    await connectContainer(engine, await findContainer(engine, container), found, {
      aliases: flags.list('alias').flatMap((value) => value.split(',')),
      ...(address !== '' && { address }),
    });
    return 0;
  },
};

export const networkDisconnectCommand: CommandDefinition = {
  name: 'network disconnect',
  usage: '[OPTIONS] NETWORK CONTAINER',
  summary: 'Disconnect a container from a network',
  flags: [
    {
      name: 'force',
      short: 'f',
      kind: 'bool',
      help: 'Force the container to disconnect from a network',
    },
  ],
  arguments: { min: 2, max: 2 },
  examples: ['docker network disconnect backend web'],
  async run({ engine, args }) {
    const [network = '', container = ''] = args;
    const found = await findNetwork(engine, network);
    await disconnectContainer(engine, await findContainer(engine, container), found);
    return 0;
  },
};
