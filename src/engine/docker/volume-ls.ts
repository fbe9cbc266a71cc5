import { filterVolumes, volumeUsers } from '../containers/filter.ts';
import type { VolumeRecord } from '../containers/record.ts';
import { listContainers } from '../containers/registry.ts';
import { listVolumes } from '../containers/volumes.ts';
import { formatListing, type Listing, type Row } from '../format/listing.ts';
import { humanSize } from '../format/size.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag, LIST_FORMAT } from './common-flags.ts';
import { volumePath } from './inspect-container.ts';
import { volumeLabels } from './inspect-volume.ts';

/** How `docker volume ls` lists. */
export const VOLUME_LISTING: Listing = {
  type: '*formatter.volumeContext',
  titles: {
    Name: 'VOLUME NAME',
    Driver: 'DRIVER',
    Scope: 'SCOPE',
    Availability: 'AVAILABILITY',
    Group: 'GROUP',
    Status: 'STATUS',
    Labels: 'LABELS',
    Mountpoint: 'MOUNTPOINT',
    Links: 'LINKS',
    Size: 'SIZE',
  },
  table: '{{.Driver}}\t{{.Name}}',
  quiet: '{{.Name}}',
};

export const volumeLsCommand: CommandDefinition = {
  name: 'volume ls',
  aliases: ['volume ls', 'volume list'],
  usage: '[OPTIONS]',
  summary: 'List volumes',
  flags: [
    {
      name: 'cluster',
      kind: 'bool',
      hidden: true,
      help: 'Display only cluster volumes, and use cluster volume list formatting',
    },
    filterFlag('f', 'Provide filter values (e.g. "dangling=true")'),
    LIST_FORMAT,
    { name: 'quiet', short: 'q', kind: 'bool', help: 'Only display volume names' },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker volume ls', 'docker volume ls -qf dangling=true'],
  async run({ engine, session, flags }) {
    const used = new Set(volumeUsers(await listContainers(engine)).keys());
    const volumes = filterVolumes(await listVolumes(engine), flags.list('filter'), used);
    const format = flags.string('format');
    const rows = volumes.map((volume) => volumeRow(volume));
    session.stdout.write(
      formatListing(VOLUME_LISTING, rows, { format, quiet: flags.bool('quiet') }),
    );
    return 0;
  },
};

/** A volume as lists show it. Docker asks for use and size in `system df` only. */
export function volumeRow(
  volume: VolumeRecord,
  usage?: { readonly links: number; readonly bytes: number },
): Row {
  return {
    Availability: () => 'N/A',
    Driver: () => 'local',
    Group: () => 'N/A',
    Label: { method: (name) => volumeLabels(volume)[name] ?? '' },
    Labels: () =>
      Object.entries(volumeLabels(volume))
        .map(([name, value]) => `${name}=${value}`)
        .join(','),
    Links: () => (usage ? String(usage.links) : 'N/A'),
    Mountpoint: () => volumePath(volume.name),
    Name: () => volume.name,
    Scope: () => 'local',
    Size: () => (usage ? humanSize(usage.bytes) : 'N/A'),
    Status: () => 'N/A',
  };
}
