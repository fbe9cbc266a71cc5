import { listContainers } from '../containers/registry.ts';
import { formatListing, type Listing, type Row } from '../format/listing.ts';
import { goTime, unixSeconds, UTC } from '../format/time.ts';
import { filterNetworks } from '../networks/filter.ts';
import type { NetworkRecord } from '../networks/record.ts';
import { listNetworks } from '../networks/registry.ts';
import { membersOf } from '../networks/remove.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag, LIST_FORMAT, NO_TRUNC } from './common-flags.ts';

const LISTING: Listing = {
  type: '*network.networkContext',
  titles: {
    ID: 'NETWORK ID',
    Name: 'NAME',
    Driver: 'DRIVER',
    Scope: 'SCOPE',
    IPv6: 'IPV6',
    Internal: 'INTERNAL',
    Labels: 'LABELS',
    CreatedAt: 'CREATED AT',
  },
  table: '{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}',
  quiet: '{{.ID}}',
};
const SHORT_ID = 12;

export const networkLsCommand: CommandDefinition = {
  name: 'network ls',
  aliases: ['network ls', 'network list'],
  usage: '[OPTIONS]',
  summary: 'List networks',
  flags: [
    filterFlag('f', 'Provide filter values (e.g. "driver=bridge")'),
    LIST_FORMAT,
    { ...NO_TRUNC, help: 'Do not truncate the output' },
    { name: 'quiet', short: 'q', kind: 'bool', help: 'Only display network IDs' },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker network ls', 'docker network ls -q --filter type=custom'],
  async run({ engine, session, flags }) {
    const all = await listNetworks(engine);
    const containers = await listContainers(engine);
    const used = new Set(
      all.filter((one) => membersOf(one, containers).length > 0).map(({ id }) => id),
    );
    const isShort = !flags.bool('no-trunc');
    const rows = filterNetworks(all, flags.list('filter'), used).map((network) =>
      networkRow(network, isShort),
    );
    session.stdout.write(
      formatListing(LISTING, rows, {
        format: flags.string('format'),
        quiet: flags.bool('quiet'),
      }),
    );
    return 0;
  },
};

function networkRow(network: NetworkRecord, isShort: boolean): Row {
  const { id, name, driver, internal, labels, created } = network;
  return {
    CreatedAt: () => goTime(unixSeconds(created), UTC),
    Driver: () => driver,
    ID: () => (isShort ? id.slice(0, SHORT_ID) : id),
    IPv6: () => 'false',
    Internal: () => String(internal),
    Label: { method: (label) => labels[label] ?? '' },
    Labels: () =>
      Object.entries(labels)
        .map(([label, value]) => `${label}=${value}`)
        .join(','),
    Name: () => name,
    Scope: () => 'local',
  };
}
